// The similarities of slots, strokes and segments, by their formulas: compiled once, so that every
// kernel's hits have the same bits.
#include "pairs.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

static double slots(const uint8_t *first, const uint8_t *second) {
  uint32_t equal = 0;
  for (uint32_t k = 0; k < SLOT_COUNT; k++)
    equal += first[2 * k] == second[2 * k] && first[2 * k + 1] == second[2 * k + 1];
  return (double)equal / SLOT_COUNT;
}

/// The smaller over the larger; nothing over nothing is 1.
static double ratio(double a, double b) {
  const double lower = a < b ? a : b, upper = a < b ? b : a;
  return upper == 0 ? 1 : lower / upper;
}

static double strokes(const uint8_t *first, const uint8_t *second) {
  float a[STROKE_EDGES + STROKE_LEVELS], b[STROKE_EDGES + STROKE_LEVELS];
  memcpy(a, first, sizeof a);
  memcpy(b, second, sizeof b);
  double edges = 0, shared = 0;
  for (uint32_t k = 0; k < STROKE_EDGES; k++) edges += ratio(a[k], b[k]);
  for (uint32_t k = STROKE_EDGES; k < STROKE_EDGES + STROKE_LEVELS; k++)
    shared += a[k] < b[k] ? a[k] : b[k];
  const double similarity = shared / 2 + edges / (2 * STROKE_EDGES);
  return similarity < 1 ? similarity : 1;
}

/// Who may be matched with whom: a bit for each segment of the larger image.
typedef struct {
  uint64_t partners[SEGMENT_MAXIMUM][(SEGMENT_MAXIMUM + 63) / 64];
  uint64_t seen[(SEGMENT_MAXIMUM + 63) / 64];
  int32_t match[SEGMENT_MAXIMUM];  // of each segment of the larger image, or -1
} segment_graph;

/// Finds a segment a partner, others giving way where they have another (an augmenting path).
static int find_partner(segment_graph *graph, int32_t segment, uint32_t word_count) {
  for (uint32_t word = 0; word < word_count; word++) {
    uint64_t left;
    while ((left = graph->partners[segment][word] & ~graph->seen[word])) {
      const uint32_t bit = (uint32_t)__builtin_ctzll(left), place = 64 * word + bit;
      graph->seen[word] |= 1ull << bit;
      if (graph->match[place] < 0 || find_partner(graph, graph->match[place], word_count)) {
        graph->match[place] = segment;
        return 1;
      }
    }
  }
  return 0;
}

static double segments(
    const uint8_t *first, uint32_t first_count, const uint8_t *second, uint32_t second_count) {
  if (first_count > second_count) return segments(second, second_count, first, first_count);
  if (first_count == 0) return second_count == 0;
  segment_graph graph;
  const uint32_t word_count = (second_count + 63) / 64;
  memset(graph.partners, 0, sizeof graph.partners);
  memset(graph.match, 0xff, sizeof graph.match);
  for (uint32_t i = 0; i < first_count; i++)
    for (uint32_t k = 0; k < second_count; k++) {
      uint64_t a, b;
      memcpy(&a, first + 8 * i, 8);
      memcpy(&b, second + 8 * k, 8);
      if (__builtin_popcountll(a ^ b) <= SEGMENT_DISTANCE)
        graph.partners[i][k / 64] |= 1ull << k % 64;
    }
  uint32_t matched = 0;
  for (uint32_t i = 0; i < first_count; i++) {
    memset(graph.seen, 0, sizeof graph.seen);
    matched += (uint32_t)find_partner(&graph, (int32_t)i, word_count);
  }
  return (double)matched / first_count;
}

double ckernels_pairs_similarity(
    int32_t measure, const uint8_t *first, uint32_t first_bytes, const uint8_t *second,
    uint32_t second_bytes) {
  if (first_bytes == second_bytes && memcmp(first, second, first_bytes) == 0) return 1;
  switch (measure) {
    case CKERNELS_SLOTS: return slots(first, second);
    case CKERNELS_STROKES: return strokes(first, second);
    default: return segments(first, first_bytes / 8, second, second_bytes / 8);
  }
}
