// What the kernels share; not seen by Swift.
#ifndef CKERNELS_HAMMING_H
#define CKERNELS_HAMMING_H
#include "ckernels.h"

/// One unit of work: some rows against some columns.
typedef struct {
  uint32_t first_row, end_row, first_column, end_column;
} hamming_unit;

/// The first of a row's hits by distance, then by names; UINT64_MAX without one.
typedef struct {
  uint64_t hit;
  uint32_t column;
} hamming_nearest;

/// Where hits go during one call.
typedef struct {
  uint64_t *hits;
  size_t count;
  uint64_t *counts;
} hamming_output;

typedef void hamming_scan_function(
    const ckernels_hamming *scan, hamming_unit unit, hamming_output *output);

/// How a sliced kernel decides which pairs are left.
typedef struct {
  int plane_count;      // digits of what one byte adds to a counter: 2 or 3; 0 is no plan
  int level_count;      // digits of a counter
  uint32_t byte_count;  // the first bytes of a row are looked up
  uint32_t start;       // counters start with it and overflow beyond the maximum distance
} hamming_plan;

enum {
  CKERNELS_SLICED_BLOCK = 4,         // bytes that are added up at once
  CKERNELS_SLICED_VALUES = 256,      // values of a byte
  CKERNELS_SLICED_LEVELS = 6,        // digits of a counter, of 256 bits mostly,
  CKERNELS_SLICED_MOST_LEVELS = 12,  // and of longer rows
};

/// The share of unlike pairs that may be left: with more, kernels that count word by word are faster.
#define CKERNELS_SLICED_MOST_LEFT 0.1

/// The plan of least work for rows of so many words and groups of so many columns; without planes if
/// no plan would pay.
hamming_plan ckernels_hamming_plan(
    uint32_t word_count, uint32_t maximum_distance, uint32_t lane_count);

/// A kernel that takes a group of columns at once.
typedef struct {
  uint32_t lane_count;  // columns of a group
  void (*prepare)(ckernels_hamming *scan, uint32_t first_column);
  hamming_scan_function *scan_unit;
} hamming_sliced;

extern const hamming_sliced ckernels_hamming_avx2, ckernels_hamming_avx512;

struct ckernels_hamming {
  uint32_t word_count, maximum_distance;
  uint32_t row_count, column_count;
  int32_t is_diagonal;
  uint32_t next_row, next_column;  // the first unit not yet scanned
  hamming_scan_function *function;
  uint64_t *rows, *columns;
  const hamming_sliced *sliced;  // NULL for kernels that need nothing of the following
  hamming_plan plan;
  uint16_t *places;  // of each row's entries in the table, in bytes from those of the row's byte
  uint64_t *table;   // of the columns from `table_column` on
  uint32_t table_column;
  uint32_t *row_names, *column_names;
  uint32_t *row_weights, *column_weights;  // both or neither
  hamming_nearest *nearest;  // of each row
  int32_t *level_of_distance;
  uint32_t *row_labels, *column_labels;  // `level_count` a row and a column
  uint32_t level_count;
};

/// A row while its hits are emitted.
typedef struct {
  uint32_t row, name;
  uint64_t weight;
  const uint32_t *labels, *nearest_labels;
  hamming_nearest nearest;
} hamming_row;

static inline hamming_row hamming_begin(const ckernels_hamming *scan, uint32_t row) {
  const size_t levels = scan->level_count;
  const hamming_nearest nearest = scan->nearest[row];
  return (hamming_row){.row = row,
                       .name = scan->row_names[row],
                       .weight = scan->row_weights ? scan->row_weights[row] : 1,
                       .labels = scan->row_labels + row * levels,
                       .nearest_labels = scan->column_labels + nearest.column * levels,
                       .nearest = nearest};
}

static inline void hamming_end(const ckernels_hamming *scan, const hamming_row *row) {
  scan->nearest[row->row] = row->nearest;
}

/// Counts a hit, and writes it unless its ends are known to be joined by closer pairs: both ends are,
/// or the column and that of the row's nearest hit so far, which is closer (or as close and first).
static inline void hamming_emit(
    const ckernels_hamming *scan, hamming_row *row, uint32_t column, uint32_t distance,
    hamming_output *output) {
  output->counts[distance] +=
      scan->column_weights ? row->weight * scan->column_weights[column] : 1;
  const uint32_t name = scan->column_names[column];
  const uint32_t lower = row->name < name ? row->name : name;
  const uint32_t higher = row->name < name ? name : row->name;
  const uint64_t hit = (uint64_t)distance << 48 | (uint64_t)lower << 24 | higher;
  const int32_t level = scan->level_of_distance[distance];
  const uint32_t *labels = scan->column_labels + (size_t)column * scan->level_count;
  size_t keeps = 1;
  if (level >= 0)
    keeps = (row->labels[level] != labels[level]) &
            ((row->nearest.hit > hit) | (row->nearest_labels[level] != labels[level]));
  output->hits[output->count] = hit;
  output->count += keeps;
  if (hit < row->nearest.hit) {
    row->nearest = (hamming_nearest){hit, column};
    row->nearest_labels = labels;
  }
}

hamming_scan_function ckernels_hamming_portable, ckernels_hamming_popcount;
#endif
