// Eight columns at once, a word of each: exclusive or, popcount, add. Four rows pass over sixteen
// columns together, so that a column's words are loaded once for four pairs.
//
// Layout of columns: groups of 16; in a group word after word, 16 columns each. Rows stay as they are.
#include "hamming_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GROUP = 16, VECTORS = GROUP / 8, ROWS = 4 };

uint64_t *ckernels_hamming_avx512_columns(
    const uint64_t *words, uint32_t word_count, uint32_t count) {
  const size_t size = (size_t)(count + GROUP - 1) / GROUP * GROUP * word_count * sizeof *words;
  uint64_t *packed = aligned_alloc(64, size ? size : 64);
  if (!packed) return NULL;
  memset(packed, 0, size);
  for (uint32_t column = 0; column < count; column++)
    for (uint32_t word = 0; word < word_count; word++)
      packed[((size_t)(column / GROUP) * word_count + word) * GROUP + column % GROUP] =
          words[(size_t)column * word_count + word];
  return packed;
}

uint32_t ckernels_hamming_avx512_first_look(uint32_t word_count, uint32_t maximum_distance) {
  // As for AVX2, with 64 pairs in a block: 3.4 steps above the maximum leave 1 block in 50.
  for (uint32_t word = 1; word < word_count; word++) {
    const double bits = 64.0 * word;
    if (bits / 2 - 3.4 * sqrt(bits) / 2 > maximum_distance) return word;
  }
  return word_count;
}

#define AVX512 __attribute__((target("avx512f,avx512vpopcntdq")))
#define INLINE static inline __attribute__((always_inline, target("avx512f,avx512vpopcntdq")))

/// Distances so far of four rows to sixteen columns.
typedef struct {
  __m512i of[ROWS][VECTORS];
} distances;

/// Adds the distances of some words.
INLINE void add_words(
    const uint64_t *columns, const uint64_t *const rows[ROWS], uint32_t first, uint32_t end,
    distances *sum) {
  for (uint32_t word = first; word < end; word++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < VECTORS; v++) {
      const __m512i values = _mm512_load_si512(columns + (size_t)word * GROUP + v * 8);
#pragma clang loop unroll(full)
      for (int r = 0; r < ROWS; r++) {
        const __m512i differing =
            _mm512_xor_si512(values, _mm512_set1_epi64((long long)rows[r][word]));
        sum->of[r][v] = _mm512_add_epi64(sum->of[r][v], _mm512_popcnt_epi64(differing));
      }
    }
  }
}

/// Whether any pair is within the maximum so far. The upper halves are zero, so the minimum of 32-bit
/// halves, one instruction where that of 64 bits is two, is right.
INLINE int any_within(const distances *sum, __m512i maximum) {
  __m512i least = sum->of[0][0];
#pragma clang loop unroll(full)
  for (int k = 1; k < ROWS * VECTORS; k++)
    least = _mm512_min_epu32(least, sum->of[k / VECTORS][k % VECTORS]);
  return _mm512_cmple_epu64_mask(least, maximum) != 0;
}

/// The lanes of 8 columns that are pairs at all: existing columns, and past the row on the diagonal.
static inline uint32_t allowed_lanes(
    const ckernels_hamming *scan, uint32_t row, uint32_t first_column) {
  if (first_column >= scan->column_count) return 0;
  uint32_t lanes = 0xff;
  if (scan->column_count - first_column < 8)
    lanes = (UINT32_C(1) << (scan->column_count - first_column)) - 1;
  if (scan->is_diagonal && row >= first_column) {
    const uint32_t skipped = row - first_column + 1;
    lanes = skipped >= 8 ? 0 : lanes >> skipped << skipped;
  }
  return lanes;
}

AVX512 static void emit_group(
    const ckernels_hamming *scan, const distances *sum, __m512i maximum, uint32_t row,
    uint32_t end_row, uint32_t first_column, hamming_output *output) {
  for (uint32_t r = 0; r < ROWS && row + r < end_row; r++)
    for (uint32_t v = 0; v < VECTORS; v++) {
      const uint32_t column = first_column + v * 8;
      uint32_t lanes = _mm512_cmple_epu64_mask(sum->of[r][v], maximum);
      if (!lanes) continue;
      lanes &= allowed_lanes(scan, row + r, column);
      uint64_t distance[8] __attribute__((aligned(64)));
      _mm512_store_si512(distance, sum->of[r][v]);
      for (; lanes; lanes &= lanes - 1) {
        const uint32_t lane = (uint32_t)__builtin_ctz(lanes);
        hamming_emit(scan, row + r, column + lane, (uint32_t)distance[lane], output);
      }
    }
}

INLINE void scan_words(
    const ckernels_hamming *scan, hamming_unit unit, hamming_output *output, uint32_t word_count,
    uint32_t first_look) {
  const __m512i maximum = _mm512_set1_epi64(scan->maximum_distance);
  for (uint32_t row = unit.first_row; row < unit.end_row; row += ROWS) {
    const uint64_t *rows[ROWS];
    for (uint32_t r = 0; r < ROWS; r++) {
      const uint32_t existing = row + r < unit.end_row ? row + r : row;
      rows[r] = scan->rows + (size_t)existing * word_count;
    }
    for (uint32_t first = unit.first_column; first < unit.end_column; first += GROUP) {
      if (scan->is_diagonal && first + GROUP <= row + 1) continue;
      const uint64_t *columns = scan->columns + (size_t)first * word_count;
      distances sum;
      memset(&sum, 0, sizeof sum);
      add_words(columns, rows, 0, first_look, &sum);
      if (!any_within(&sum, maximum)) continue;
      if (first_look < word_count) {
        add_words(columns, rows, first_look, word_count, &sum);
        if (!any_within(&sum, maximum)) continue;
      }
      // Only the copy has an address, so that the sums stay in registers.
      const distances found = sum;
      emit_group(scan, &found, maximum, row, unit.end_row, first, output);
    }
  }
}

AVX512 void ckernels_hamming_avx512(
    const ckernels_hamming *scan, hamming_unit unit, hamming_output *output) {
  // The usual widths with their loops unrolled.
  const uint32_t words = scan->word_count, look = scan->first_look;
  if (words == 1) scan_words(scan, unit, output, 1, 1);
  else if (words == 4 && look == 3) scan_words(scan, unit, output, 4, 3);
  else if (words == 4 && look == 2) scan_words(scan, unit, output, 4, 2);
  else scan_words(scan, unit, output, words, look);
}
#endif
