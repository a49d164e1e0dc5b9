// What the kernels of slots, strokes and segments share; not seen by Swift.
#ifndef CKERNELS_PAIRS_H
#define CKERNELS_PAIRS_H
#include "ckernels.h"

enum {
  SLOT_COUNT = CKERNELS_SLOTS_BYTES / 2,
  SLOT_LANES = 32,  ///< Columns whose slots are compared at once.
  STROKE_EDGES = 6,
  STROKE_LEVELS = 256,
  STROKE_LANES = 8,
  STROKE_CELLS = 16,  ///< Parts of the histogram that are bounded together.
  STROKE_FEATURES = 2 * STROKE_EDGES + STROKE_CELLS,
  SEGMENT_MAXIMUM = CKERNELS_SEGMENTS_MAXIMUM,
  SEGMENT_DISTANCE = 16  ///< Segments within a quarter of 64 bits are partners.
};

/// Compares a row with all columns, or from `first_column` on.
typedef size_t pairs_compare_function(
    const ckernels_pairs *rows, uint32_t row, const ckernels_pairs *columns, uint32_t first_column,
    ckernels_raster_hit *hits);

/// One set of kernels: from the same source, for any processor or with AVX2, with the same results.
typedef struct {
  pairs_compare_function *slots, *strokes, *segments;
} pairs_kernels;

extern const pairs_kernels ckernels_pairs_portable, ckernels_pairs_avx2;

struct ckernels_pairs {
  int32_t measure;
  uint32_t count;
  double floor;
  pairs_compare_function *compare;
  uint8_t *bytes;  // all rows
  size_t *starts;  // where each row begins in `bytes`, and the end
  uint8_t *slots;  // the lower byte of each slot: of 32 rows slot by slot, a lane a row
  float *strokes;  // of eight rows feature by feature, a lane a row
  uint32_t slots_needed;  // the equal slots of a link
  uint32_t needed[SEGMENT_MAXIMUM + 1];  // for so many segments, the matches of a link
};

static inline const uint8_t *pairs_row(const ckernels_pairs *panel, uint32_t row) {
  return panel->bytes + panel->starts[row];
}

static inline uint32_t pairs_row_bytes(const ckernels_pairs *panel, uint32_t row) {
  return (uint32_t)(panel->starts[row + 1] - panel->starts[row]);
}

/// The formula, of rows as a panel holds them.
static inline double pairs_similarity(
    const ckernels_pairs *rows, uint32_t row, const ckernels_pairs *columns, uint32_t column) {
  return ckernels_pairs_similarity(
      rows->measure, pairs_row(rows, row), pairs_row_bytes(rows, row), pairs_row(columns, column),
      pairs_row_bytes(columns, column));
}

#endif
