// The scan's frame: copies, order of units, resuming. Kernels are in the files beside it.
#include "hamming.h"
#include "hamming_avx2.h"
#include "hamming_avx512.h"

#include <stdlib.h>
#include <string.h>

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
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq");
#endif
    default: return 0;
  }
}

/// Takes the widest kernel that is wanted, that the processor runs and that fits, and lays rows and
/// columns out for it. 0 if memory ran out.
static int lay_out(
    ckernels_hamming *scan, int32_t wanted, const uint64_t *rows, const uint64_t *columns) {
  const uint32_t words = scan->word_count;
#if defined(__x86_64__)
  if (wanted >= CKERNELS_AVX512 && ckernels_hamming_supports(CKERNELS_AVX512)) {
    scan->kernel = CKERNELS_AVX512;
    scan->function = ckernels_hamming_avx512;
    scan->first_look = ckernels_hamming_avx512_first_look(words, scan->maximum_distance);
    scan->rows = copy(rows, (size_t)scan->row_count * words * sizeof *rows);
    scan->columns = ckernels_hamming_avx512_columns(columns, words, scan->column_count);
    return scan->rows && scan->columns;
  }
  if (wanted >= CKERNELS_AVX2 && ckernels_hamming_supports(CKERNELS_AVX2) &&
      words <= CKERNELS_AVX2_MAXIMUM_WORDS &&
      scan->maximum_distance <= CKERNELS_AVX2_MAXIMUM_DISTANCE) {
    scan->kernel = CKERNELS_AVX2;
    scan->function = ckernels_hamming_avx2;
    scan->first_look = ckernels_hamming_avx2_first_look(words, scan->maximum_distance);
    scan->rows = ckernels_hamming_avx2_rows(rows, words, scan->row_count);
    scan->columns = ckernels_hamming_avx2_columns(columns, words, scan->column_count);
    return scan->rows && scan->columns;
  }
#endif
  scan->kernel = CKERNELS_PORTABLE;
  scan->function = ckernels_hamming_portable;
#if defined(__x86_64__)
  if (wanted >= CKERNELS_POPCOUNT && ckernels_hamming_supports(CKERNELS_POPCOUNT)) {
    scan->kernel = CKERNELS_POPCOUNT;
    scan->function = ckernels_hamming_popcount;
  }
#else
  (void)wanted;
#endif
  scan->rows = copy(rows, (size_t)scan->row_count * words * sizeof *rows);
  scan->columns = copy(columns, (size_t)scan->column_count * words * sizeof *columns);
  return scan->rows && scan->columns;
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
  int has_room = lay_out(scan, kernel, rows, columns);
  scan->row_names = copy(row_names, row_count * sizeof *row_names);
  scan->column_names = copy(column_names, column_count * sizeof *column_names);
  has_room = has_room && scan->row_names && scan->column_names;
  if (row_weights && column_weights) {
    scan->row_weights = copy(row_weights, row_count * sizeof *row_weights);
    scan->column_weights = copy(column_weights, column_count * sizeof *column_weights);
    has_room = has_room && scan->row_weights && scan->column_weights;
  }
  scan->level_of_distance = malloc(((size_t)maximum_distance + 1) * sizeof(int32_t));
  if (!has_room || !scan->level_of_distance) {
    ckernels_hamming_free(scan);
    return NULL;
  }
  for (uint32_t d = 0; d <= maximum_distance; d++) scan->level_of_distance[d] = -1;
  return scan;
}


int32_t ckernels_hamming_filter(
    ckernels_hamming *scan, const int32_t *level_of_distance,
    const uint32_t *labels, size_t name_count, uint32_t level_count) {
  size_t size = name_count * level_count * sizeof *labels;
  uint32_t *room = realloc(scan->labels, size ? size : 1);
  if (!room) return 0;
  if (size) memcpy(room, labels, size);
  scan->labels = room;
  scan->level_count = level_count;
  memcpy(scan->level_of_distance, level_of_distance,
         ((size_t)scan->maximum_distance + 1) * sizeof(int32_t));
  return 1;
}

size_t ckernels_hamming_next(
    ckernels_hamming *scan, uint64_t *hits, size_t capacity, uint64_t *counts) {
  hamming_output output = {hits, 0, counts};
  while (!ckernels_hamming_finished(scan)) {
    hamming_unit unit = {scan->next_row, scan->next_row + CKERNELS_HAMMING_UNIT_ROWS,
                         scan->next_column, scan->next_column + CKERNELS_HAMMING_UNIT_COLUMNS};
    if (unit.end_row > scan->row_count) unit.end_row = scan->row_count;
    if (unit.end_column > scan->column_count) unit.end_column = scan->column_count;
    const size_t most =
        (size_t)(unit.end_row - unit.first_row) * (unit.end_column - unit.first_column);
    if (capacity - output.count < most) break;
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
  free(scan->rows);
  free(scan->columns);
  free(scan->row_names);
  free(scan->column_names);
  free(scan->row_weights);
  free(scan->column_weights);
  free(scan->level_of_distance);
  free(scan->labels);
  free(scan);
}
