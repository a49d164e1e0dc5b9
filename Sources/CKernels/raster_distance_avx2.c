// With AVX2.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define TARGET __attribute__((target("avx2")))
#define KERNELS ckernels_raster_distance_avx2

/// Sixteen samples of a column are widened once for all rows; neighbours' products are added in pairs.
/// Rasters have whole vectors of samples.
#define PRODUCTS(ROWS)                                                                         \
  TARGET static void products_##ROWS(                                                          \
      const int16_t *const rows[], const uint8_t *column, size_t count, uint32_t *products) {  \
    __m256i sums[ROWS];                                                                        \
    for (int k = 0; k < ROWS; k++) sums[k] = _mm256_setzero_si256();                           \
    for (size_t i = 0; i < count; i += 16) {                                                   \
      const __m256i samples =                                                                  \
          _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(column + i)));                \
      for (int k = 0; k < ROWS; k++) {                                                         \
        const __m256i row = _mm256_loadu_si256((const __m256i *)(rows[k] + i));                \
        sums[k] = _mm256_add_epi32(sums[k], _mm256_madd_epi16(row, samples));                  \
      }                                                                                        \
    }                                                                                          \
    for (int k = 0; k < ROWS; k++) products[k] = add_lanes(sums[k]);                           \
  }

TARGET static inline uint32_t add_lanes(__m256i sums) {
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
  return (uint32_t)_mm_cvtsi128_si32(sum);
}

#include "raster_distance.h"
#else
typedef int ckernels_no_avx2;
#endif
