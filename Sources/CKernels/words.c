// Words of descriptors: which of them two images share, for a panel of images with another at once.
//
// The words of a table lie sorted with the images that have them, so that two panels are merged, and only
// images that share a word are met: some twenty times a pair of real pictures, where their descriptors are
// compared 250,000 times.
#include "descriptors.h"

#include <stdlib.h>
#include <string.h>

enum {
  TABLES = CKERNELS_WORDS_TABLES,
  WORD_BITS = 20,
  ROW_BITS = 9,  ///< Enough for CKERNELS_WORDS_MAXIMUM_ROWS.
  DIGIT_BITS = WORD_BITS / 2,
  SIFT_DIRECTIONS = 8,
  SIFT_CELLS = SIFT_NUMBERS / SIFT_DIRECTIONS
};

struct ckernels_words {
  uint32_t row_count;
  uint32_t entry_count[TABLES];
  uint32_t *entries;  // word << ROW_BITS | row, ascending, each once; of each table
  size_t table_size;  // entries from one table to the next
  uint32_t word_count[CKERNELS_WORDS_MAXIMUM_ROWS];  // of each row, in all tables
};

/// Two numbers of a SIFT descriptor; a bit of a word says whether the first is larger.
typedef struct {
  uint8_t first, second;
} number_pair;

/// Pairs of the same direction in two cells: what such a comparison says survives small changes better
/// than one of any two numbers. SplitMix64 (Steele, Lea and Flood 2014) draws them.
static void draw_pairs(number_pair pairs[TABLES][WORD_BITS]) {
  uint64_t state = 0;
  for (uint32_t k = 0; k < TABLES * WORD_BITS; k++) {
    state += 0x9e3779b97f4a7c15;
    uint64_t mixed = state;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    mixed ^= mixed >> 31;
    const uint32_t direction = mixed % SIFT_DIRECTIONS, cell = (mixed >> 8) % SIFT_CELLS;
    const uint32_t other = (cell + 1 + (mixed >> 16) % (SIFT_CELLS - 1)) % SIFT_CELLS;
    pairs[k / WORD_BITS][k % WORD_BITS] = (number_pair){
        (uint8_t)(cell * SIFT_DIRECTIONS + direction),
        (uint8_t)(other * SIFT_DIRECTIONS + direction)};
  }
}

/// The word of a descriptor in a table: for ORB some of its bits, none of them in two tables.
static uint32_t word_of(
    int32_t measure, const uint8_t *descriptor, uint32_t table,
    const number_pair pairs[TABLES][WORD_BITS]) {
  if (measure == CKERNELS_ORB) {
    const uint8_t *bytes = descriptor + table * (ORB_BYTES / TABLES);
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)(bytes[2] & 15) << 16;
  }
  uint32_t word = 0;
  for (uint32_t bit = 0; bit < WORD_BITS; bit++) {
    const number_pair pair = pairs[table][bit];
    word |= (uint32_t)(descriptor[pair.first] > descriptor[pair.second]) << bit;
  }
  return word;
}

/// Sorts by one digit of the words, keeping the order of equal ones.
static void sort_by_digit(
    const uint32_t *entries, uint32_t count, uint32_t shift, uint32_t *sorted) {
  uint32_t starts[(1 << DIGIT_BITS) + 1] = {0};
  const uint32_t mask = (1 << DIGIT_BITS) - 1;
  for (uint32_t k = 0; k < count; k++) starts[(entries[k] >> shift & mask) + 1]++;
  for (uint32_t digit = 0; digit < mask; digit++) starts[digit + 1] += starts[digit];
  for (uint32_t k = 0; k < count; k++) sorted[starts[entries[k] >> shift & mask]++] = entries[k];
}

/// Keeps each entry once, and counts those of each row.
static uint32_t keep_distinct(uint32_t *entries, uint32_t count, uint32_t *word_count) {
  uint32_t kept = 0;
  for (uint32_t k = 0; k < count; k++) {
    if (kept && entries[kept - 1] == entries[k]) continue;
    entries[kept++] = entries[k];
    word_count[entries[k] & ((1 << ROW_BITS) - 1)]++;
  }
  return kept;
}

ckernels_words *ckernels_words_open(
    int32_t measure, const uint8_t *bytes, const size_t *starts, const uint32_t *record_counts,
    uint32_t count) {
  const size_t record_bytes =
      measure == CKERNELS_ORB ? CKERNELS_ORB_BYTES : CKERNELS_SIFT_BYTES;
  size_t size = 1;
  for (uint32_t row = 0; row < count; row++) size += record_counts[row];
  ckernels_words *words = calloc(1, sizeof *words);
  uint32_t *waiting = malloc(size * sizeof *waiting);
  if (words) words->entries = malloc(TABLES * size * sizeof *words->entries);
  if (!words || !waiting || !words->entries) {
    free(waiting);
    ckernels_words_free(words);
    return NULL;
  }
  words->row_count = count;
  words->table_size = size;
  number_pair pairs[TABLES][WORD_BITS];
  draw_pairs(pairs);
  for (uint32_t table = 0; table < TABLES; table++) {
    uint32_t *entries = words->entries + table * size, entry_count = 0;
    for (uint32_t row = 0; row < count; row++)
      for (uint32_t k = 0; k < record_counts[row]; k++) {
        const uint8_t *descriptor = bytes + starts[row] + k * record_bytes + RECORD_HEAD;
        entries[entry_count++] = word_of(measure, descriptor, table, pairs) << ROW_BITS | row;
      }
    sort_by_digit(entries, entry_count, ROW_BITS, waiting);
    sort_by_digit(waiting, entry_count, ROW_BITS + DIGIT_BITS, entries);
    words->entry_count[table] = keep_distinct(entries, entry_count, words->word_count);
  }
  free(waiting);
  return words;
}

/// Where the entries of the word at a place end.
static uint32_t end_of_word(const uint32_t *entries, uint32_t count, uint32_t place) {
  const uint32_t word = entries[place] >> ROW_BITS;
  while (place < count && entries[place] >> ROW_BITS == word) place++;
  return place;
}

void ckernels_words_shared(
    const ckernels_words *rows, const ckernels_words *columns, uint16_t *shared) {
  const uint32_t mask = (1 << ROW_BITS) - 1, width = columns->row_count;
  memset(shared, 0, (size_t)rows->row_count * width * sizeof *shared);
  for (uint32_t table = 0; table < TABLES; table++) {
    const uint32_t *a = rows->entries + table * rows->table_size;
    const uint32_t *b = columns->entries + table * columns->table_size;
    const uint32_t a_count = rows->entry_count[table], b_count = columns->entry_count[table];
    for (uint32_t i = 0, k = 0; i < a_count && k < b_count;) {
      const uint32_t of_a = a[i] >> ROW_BITS, of_b = b[k] >> ROW_BITS;
      if (of_a != of_b) {
        i += of_a < of_b;
        k += of_a > of_b;
        continue;
      }
      const uint32_t a_end = end_of_word(a, a_count, i), b_end = end_of_word(b, b_count, k);
      for (; i < a_end; i++) {
        uint16_t *of_row = shared + (size_t)(a[i] & mask) * width;
        for (uint32_t n = k; n < b_end; n++) of_row[b[n] & mask]++;
      }
      k = b_end;
    }
  }
}

uint32_t ckernels_words_count(const ckernels_words *words, uint32_t row) {
  return words->word_count[row];
}

size_t ckernels_words_bytes(uint32_t record_count) {
  // One table more while they are sorted.
  return sizeof(ckernels_words) + (TABLES + 1) * ((size_t)record_count + 1) * sizeof(uint32_t);
}

void ckernels_words_free(ckernels_words *words) {
  if (!words) return;
  free(words->entries);
  free(words);
}
