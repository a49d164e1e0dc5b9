// Slots, strokes and segments compared by bounds, included once for any processor and once with AVX2.
// The includer defines TARGET, an attribute, KERNELS, the name of the table, and LANES_OF, which makes
// a bit of each of 32 bytes that are all ones or zero.
#include "pairs.h"

#include <string.h>

typedef uint8_t slot_lanes __attribute__((vector_size(SLOT_LANES)));
typedef float stroke_lanes __attribute__((vector_size(4 * STROKE_LANES)));
typedef int32_t stroke_masks __attribute__((vector_size(4 * STROKE_LANES)));

/// Slots between looks whether any of 32 columns may still be a link.
enum { SLOTS_A_LOOK = 16 };

/// Bounds of strokes are sums of 28 numbers, right to 2^-22 each; a coordinate is at most about 1.
static const float stroke_slack = 1e-4f;

/// The columns of a group that are wanted, a bit each: those that are there, from `first_column` on.
static inline uint32_t present(
    const ckernels_pairs *columns, uint32_t start, uint32_t lanes, uint32_t first_column) {
  const uint32_t rest = columns->count - start, all = lanes == 32 ? ~0u : (1u << lanes) - 1;
  uint32_t mask = rest < lanes ? (1u << rest) - 1 : all;
  if (first_column > start) mask &= first_column - start < 32 ? ~0u << (first_column - start) : 0;
  return mask;
}

/// Decides the columns that a bound has left, by the formula.
TARGET static size_t decide(
    const ckernels_pairs *rows, uint32_t row, const ckernels_pairs *columns, uint32_t start,
    uint32_t mask, ckernels_raster_hit *hits) {
  size_t count = 0;
  for (; mask; mask &= mask - 1) {
    const uint32_t column = start + (uint32_t)__builtin_ctz(mask);
    const double found = pairs_similarity(rows, row, columns, column);
    if (found >= rows->floor) hits[count++] = (ckernels_raster_hit){row, column, found};
  }
  return count;
}

/// The columns of a group whose slots' lower bytes are equal often enough: ranks of cells are mostly
/// below 256, so this decides nearly as well as the slots.
TARGET static uint32_t slot_candidates(const uint8_t *row, const uint8_t *group, uint32_t needed) {
  slot_lanes equal = {0}, within = {0};
  for (uint32_t start = 0; start < SLOT_COUNT; start += SLOTS_A_LOOK) {
    for (uint32_t k = start; k < start + SLOTS_A_LOOK; k++) {
      slot_lanes slots;
      memcpy(&slots, group + k * SLOT_LANES, sizeof slots);
      equal -= (slot_lanes)(slots == row[2 * k]);
    }
    const uint32_t rest = SLOT_COUNT - start - SLOTS_A_LOOK;
    if (rest >= needed) continue;
    within = (slot_lanes)(equal >= (uint8_t)(needed - rest));
    uint64_t parts[SLOT_LANES / 8];
    memcpy(parts, &within, sizeof parts);
    if (!(parts[0] | parts[1] | parts[2] | parts[3])) return 0;
  }
  return needed == 0 ? ~0u : LANES_OF(within);
}

TARGET static size_t compare_slots(
    const ckernels_pairs *rows, uint32_t row, const ckernels_pairs *columns, uint32_t first_column,
    ckernels_raster_hit *hits) {
  const uint8_t *of_row = pairs_row(rows, row);
  size_t count = 0;
  for (uint32_t start = first_column / SLOT_LANES * SLOT_LANES; start < columns->count;
       start += SLOT_LANES) {
    const uint8_t *group = columns->slots + (size_t)start * SLOT_COUNT;
    uint32_t mask = slot_candidates(of_row, group, rows->slots_needed);
    if (!mask) continue;
    mask &= present(columns, start, SLOT_LANES, first_column);
    count += decide(rows, row, columns, start, mask, hits + count);
  }
  return count;
}

/// Adds the lower ones of two vectors to a third; by pointer, for vectors this wide have no fixed way to
/// be handed over.
TARGET static inline void add_lower(
    stroke_lanes *sum, const stroke_lanes *a, const stroke_lanes *b) {
  const stroke_masks less = *a < *b;
  *sum += (stroke_lanes)(((stroke_masks)*a & less) | ((stroke_masks)*b & ~less));
}

/// The columns of a group whose edges and coarse histograms may reach the floor: cells' sums share at
/// least what their levels share.
TARGET static uint32_t stroke_candidates(
    const float *row, const float *group, float total, float floor) {
  stroke_lanes edges = {0}, shared = {0}, column, inverse;
  for (uint32_t k = 0; k < STROKE_EDGES; k++) {
    memcpy(&column, group + k * STROKE_LANES, sizeof column);
    memcpy(&inverse, group + (STROKE_EDGES + k) * STROKE_LANES, sizeof inverse);
    column *= row[(STROKE_EDGES + k) * STROKE_LANES];
    inverse *= row[k * STROKE_LANES];
    add_lower(&edges, &column, &inverse);
  }
  edges = edges / (2 * STROKE_EDGES) + stroke_slack;
  stroke_masks within = edges + total / 2 >= floor;
  uint64_t parts[STROKE_LANES / 2];
  memcpy(parts, &within, sizeof parts);
  if (!(parts[0] | parts[1] | parts[2] | parts[3])) return 0;
  for (uint32_t k = 2 * STROKE_EDGES; k < STROKE_FEATURES; k++) {
    memcpy(&column, group + k * STROKE_LANES, sizeof column);
    const stroke_lanes of_row = (stroke_lanes){0} + row[k * STROKE_LANES];
    add_lower(&shared, &column, &of_row);
  }
  within = edges + shared / 2 >= floor;
  uint32_t found = 0;
  for (uint32_t lane = 0; lane < STROKE_LANES; lane++) found |= (within[lane] & 1u) << lane;
  return found;
}

TARGET static size_t compare_strokes(
    const ckernels_pairs *rows, uint32_t row, const ckernels_pairs *columns, uint32_t first_column,
    ckernels_raster_hit *hits) {
  const size_t group_size = (size_t)STROKE_FEATURES * STROKE_LANES;
  const float *of_row = rows->strokes + row / STROKE_LANES * group_size + row % STROKE_LANES;
  float total = 0;
  for (uint32_t k = 2 * STROKE_EDGES; k < STROKE_FEATURES; k++) total += of_row[k * STROKE_LANES];
  size_t count = 0;
  for (uint32_t start = first_column / STROKE_LANES * STROKE_LANES; start < columns->count;
       start += STROKE_LANES) {
    const float *group = columns->strokes + start / STROKE_LANES * group_size;
    uint32_t mask = stroke_candidates(of_row, group, total, (float)rows->floor);
    if (!mask) continue;
    mask &= present(columns, start, STROKE_LANES, first_column);
    count += decide(rows, row, columns, start, mask, hits + count);
  }
  return count;
}

TARGET static inline uint64_t has_partner(
    uint64_t segment, const uint8_t *others, uint32_t other_count) {
  uint64_t found = 0;
  for (uint32_t k = 0; k < other_count; k++) {
    uint64_t other;
    memcpy(&other, others + 8 * k, sizeof other);
    found |= __builtin_popcountll(segment ^ other) <= SEGMENT_DISTANCE;
  }
  return found;
}

/// Whether as many segments of the smaller image as a link needs have a partner in the other.
TARGET static int segments_may_match(
    const uint8_t *smaller, uint32_t count, const uint8_t *larger, uint32_t larger_count,
    uint32_t needed) {
  uint32_t spare = count - needed;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t segment;
    memcpy(&segment, smaller + 8 * i, sizeof segment);
    if (has_partner(segment, larger, larger_count)) continue;
    if (spare == 0) return 0;
    spare--;
  }
  return 1;
}

TARGET static size_t compare_segments(
    const ckernels_pairs *rows, uint32_t row, const ckernels_pairs *columns, uint32_t first_column,
    ckernels_raster_hit *hits) {
  const uint8_t *of_row = pairs_row(rows, row);
  const uint32_t row_count = pairs_row_bytes(rows, row) / 8;
  size_t count = 0;
  for (uint32_t column = first_column; column < columns->count; column++) {
    const uint8_t *of_column = pairs_row(columns, column);
    const uint32_t column_count = pairs_row_bytes(columns, column) / 8;
    const int may_match =
        row_count <= column_count
            ? segments_may_match(of_row, row_count, of_column, column_count, rows->needed[row_count])
            : segments_may_match(
                  of_column, column_count, of_row, row_count, rows->needed[column_count]);
    if (!may_match) continue;
    const double found = pairs_similarity(rows, row, columns, column);
    if (found >= rows->floor) hits[count++] = (ckernels_raster_hit){row, column, found};
  }
  return count;
}

const pairs_kernels KERNELS = {compare_slots, compare_strokes, compare_segments};
