// 32 columns at once, four bits at a time: `vpshufb` looks up how far each column's nibble is from a
// row's. A table's byte holds the distances of two rows, one in each half, so one look-up serves two
// pairs; three distances of at most 4 add up in a half before it must be widened.
//
// Layout of columns: groups of 128; in a group nibble after nibble, a byte a column. Layout of rows:
// pairs; in a pair nibble after nibble, the place of the table for both rows' values.
#include "hamming_avx2.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GROUP = 128, VECTORS = GROUP / 32, TRIPLE = 3 };

/// A table for each two values: byte v is the distance of nibble v to the first value, plus 16 times
/// that to the second.
static uint8_t tables[256][16] __attribute__((aligned(64)));

__attribute__((constructor)) static void fill_tables(void) {
  for (int values = 0; values < 256; values++)
    for (int v = 0; v < 16; v++)
      tables[values][v] = (uint8_t)(__builtin_popcount((unsigned)(v ^ (values & 15))) |
                                    __builtin_popcount((unsigned)(v ^ (values >> 4))) << 4);
}

static uint32_t triple_count(uint32_t word_count) { return (word_count * 16 + TRIPLE - 1) / TRIPLE; }

static unsigned nibble(const uint64_t *row, uint32_t word_count, uint32_t index) {
  return index / 16 < word_count ? (unsigned)(row[index / 16] >> (index % 16 * 4)) & 15 : 0;
}

uint64_t *ckernels_hamming_avx2_columns(const uint64_t *words, uint32_t word_count, uint32_t count) {
  const uint32_t nibbles = triple_count(word_count) * TRIPLE;
  const uint32_t groups = (count + GROUP - 1) / GROUP;
  const size_t size = (size_t)groups * nibbles * GROUP;
  uint8_t *packed = aligned_alloc(64, size ? size : 64);
  if (!packed) return NULL;
  memset(packed, 0, size);
  for (uint32_t column = 0; column < count; column++) {
    uint8_t *group = packed + (size_t)(column / GROUP) * nibbles * GROUP + column % GROUP;
    for (uint32_t k = 0; k < word_count * 16; k++)
      group[(size_t)k * GROUP] =
          (uint8_t)nibble(words + (size_t)column * word_count, word_count, k);
  }
  return (uint64_t *)packed;
}

uint64_t *ckernels_hamming_avx2_rows(const uint64_t *words, uint32_t word_count, uint32_t count) {
  const uint32_t nibbles = triple_count(word_count) * TRIPLE;
  const uint32_t pairs = (count + 1) / 2;
  uint16_t *packed = malloc(((size_t)pairs * nibbles + 1) * sizeof *packed);
  if (!packed) return NULL;
  for (uint32_t pair = 0; pair < pairs; pair++) {
    const uint64_t *first = words + (size_t)pair * 2 * word_count;
    const uint64_t *second = pair * 2 + 1 < count ? first + word_count : first;
    for (uint32_t k = 0; k < nibbles; k++)
      packed[(size_t)pair * nibbles + k] = (uint16_t)(
          (nibble(first, word_count, k) | nibble(second, word_count, k) << 4) * sizeof tables[0]);
  }
  return (uint64_t *)packed;
}

uint32_t ckernels_hamming_avx2_first_look(uint32_t word_count, uint32_t maximum_distance) {
  // Of unlike strings b bits differ in b/2, give or take sqrt(b)/2. From 3.7 such steps above the
  // maximum on, 1 lane in 10,000 and 1 block of 256 pairs in 40 is still undecided.
  for (uint32_t triple = 1; triple < triple_count(word_count); triple++) {
    double bits = 4.0 * TRIPLE * triple;
    if (bits / 2 - 3.7 * sqrt(bits) / 2 > maximum_distance) return triple;
  }
  return triple_count(word_count);
}

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))
#define INLINE static inline __attribute__((always_inline, target("avx2,bmi,popcnt")))

/// Distances so far of two rows to the columns of a group.
typedef struct {
  __m256i first[VECTORS], second[VECTORS];
} distances;

/// Adds the distances of three nibbles.
INLINE void add_triple(const uint8_t *columns, const uint16_t *row_pair, distances *sum) {
  const __m256i low = _mm256_set1_epi8(15);
  __m256i both[VECTORS];
#pragma clang loop unroll(full)
  for (int k = 0; k < TRIPLE; k++) {
    const __m128i *table = (const __m128i *)((const uint8_t *)tables + row_pair[k]);
    const __m256i lookup = _mm256_broadcastsi128_si256(_mm_load_si128(table));
#pragma clang loop unroll(full)
    for (int v = 0; v < VECTORS; v++) {
      const __m256i values = _mm256_load_si256((const __m256i *)(columns + k * GROUP + v * 32));
      const __m256i found = _mm256_shuffle_epi8(lookup, values);
      both[v] = k == 0 ? found : _mm256_add_epi8(both[v], found);
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < VECTORS; v++) {
    sum->first[v] = _mm256_adds_epu8(sum->first[v], _mm256_and_si256(both[v], low));
    sum->second[v] = _mm256_adds_epu8(
        sum->second[v], _mm256_and_si256(_mm256_srli_epi16(both[v], 4), low));
  }
}

/// Whether any pair is within the maximum so far.
INLINE int any_within(const distances *sum, __m256i maximum) {
  __m256i least = _mm256_min_epu8(sum->first[0], sum->second[0]);
#pragma clang loop unroll(full)
  for (int v = 1; v < VECTORS; v++)
    least = _mm256_min_epu8(least, _mm256_min_epu8(sum->first[v], sum->second[v]));
  const __m256i within = _mm256_cmpeq_epi8(_mm256_min_epu8(least, maximum), least);
  return _mm256_movemask_epi8(within) != 0;
}

/// The lanes of 64 columns that are pairs at all: existing columns, and past the row on the diagonal.
static inline uint64_t allowed_lanes(
    const ckernels_hamming *scan, uint32_t row, uint32_t first_column) {
  if (first_column >= scan->column_count) return 0;
  uint64_t lanes = ~UINT64_C(0);
  if (scan->column_count - first_column < 64)
    lanes = (UINT64_C(1) << (scan->column_count - first_column)) - 1;
  if (scan->is_diagonal && row >= first_column) {
    const uint32_t skipped = row - first_column + 1;
    lanes = skipped >= 64 ? 0 : lanes >> skipped << skipped;
  }
  return lanes;
}

/// Which lanes of a group, for both rows, are pairs within the maximum.
INLINE void find_lanes(
    const ckernels_hamming *scan, const distances *sum, __m256i maximum, uint32_t row,
    uint32_t end_row, uint32_t first_column, uint64_t lanes[2 * GROUP / 64]) {
#pragma clang loop unroll(full)
  for (int v = 0; v < 2 * VECTORS; v++) {
    const __m256i distance = v < VECTORS ? sum->first[v] : sum->second[v - VECTORS];
    const __m256i within = _mm256_cmpeq_epi8(_mm256_min_epu8(distance, maximum), distance);
    const uint64_t bits = (uint32_t)_mm256_movemask_epi8(within);
    lanes[v / 2] = v % 2 ? lanes[v / 2] | bits << 32 : bits;
  }
  const int is_whole = first_column + GROUP <= scan->column_count && row + 1 < end_row;
  if (is_whole && !(scan->is_diagonal && row + 1 >= first_column)) return;
  for (uint32_t word = 0; word < 2 * GROUP / 64; word++) {
    const uint32_t column = first_column + word % (GROUP / 64) * 64;
    const uint32_t its_row = row + word / (GROUP / 64);
    lanes[word] &= its_row < end_row ? allowed_lanes(scan, its_row, column) : 0;
  }
}

/// Lists the places of set bits. A branch for each bit would be guessed wrong for most hits, so four
/// places are written for each word whether it has them or not; `places` has room for that.
INLINE uint32_t list_lanes(const uint64_t lanes[2 * GROUP / 64], uint16_t *places) {
  uint32_t count = 0;
#pragma clang loop unroll(full)
  for (uint32_t word = 0; word < 2 * GROUP / 64; word++) {
    uint64_t rest = lanes[word];
    const uint32_t found = (uint32_t)__builtin_popcountll(rest);
    for (uint32_t k = 0; k < found || k < 4; k++) {
      places[count + k] = (uint16_t)(word * 64 + _tzcnt_u64(rest));
      rest &= rest - 1;
    }
    count += found;
  }
  return count;
}

AVX2 static void emit_group(
    const ckernels_hamming *scan, const distances *sum, __m256i maximum, uint32_t row,
    uint32_t end_row, uint32_t first_column, hamming_output *output) {
  uint64_t lanes[2 * GROUP / 64];
  uint16_t places[2 * GROUP + 4];
  uint8_t bytes[2 * GROUP + 64] __attribute__((aligned(32)));
  find_lanes(scan, sum, maximum, row, end_row, first_column, lanes);
  const uint32_t count = list_lanes(lanes, places);
  memcpy(bytes, sum->first, GROUP);
  memcpy(bytes + GROUP, sum->second, GROUP);
  hamming_output local = *output;
  for (uint32_t k = 0; k < count; k++) {
    const uint32_t place = places[k];
    hamming_emit(
        scan, row + place / GROUP, first_column + place % GROUP, bytes[place], &local);
  }
  output->count = local.count;
}

AVX2 void ckernels_hamming_avx2(
    const ckernels_hamming *scan, hamming_unit unit, hamming_output *output) {
  const uint32_t triples = triple_count(scan->word_count), first_look = scan->first_look;
  const size_t nibbles = (size_t)triples * TRIPLE;
  const __m256i maximum = _mm256_set1_epi8((char)scan->maximum_distance);
  for (uint32_t row = unit.first_row; row < unit.end_row; row += 2) {
    const uint16_t *row_pair = (const uint16_t *)scan->rows + row / 2 * nibbles;
    for (uint32_t first = unit.first_column; first < unit.end_column; first += GROUP) {
      if (scan->is_diagonal && first + GROUP <= row + 1) continue;
      const uint8_t *columns = (const uint8_t *)scan->columns + first * nibbles;
      distances sum;
      memset(&sum, 0, sizeof sum);
      uint32_t triple = 0;
      for (; triple < first_look; triple++)
        add_triple(columns + triple * TRIPLE * GROUP, row_pair + triple * TRIPLE, &sum);
      if (!any_within(&sum, maximum)) continue;
      for (; triple < triples; triple++)
        add_triple(columns + triple * TRIPLE * GROUP, row_pair + triple * TRIPLE, &sum);
      // Only the copy has an address, so that the sums stay in registers.
      const distances found = sum;
      emit_group(scan, &found, maximum, row, unit.end_row, first, output);
    }
  }
}
#endif
