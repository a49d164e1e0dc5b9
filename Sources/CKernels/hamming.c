// The scan's frame: copies, order of units, resuming. Kernels are in the files beside it.
#include "hamming.h"

#include <stdlib.h>
#include <string.h>

enum {
  LEAST_SLICED_ROWS = 64,  // fewer are not worth a table
  WORD_COLUMNS = 256       // of a unit that is counted word by word
};

static void *copy(const void *bytes, size_t size) {
  void *result = malloc(size ? size : 1);
  if (result && size) memcpy(result, bytes, size);
  return result;
}

int32_t ckernels_hamming_supports(int32_t kernel) {
  switch (kernel) {
    case CKERNELS_PORTABLE: return 1;
#if defined(__x86_64__)
    case CKERNELS_POPCOUNT: return __builtin_cpu_supports("popcnt") != 0;
    case CKERNELS_AVX2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
             __builtin_cpu_supports("popcnt");
    case CKERNELS_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("bmi") &&
             __builtin_cpu_supports("popcnt");
#endif
    default: return 0;
  }
}

/// The widest sliced kernel that is wanted and that the processor runs, or NULL.
static const hamming_sliced *sliced(int32_t wanted) {
#if defined(__x86_64__)
  if (wanted >= CKERNELS_AVX512 && ckernels_hamming_supports(CKERNELS_AVX512))
    return &ckernels_hamming_avx512;
  if (wanted >= CKERNELS_AVX2 && ckernels_hamming_supports(CKERNELS_AVX2))
    return &ckernels_hamming_avx2;
#endif
  return NULL;
}

/// Where in a table each row's entries are; for one row more than there are, since kernels fetch the
/// next one's ahead.
static uint16_t *places(const ckernels_hamming *scan, size_t entry_bytes) {
  const uint32_t byte_count = scan->plan.byte_count;
  uint16_t *places = calloc((size_t)scan->row_count + 1, byte_count * sizeof *places);
  if (!places) return NULL;
  for (uint32_t row = 0; row < scan->row_count; row++) {
    const uint8_t *bytes = (const uint8_t *)(scan->rows + (size_t)row * scan->word_count);
    uint16_t *its_places = places + (size_t)row * byte_count;
    for (uint32_t k = 0; k < byte_count; k++) its_places[k] = (uint16_t)(bytes[k] * entry_bytes);
  }
  return places;
}

/// Takes the widest kernel that is wanted, that the processor runs and that pays. 0 if memory ran out.
static int choose_kernel(ckernels_hamming *scan, int32_t wanted) {
  scan->function = ckernels_hamming_portable;
#if defined(__x86_64__)
  if (wanted >= CKERNELS_POPCOUNT && ckernels_hamming_supports(CKERNELS_POPCOUNT))
    scan->function = ckernels_hamming_popcount;
#endif
  const hamming_sliced *kernel = sliced(wanted);
  if (!kernel || scan->row_count < LEAST_SLICED_ROWS) return 1;
  scan->plan = ckernels_hamming_plan(scan->word_count, scan->maximum_distance, kernel->lane_count);
  if (scan->plan.plane_count == 0) return 1;
  scan->sliced = kernel;
  scan->function = kernel->scan_unit;
  scan->table_column = UINT32_MAX;
  const size_t entry_bytes = (size_t)scan->plan.plane_count * kernel->lane_count / 8;
  scan->table =
      aligned_alloc(64, scan->plan.byte_count * CKERNELS_SLICED_VALUES * entry_bytes);
  scan->places = places(scan, entry_bytes);
  return scan->table && scan->places;
}

ckernels_hamming *ckernels_hamming_open(
    int32_t kernel, uint32_t word_count, uint32_t maximum_distance,
    const uint64_t *rows, const uint32_t *row_names, const uint32_t *row_weights,
    uint32_t row_count, const uint64_t *columns, const uint32_t *column_names,
    const uint32_t *column_weights, uint32_t column_count) {
  ckernels_hamming *scan = calloc(1, sizeof *scan);
  if (!scan) return NULL;
  scan->word_count = word_count;
  scan->maximum_distance = maximum_distance;
  scan->is_diagonal = columns == NULL;
  if (scan->is_diagonal) {
    columns = rows;
    column_names = row_names;
    column_weights = row_weights;
    column_count = row_count;
  }
  scan->row_count = row_count;
  scan->column_count = column_count;
  const size_t row_bytes = word_count * sizeof *rows;
  scan->rows = copy(rows, row_count * row_bytes);
  scan->columns = scan->is_diagonal ? scan->rows : copy(columns, column_count * row_bytes);
  int has_room = scan->rows && scan->columns && choose_kernel(scan, kernel);
  scan->row_names = copy(row_names, row_count * sizeof *row_names);
  scan->column_names = copy(column_names, column_count * sizeof *column_names);
  has_room = has_room && scan->row_names && scan->column_names;
  if (row_weights && column_weights) {
    scan->row_weights = copy(row_weights, row_count * sizeof *row_weights);
    scan->column_weights = copy(column_weights, column_count * sizeof *column_weights);
    has_room = has_room && scan->row_weights && scan->column_weights;
  }
  scan->nearest = malloc(((size_t)row_count + 1) * sizeof *scan->nearest);
  scan->level_of_distance = malloc(((size_t)maximum_distance + 1) * sizeof(int32_t));
  if (!has_room || !scan->nearest || !scan->level_of_distance) {
    ckernels_hamming_free(scan);
    return NULL;
  }
  for (uint32_t row = 0; row < row_count; row++)
    scan->nearest[row] = (hamming_nearest){UINT64_MAX, 0};
  for (uint32_t d = 0; d <= maximum_distance; d++) scan->level_of_distance[d] = -1;
  return scan;
}

/// The labels of some names, side by side as a scan meets them; frees `old`. NULL if memory ran out.
static uint32_t *in_order(
    uint32_t *old, const uint32_t *labels, const uint32_t *names, size_t count, size_t levels) {
  const size_t size = levels * sizeof *labels;
  uint32_t *ordered = realloc(old, count * size ? count * size : 1);
  if (!ordered) {
    free(old);
    return NULL;
  }
  for (size_t k = 0; k < count; k++) memcpy(ordered + k * levels, labels + names[k] * levels, size);
  return ordered;
}

int32_t ckernels_hamming_filter(
    ckernels_hamming *scan, const int32_t *level_of_distance, const uint32_t *labels,
    uint32_t level_count) {
  scan->row_labels =
      in_order(scan->row_labels, labels, scan->row_names, scan->row_count, level_count);
  scan->column_labels =
      in_order(scan->column_labels, labels, scan->column_names, scan->column_count, level_count);
  scan->level_count = level_count;
  memcpy(scan->level_of_distance, level_of_distance,
         ((size_t)scan->maximum_distance + 1) * sizeof(int32_t));
  return scan->row_labels && scan->column_labels;
}

size_t ckernels_hamming_next(
    ckernels_hamming *scan, uint64_t *hits, size_t capacity, uint64_t *counts) {
  hamming_output output = {hits, 0, counts};
  const uint32_t columns = scan->sliced ? scan->sliced->lane_count : WORD_COLUMNS;
  const uint32_t rows = CKERNELS_HAMMING_UNIT_PAIRS / columns;
  while (!ckernels_hamming_finished(scan)) {
    hamming_unit unit = {scan->next_row, scan->next_row + rows, scan->next_column,
                         scan->next_column + columns};
    if (unit.end_row > scan->row_count) unit.end_row = scan->row_count;
    if (unit.end_column > scan->column_count) unit.end_column = scan->column_count;
    const size_t most =
        (size_t)(unit.end_row - unit.first_row) * (unit.end_column - unit.first_column);
    if (capacity - output.count < most) break;
    if (scan->sliced && scan->table_column != unit.first_column) {
      scan->sliced->prepare(scan, unit.first_column);
      scan->table_column = unit.first_column;
    }
    scan->function(scan, unit, &output);
    // Columns stay in the nearest cache while all rows pass by; on the diagonal, rows from the last
    // column on have no pair left in these columns.
    const uint32_t row_end = scan->is_diagonal ? unit.end_column : scan->row_count;
    scan->next_row = unit.end_row;
    if (scan->next_row >= row_end) {
      scan->next_row = 0;
      scan->next_column = unit.end_column;
    }
  }
  return output.count;
}

int32_t ckernels_hamming_finished(const ckernels_hamming *scan) {
  return scan->next_column >= scan->column_count || scan->row_count == 0;
}

void ckernels_hamming_free(ckernels_hamming *scan) {
  if (!scan) return;
  if (scan->columns != scan->rows) free(scan->columns);
  free(scan->rows);
  free(scan->places);
  free(scan->table);
  free(scan->row_names);
  free(scan->column_names);
  free(scan->row_weights);
  free(scan->column_weights);
  free(scan->level_of_distance);
  free(scan->nearest);
  free(scan->row_labels);
  free(scan->column_labels);
  free(scan);
}
