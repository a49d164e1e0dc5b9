// Matches of descriptors: nearest ones by a kernel, then the rule of each measure; and the kernels for
// any processor.
#include "descriptors.h"

#include <string.h>

void ckernels_orb_portable(
    const uint8_t *first, uint32_t first_count, const uint8_t *second, uint32_t second_count,
    nearest_descriptors *of_first, nearest_descriptors *of_second) {
  for (uint32_t i = 0; i < first_count; i++) {
    uint64_t bits[4];
    memcpy(bits, orb_bits(first, i), sizeof bits);
    for (uint32_t k = 0; k < second_count; k++) {
      uint64_t other[4];
      memcpy(other, orb_bits(second, k), sizeof other);
      int32_t distance = 0;
      for (uint32_t word = 0; word < 4; word++)
        distance += __builtin_popcountll(bits[word] ^ other[word]);
      if (distance > ORB_DISTANCE) continue;
      take_distance(of_first, i, distance, k);
      take_distance(of_second, k, distance, i);
    }
  }
}

void ckernels_sift_portable(
    const uint8_t *first, uint32_t first_count, const uint8_t *second, uint32_t second_count,
    nearest_descriptors *of_first, nearest_descriptors *of_second) {
  for (uint32_t i = 0; i < first_count; i++) {
    const uint8_t *numbers = sift_numbers(first, i);
    for (uint32_t k = 0; k < second_count; k++) {
      const uint8_t *others = sift_numbers(second, k);
      int32_t distance = 0;
      for (uint32_t n = 0; n < SIFT_NUMBERS; n++) {
        const int16_t apart = (int16_t)(numbers[n] - others[n]);
        distance += apart * apart;
      }
      take_distance(of_first, i, distance, k);
      take_distance(of_second, k, distance, i);
    }
  }
}

static nearest_function *kernel_of(int32_t kernel, int32_t measure) {
#if defined(__x86_64__)
  if (kernel >= CKERNELS_AVX2 && ckernels_hamming_supports(CKERNELS_AVX2))
    return measure == CKERNELS_ORB ? ckernels_orb_avx2 : ckernels_sift_avx2;
#else
  (void)kernel;
#endif
  return measure == CKERNELS_ORB ? ckernels_orb_portable : ckernels_sift_portable;
}

static void clear(nearest_descriptors *nearest, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    nearest->distance[i] = nearest->second[i] = NO_DISTANCE;
    nearest->place[i] = -1;
  }
}

/// Lowe's ratio of 0.7, squared and in integers.
static int passes_ratio(const nearest_descriptors *nearest, uint32_t of) {
  if (nearest->second[of] == NO_DISTANCE) return 0;
  return 100 * (int64_t)nearest->distance[of] < 49 * (int64_t)nearest->second[of];
}

uint32_t ckernels_descriptor_matches(
    int32_t kernel, int32_t measure, const uint8_t *first, uint32_t first_count,
    const uint8_t *second, uint32_t second_count, uint32_t *matches) {
  nearest_descriptors of_first, of_second;
  clear(&of_first, first_count);
  clear(&of_second, second_count);
  kernel_of(kernel, measure)(first, first_count, second, second_count, &of_first, &of_second);
  uint32_t count = 0;
  for (uint32_t i = 0; i < first_count; i++) {
    matches[i] = UINT32_MAX;
    const int32_t place = of_first.place[i];
    if (place < 0 || of_second.place[place] != (int32_t)i) continue;
    if (measure == CKERNELS_SIFT &&
        !(passes_ratio(&of_first, i) && passes_ratio(&of_second, (uint32_t)place)))
      continue;
    matches[i] = (uint32_t)place;
    count++;
  }
  return count;
}
