// Gray over a background from RGBA, sixteen pixels at a time; the arithmetic of sink.c.
#include "internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

// Eight pixels to eight 32-bit grays.
AVX2 __attribute__((always_inline)) static inline __m256i gray8(
    const uint8_t *row, __m256i background) {
  const __m256i pixels = _mm256_loadu_si256((const __m256i *)(const void *)row);
  const __m256i red_blue = _mm256_and_si256(pixels, _mm256_set1_epi32(0x00FF00FF));
  const __m256i green_alpha = _mm256_srli_epi16(pixels, 8);
  const __m256i weighted = _mm256_add_epi32(
      _mm256_madd_epi16(red_blue, _mm256_set1_epi32(3735 << 16 | 9798)),
      _mm256_madd_epi16(green_alpha, _mm256_set1_epi32(19235)));
  const __m256i gray = _mm256_srli_epi32(_mm256_add_epi32(weighted, _mm256_set1_epi32(16384)), 15);
  const __m256i alpha = _mm256_srli_epi32(pixels, 24);
  // Pairs of alpha and 255 - alpha against pairs of gray and background.
  const __m256i shares = _mm256_xor_si256(
      _mm256_or_si256(alpha, _mm256_slli_epi32(alpha, 16)), _mm256_set1_epi32(0x00FF0000));
  const __m256i value = _mm256_add_epi32(
      _mm256_madd_epi16(shares, _mm256_or_si256(gray, background)), _mm256_set1_epi32(128));
  return _mm256_srli_epi32(_mm256_add_epi32(value, _mm256_srli_epi32(value, 8)), 8);
}

AVX2 __attribute__((always_inline)) static inline void gray16(
    uint8_t *gray, const uint8_t *row, __m256i background) {
  const __m256i words = _mm256_packus_epi32(gray8(row, background), gray8(row + 32, background));
  const __m256i bytes = _mm256_packus_epi16(words, words);
  // Packing works in halves: 0-3, 8-11 and 4-7, 12-15.
  const __m256i order = _mm256_set_epi32(0, 0, 0, 0, 5, 1, 4, 0);
  const __m256i sorted = _mm256_permutevar8x32_epi32(bytes, order);
  _mm_storeu_si128((__m128i *)(void *)gray, _mm256_castsi256_si128(sorted));
}

AVX2 static size_t gray_avx2(
    uint8_t *gray, const uint8_t *row, uint32_t background, size_t count) {
  if (count < 16) return 0;
  const __m256i pairs = _mm256_set1_epi32((int32_t)(background << 16));
  for (size_t i = 0; i + 16 <= count; i += 16) gray16(gray + i, row + 4 * i, pairs);
  // The rest, with some pixels once more.
  gray16(gray + count - 16, row + 4 * (count - 16), pairs);
  return count;
}

size_t gray_from_rgba_wide(
    uint8_t *gray, const uint8_t *row, uint32_t background, size_t count) {
  return __builtin_cpu_supports("avx2") ? gray_avx2(gray, row, background, count) : 0;
}
#else
size_t gray_from_rgba_wide(
    uint8_t *gray, const uint8_t *row, uint32_t background, size_t count) {
  (void)gray, (void)row, (void)background, (void)count;
  return 0;
}
#endif
