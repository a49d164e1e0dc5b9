// Many columns at once, a bit of each: a vector holds one binary digit of a number for every column
// (bit slicing), so that one logical operation is a digit's work for all of them.
//
// A byte of a row can have 256 values. For each, and for each byte of the columns, a table holds the
// digits of how many bits differ, as a lower bound (see `hamming_plan`); it is made once for a group of
// columns, and all rows pass by it. So a row takes a look-up a byte and the sum of the digits, in full
// adders (carry-save, as Harley and Seal count bits). Counters start so high that they overflow beyond
// the maximum distance: columns that do are out, of unlike strings all but a few. The distances of the
// rest are counted word by word.
//
// Included with the columns of a group as LANES, the processor's features as TARGET, and SUM and CARRY
// of three digits.
#include "hamming.h"

#include <string.h>

#define SLICED __attribute__((target(TARGET)))
#define INLINE static inline __attribute__((always_inline, target(TARGET)))
#define UNROLLED _Pragma("clang loop unroll(full)")

/// A binary digit of every column of a group.
typedef uint64_t digit __attribute__((vector_size(LANES / 8)));

enum {
  LANE_WORDS = LANES / 64,
  BLOCK = CKERNELS_SLICED_BLOCK,
  VALUES = CKERNELS_SLICED_VALUES,
  // Terms that meet at one digit: a block's, the carries of the digit below, the counter's own.
  MOST_TERMS = 4 * BLOCK
};

/// Sum and carry of three digits.
INLINE digit add(digit a, digit b, digit c, digit *carry) {
  *carry = CARRY(a, b, c);
  return SUM(a, b, c);
}

/// In how many of four bits, 0 to 4, each column differs from a row's `value`.
INLINE void count_nibble(const digit *bits, unsigned value, digit count[3]) {
  digit bit[4], carry;
  UNROLLED
  for (int k = 0; k < 4; k++) bit[k] = value >> k & 1 ? ~bits[k] : bits[k];
  const digit three = add(bit[0], bit[1], bit[2], &carry);
  const digit rest = three & bit[3];
  count[0] = three ^ bit[3];
  count[1] = carry ^ rest;
  count[2] = carry & rest;
}

/// Rows and columns of eight by eight bits exchanged, by blocks of one, two and four bits.
static inline uint64_t transposed(uint64_t bits) {
  uint64_t swap = (bits ^ bits >> 7) & UINT64_C(0x00AA00AA00AA00AA);
  bits ^= swap ^ swap << 7;
  swap = (bits ^ bits >> 14) & UINT64_C(0x0000CCCC0000CCCC);
  bits ^= swap ^ swap << 14;
  swap = (bits ^ bits >> 28) & UINT64_C(0x00000000F0F0F0F0);
  return bits ^ swap ^ swap << 28;
}

/// The bits of one byte of every column, from the lowest; bits of columns that do not exist are zero.
static inline void slice(
    const ckernels_hamming *scan, uint32_t first_column, uint32_t byte, digit bits[8]) {
  const size_t stride = (size_t)scan->word_count * 8;
  const uint8_t *bytes = (const uint8_t *)scan->columns + first_column * stride + byte;
  const uint32_t rest = scan->column_count - first_column, count = rest < LANES ? rest : LANES;
  uint8_t sliced[8][LANES / 8] = {{0}};
  for (uint32_t lane = 0; lane < count; lane += 8) {
    uint64_t eight = 0;
    for (uint32_t k = 0; k < 8 && lane + k < count; k++)
      eight |= (uint64_t)bytes[(lane + k) * stride] << 8 * k;
    eight = transposed(eight);
    for (int k = 0; k < 8; k++) sliced[k][lane / 8] = (uint8_t)(eight >> 8 * k);
  }
  memcpy(bits, sliced, sizeof sliced);
}

/// Makes the table of a group: for each byte, value of a row's byte, and plane, a digit.
SLICED static void prepare(ckernels_hamming *scan, uint32_t first_column) {
  const uint32_t planes = scan->plan.plane_count;
  digit *entry = (digit *)scan->table;
  for (uint32_t byte = 0; byte < scan->plan.byte_count; byte++) {
    digit bits[8], low[16][3], high[16][3];
    slice(scan, first_column, byte, bits);
    for (unsigned value = 0; value < 16; value++) {
      count_nibble(bits, value, low[value]);
      count_nibble(bits + 4, value, high[value]);
    }
    for (unsigned value = 0; value < VALUES; value++, entry += planes) {
      const digit *a = low[value & 15], *b = high[value >> 4];
      digit ones_carry = a[0] & b[0], twos_carry, eight;
      const digit twos = add(a[1], b[1], ones_carry, &twos_carry);
      const digit fours = add(a[2], b[2], twos_carry, &eight);
      // A count of eight is taken as seven.
      entry[planes - 1] = fours | eight;
      entry[planes - 2] = twos | eight;
      if (planes == 3) entry[0] = (a[0] ^ b[0]) | eight;
    }
  }
}

/// Adds the counts of a block of bytes into counters of `levels` digits; the last of `counter` says
/// which have overflowed. `places` and `next_places` are those of a row's and the next row's entries.
INLINE void add_block(
    const uint8_t *table, const uint16_t *places, const uint16_t *next_places, int planes,
    int levels, digit *counter) {
  const digit *entry[BLOCK];
  UNROLLED
  for (int k = 0; k < BLOCK; k++) {
    const uint8_t *entries = table + (size_t)(k * VALUES * planes) * sizeof(digit);
    entry[k] = (const digit *)(entries + places[k]);
    // The table fits the second cache and not the first, and rows come in no order.
    UNROLLED
    for (size_t line = 0; line < (size_t)planes * sizeof(digit); line += 64)
      __builtin_prefetch(entries + next_places[k] + line);
  }
  digit terms[MOST_TERMS], carries[MOST_TERMS];
  int carry_count = 0;
  UNROLLED
  for (int level = 0; level < levels; level++) {
    int count = 0, first = 0, next_count = 0;
    if (level < planes) {
      UNROLLED
      for (int k = 0; k < BLOCK; k++) terms[count++] = entry[k][level];
    }
    UNROLLED
    for (int k = 0; k < BLOCK; k++)
      if (k < carry_count) terms[count++] = carries[k];
    terms[count++] = counter[level];
    UNROLLED
    for (int k = 0; k < BLOCK; k++) {
      if (count - first < 3) continue;
      terms[count++] =
          add(terms[first], terms[first + 1], terms[first + 2], &carries[next_count++]);
      first += 3;
    }
    if (count - first == 2) {
      carries[next_count++] = terms[first] & terms[first + 1];
      terms[first] ^= terms[first + 1];
    }
    counter[level] = terms[first];
    carry_count = next_count;
  }
  UNROLLED
  for (int k = 0; k < BLOCK; k++)
    if (k < carry_count) counter[levels] |= carries[k];
}

/// Finds the columns of a row that may be near enough; 0 if there are none.
INLINE int look_up(
    const ckernels_hamming *scan, uint32_t row, const digit *start, int planes, int levels,
    uint64_t near[LANE_WORDS]) {
  const uint32_t byte_count = scan->plan.byte_count;
  const uint16_t *places = scan->places + (size_t)row * byte_count;
  const uint8_t *table = (const uint8_t *)scan->table;
  digit counter[CKERNELS_SLICED_MOST_LEVELS + 1];
  UNROLLED
  for (int level = 0; level <= levels; level++) counter[level] = start[level];
  for (uint32_t byte = 0; byte < byte_count; byte += BLOCK) {
    add_block(table, places + byte, places + byte_count + byte, planes, levels, counter);
    table += (size_t)(BLOCK * VALUES * planes) * sizeof(digit);
  }
  const digit rest = ~counter[levels];
  memcpy(near, &rest, sizeof rest);
  uint64_t any = 0;
  UNROLLED
  for (int word = 0; word < LANE_WORDS; word++) any |= near[word];
  return any != 0;
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

/// Counts distances word by word and emits those within the maximum.
INLINE void emit_near(
    const ckernels_hamming *scan, uint32_t row, uint32_t first_column, uint32_t words,
    const uint64_t near[LANE_WORDS], hamming_output *output) {
  const uint64_t *left = scan->rows + (size_t)row * words;
  hamming_row its_hits = hamming_begin(scan, row);
  hamming_output local = *output;
  for (uint32_t word = 0; word < LANE_WORDS; word++) {
    const uint32_t first = first_column + word * 64;
    uint64_t rest = near[word] & allowed_lanes(scan, row, first);
    for (; rest; rest &= rest - 1) {
      const uint32_t column = first + (uint32_t)__builtin_ctzll(rest);
      const uint64_t *right = scan->columns + (size_t)column * words;
      uint32_t distance = 0;
      for (uint32_t k = 0; k < words; k++)
        distance += (uint32_t)__builtin_popcountll(left[k] ^ right[k]);
      if (distance <= scan->maximum_distance) hamming_emit(scan, &its_hits, column, distance, &local);
    }
  }
  hamming_end(scan, &its_hits);
  output->count = local.count;
}

SLICED static __attribute__((noinline)) void emit(
    const ckernels_hamming *scan, uint32_t row, uint32_t first_column,
    const uint64_t near[LANE_WORDS], hamming_output *output) {
  switch (scan->word_count) {
    case 1: emit_near(scan, row, first_column, 1, near, output); break;
    case 4: emit_near(scan, row, first_column, 4, near, output); break;
    default: emit_near(scan, row, first_column, scan->word_count, near, output);
  }
}

INLINE void scan_rows(
    const ckernels_hamming *scan, hamming_unit unit, int planes, int levels,
    hamming_output *output) {
  digit start[CKERNELS_SLICED_MOST_LEVELS + 1];
  for (int level = 0; level <= levels; level++)
    start[level] = (digit){0} - (uint64_t)(scan->plan.start >> level & 1);
  for (uint32_t row = unit.first_row; row < unit.end_row; row++) {
    uint64_t near[LANE_WORDS];
    // Seldom: so the compiler keeps the counters' start in registers instead of spilling it for `emit`.
    if (__builtin_expect(look_up(scan, row, start, planes, levels, near), 0))
      emit(scan, row, unit.first_column, near, output);
  }
}

SLICED static void scan_unit(
    const ckernels_hamming *scan, hamming_unit unit, hamming_output *output) {
  const int is_short = scan->plan.level_count == CKERNELS_SLICED_LEVELS;
  if (scan->plan.plane_count == 2 && is_short)
    scan_rows(scan, unit, 2, CKERNELS_SLICED_LEVELS, output);
  else if (scan->plan.plane_count == 2)
    scan_rows(scan, unit, 2, CKERNELS_SLICED_MOST_LEVELS, output);
  else if (is_short)
    scan_rows(scan, unit, 3, CKERNELS_SLICED_LEVELS, output);
  else
    scan_rows(scan, unit, 3, CKERNELS_SLICED_MOST_LEVELS, output);
}
