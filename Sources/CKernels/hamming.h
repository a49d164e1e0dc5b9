// What the kernels share; not seen by Swift.
#ifndef CKERNELS_HAMMING_H
#define CKERNELS_HAMMING_H
#include "ckernels.h"

/// One unit of work: some rows against some columns.
typedef struct {
  uint32_t first_row, end_row, first_column, end_column;
} hamming_unit;

/// Where hits go during one call.
typedef struct {
  uint64_t *hits;
  size_t count;
  uint64_t *counts;
} hamming_output;

typedef void hamming_scan_function(
    const ckernels_hamming *scan, hamming_unit unit, hamming_output *output);

struct ckernels_hamming {
  int32_t kernel;
  uint32_t word_count, maximum_distance;
  uint32_t row_count, column_count;
  int32_t is_diagonal;
  uint32_t next_row, next_column;  // the first unit not yet scanned
  uint32_t first_look;  // how far kernels compare before they look whether to go on
  hamming_scan_function *function;
  uint64_t *rows, *columns;  // in the kernel's own layout, 64-byte aligned
  uint32_t *row_names, *column_names;
  uint32_t *row_weights, *column_weights;  // both or neither
  int32_t *level_of_distance;
  uint32_t *labels;
  uint32_t level_count;
};

/// Counts a hit, and writes it unless both ends are known to be joined by closer pairs.
static inline void hamming_emit(
    const ckernels_hamming *restrict scan, uint32_t row, uint32_t column, uint32_t distance,
    hamming_output *output) {
  uint64_t weight = 1;
  if (scan->row_weights)
    weight = (uint64_t)scan->row_weights[row] * scan->column_weights[column];
  output->counts[distance] += weight;
  const uint32_t row_name = scan->row_names[row], column_name = scan->column_names[column];
  const int32_t level = scan->level_of_distance[distance];
  size_t keeps = 1;
  if (level >= 0) {
    const uint32_t *labels = scan->labels + level;
    keeps = labels[(size_t)row_name * scan->level_count] !=
            labels[(size_t)column_name * scan->level_count];
  }
  const uint32_t lower = row_name < column_name ? row_name : column_name;
  const uint32_t higher = row_name < column_name ? column_name : row_name;
  output->hits[output->count] = (uint64_t)distance << 48 | (uint64_t)lower << 24 | higher;
  output->count += keeps;
}

hamming_scan_function ckernels_hamming_portable, ckernels_hamming_popcount;
#endif
