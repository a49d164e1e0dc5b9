// Panels of slots, strokes and segments: copies, what bounds need, choice of kernels.
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

static const pairs_kernels *kernels_of(int32_t kernel) {
#if defined(__x86_64__)
  if (kernel >= CKERNELS_AVX2 && ckernels_hamming_supports(CKERNELS_AVX2))
    return &ckernels_pairs_avx2;
#else
  (void)kernel;
#endif
  return &ckernels_pairs_portable;
}

static size_t slots_bytes(uint32_t count) {
  return ((size_t)count + SLOT_LANES - 1) / SLOT_LANES * SLOT_LANES * SLOT_COUNT;
}

static size_t strokes_bytes(uint32_t count) {
  return ((size_t)count + STROKE_LANES - 1) / STROKE_LANES * STROKE_LANES * STROKE_FEATURES *
         sizeof(float);
}

size_t ckernels_pairs_bytes(int32_t measure, uint32_t count, size_t byte_count) {
  return sizeof(ckernels_pairs) + byte_count + (count + 1) * sizeof(size_t) +
         (measure == CKERNELS_SLOTS ? slots_bytes(count) : 0) +
         (measure == CKERNELS_STROKES ? strokes_bytes(count) : 0);
}

/// The least number of parts of a whole that reach the floor.
static uint32_t least(double floor, uint32_t whole) {
  uint32_t parts = 0;
  while (parts < whole && (double)parts / whole < floor) parts++;
  return parts;
}

static void lay_out_slots(ckernels_pairs *panel) {
  for (uint32_t row = 0; row < panel->count; row++)
    for (uint32_t k = 0; k < SLOT_COUNT; k++)
      panel->slots[((size_t)(row / SLOT_LANES) * SLOT_COUNT + k) * SLOT_LANES + row % SLOT_LANES] =
          pairs_row(panel, row)[2 * k];
}

/// Edges, what to multiply by to divide by them, and the histogram in sixteenths.
static void lay_out_strokes(ckernels_pairs *panel) {
  for (uint32_t row = 0; row < panel->count; row++) {
    float values[STROKE_EDGES + STROKE_LEVELS], features[STROKE_FEATURES] = {0};
    memcpy(values, pairs_row(panel, row), sizeof values);
    for (uint32_t k = 0; k < STROKE_EDGES; k++) {
      // Nothing over nothing is 1 and something over nothing as good as 0, without a branch.
      features[k] = values[k] == 0 ? 1e-30f : values[k];
      features[STROKE_EDGES + k] = 1 / features[k];
    }
    for (uint32_t k = 0; k < STROKE_LEVELS; k++)
      features[2 * STROKE_EDGES + k * STROKE_CELLS / STROKE_LEVELS] += values[STROKE_EDGES + k];
    float *lane = panel->strokes +
                  (size_t)(row / STROKE_LANES) * STROKE_FEATURES * STROKE_LANES + row % STROKE_LANES;
    for (uint32_t k = 0; k < STROKE_FEATURES; k++) lane[k * STROKE_LANES] = features[k];
  }
}

static int allocate(ckernels_pairs *panel, size_t byte_count) {
  panel->bytes = malloc(byte_count + 1);
  panel->starts = malloc(((size_t)panel->count + 1) * sizeof *panel->starts);
  if (panel->measure == CKERNELS_SLOTS) panel->slots = calloc(slots_bytes(panel->count) + 1, 1);
  if (panel->measure == CKERNELS_STROKES)
    panel->strokes = calloc(strokes_bytes(panel->count) + 1, 1);
  return panel->bytes && panel->starts && (panel->slots || panel->measure != CKERNELS_SLOTS) &&
         (panel->strokes || panel->measure != CKERNELS_STROKES);
}

ckernels_pairs *ckernels_pairs_open(
    int32_t kernel, int32_t measure, double floor, const uint8_t *bytes, const uint32_t *row_bytes,
    uint32_t count) {
  ckernels_pairs *panel = calloc(1, sizeof *panel);
  if (!panel) return NULL;
  size_t byte_count = 0;
  for (uint32_t row = 0; row < count; row++) byte_count += row_bytes[row];
  panel->measure = measure;
  panel->count = count;
  panel->floor = floor;
  const pairs_kernels *kernels = kernels_of(kernel);
  panel->compare = measure == CKERNELS_SLOTS     ? kernels->slots
                   : measure == CKERNELS_STROKES ? kernels->strokes
                                                 : kernels->segments;
  if (!allocate(panel, byte_count)) {
    ckernels_pairs_free(panel);
    return NULL;
  }
  if (byte_count) memcpy(panel->bytes, bytes, byte_count);
  panel->starts[0] = 0;
  for (uint32_t row = 0; row < count; row++)
    panel->starts[row + 1] = panel->starts[row] + row_bytes[row];
  panel->slots_needed = least(floor, SLOT_COUNT);
  for (uint32_t k = 1; k <= SEGMENT_MAXIMUM; k++) panel->needed[k] = least(floor, k);
  if (panel->slots) lay_out_slots(panel);
  if (panel->strokes) lay_out_strokes(panel);
  return panel;
}

size_t ckernels_pairs_compare(
    const ckernels_pairs *rows, uint32_t first_row, uint32_t end_row, const ckernels_pairs *columns,
    ckernels_raster_hit *hits) {
  size_t count = 0;
  for (uint32_t row = first_row; row < end_row; row++)
    count += rows->compare(rows, row, columns, rows == columns ? row + 1 : 0, hits + count);
  return count;
}

void ckernels_pairs_free(ckernels_pairs *panel) {
  if (!panel) return;
  free(panel->bytes);
  free(panel->starts);
  free(panel->slots);
  free(panel->strokes);
  free(panel);
}
