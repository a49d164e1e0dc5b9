// Least Hamming distances of pictures over their orientations.
#include "ckernels.h"

/// Columns at once: their distances stay in registers and the first cache.
enum { COLUMNS = 128 };

static inline __attribute__((always_inline)) void distances_of(
    const uint64_t *row, const uint64_t *columns, uint32_t word_count, uint32_t column_count,
    uint32_t first, uint32_t count, uint16_t *least) {
  const size_t plane = (size_t)word_count * column_count;
  for (uint32_t column = 0; column < count; column++) least[column] = UINT16_MAX;
  // The upright row with every column, then every turned row with the upright columns.
  for (uint32_t pair = 0; pair < 2 * CKERNELS_ORIENTATIONS - 1; pair++) {
    const uint32_t turned_row = pair < CKERNELS_ORIENTATIONS ? 0 : pair - CKERNELS_ORIENTATIONS + 1;
    const uint64_t *left = row + (size_t)turned_row * word_count;
    const uint64_t *right = columns + (turned_row ? 0 : pair * plane) + first;
    uint64_t distances[COLUMNS] = {0};
    for (uint32_t word = 0; word < word_count; word++)
      for (uint32_t column = 0; column < count; column++)
        distances[column] +=
            (uint64_t)__builtin_popcountll(left[word] ^ right[(size_t)word * column_count + column]);
    for (uint32_t column = 0; column < count; column++)
      least[column] = distances[column] < least[column] ? (uint16_t)distances[column] : least[column];
  }
}

#if defined(__x86_64__)
__attribute__((target_clones("avx512vpopcntdq", "avx2", "popcnt", "default")))
#endif
void ckernels_turned_distances(
    const uint64_t *row, const uint64_t *columns, uint32_t word_count, uint32_t column_count,
    uint32_t first, uint16_t *least) {
  for (uint32_t start = first; start < column_count; start += COLUMNS) {
    const uint32_t rest = column_count - start;
    distances_of(
        row, columns, word_count, column_count, start, rest < COLUMNS ? rest : COLUMNS,
        least + start);
  }
}
