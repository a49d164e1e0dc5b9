// Word by word, for any processor and any width: the reference for the other kernels.
#include "hamming.h"

/// Words between two looks whether a pair is too far already; long rows mostly end early.
enum { WORDS_A_LOOK = 4 };

static inline __attribute__((always_inline)) void scan_words(
    const ckernels_hamming *scan, hamming_unit unit, hamming_output *output) {
  const uint32_t word_count = scan->word_count, maximum = scan->maximum_distance;
  for (uint32_t row = unit.first_row; row < unit.end_row; row++) {
    const uint64_t *left = scan->rows + (size_t)row * word_count;
    uint32_t first = unit.first_column;
    if (scan->is_diagonal && first <= row) first = row + 1;
    hamming_row its_hits = hamming_begin(scan, row);
    for (uint32_t column = first; column < unit.end_column; column++) {
      const uint64_t *right = scan->columns + (size_t)column * word_count;
      uint32_t distance = 0, word = 0;
      while (word < word_count && distance <= maximum) {
        uint32_t look = word_count - word < WORDS_A_LOOK ? word_count : word + WORDS_A_LOOK;
        for (; word < look; word++)
          distance += (uint32_t)__builtin_popcountll(left[word] ^ right[word]);
      }
      if (distance <= maximum) hamming_emit(scan, &its_hits, column, distance, output);
    }
    hamming_end(scan, &its_hits);
  }
}

void ckernels_hamming_portable(
    const ckernels_hamming *scan, hamming_unit unit, hamming_output *output) {
  scan_words(scan, unit, output);
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) void ckernels_hamming_popcount(
    const ckernels_hamming *scan, hamming_unit unit, hamming_output *output) {
  scan_words(scan, unit, output);
}
#endif
