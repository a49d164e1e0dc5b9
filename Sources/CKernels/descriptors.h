// What the kernels of descriptors share; not seen by Swift.
#ifndef CKERNELS_DESCRIPTORS_H
#define CKERNELS_DESCRIPTORS_H
#include "ckernels.h"

enum {
  RECORD_HEAD = 16,  ///< Bytes before a record's descriptor.
  ORB_BYTES = CKERNELS_ORB_BYTES - RECORD_HEAD,
  ORB_DISTANCE = 50,  ///< Of 256 bits; farther ones are no match.
  SIFT_NUMBERS = CKERNELS_SIFT_BYTES - RECORD_HEAD,
  DESCRIPTORS_MAXIMUM = CKERNELS_DESCRIPTORS_MAXIMUM,
  NO_DISTANCE = INT32_MAX
};

/// The nearest descriptor of the other image so far, the first of equally near ones, and how near the
/// second is.
typedef struct {
  int32_t distance[DESCRIPTORS_MAXIMUM], second[DESCRIPTORS_MAXIMUM];
  int32_t place[DESCRIPTORS_MAXIMUM];
} nearest_descriptors;

/// Finds the nearest ones of both images; distances are Hamming distances, of which those over
/// ORB_DISTANCE may be left out, or squared Euclidean ones. `second` is of SIFT only.
typedef void nearest_function(
    const uint8_t *first, uint32_t first_count, const uint8_t *second, uint32_t second_count,
    nearest_descriptors *of_first, nearest_descriptors *of_second);

nearest_function ckernels_orb_portable, ckernels_sift_portable;
nearest_function ckernels_orb_avx2, ckernels_sift_avx2;

static inline const uint8_t *orb_bits(const uint8_t *records, uint32_t place) {
  return records + (size_t)place * CKERNELS_ORB_BYTES + RECORD_HEAD;
}

static inline const uint8_t *sift_numbers(const uint8_t *records, uint32_t place) {
  return records + (size_t)place * CKERNELS_SIFT_BYTES + RECORD_HEAD;
}

static inline uint32_t sift_squares(const uint8_t *numbers) {
  uint32_t sum = 0;
  for (uint32_t k = 0; k < SIFT_NUMBERS; k++) sum += (uint32_t)numbers[k] * numbers[k];
  return sum;
}

/// Takes a distance into account; `place` ascends, so that the first of equal ones stays.
static inline void take_distance(
    nearest_descriptors *nearest, uint32_t of, int32_t distance, uint32_t place) {
  if (distance < nearest->distance[of]) {
    nearest->second[of] = nearest->distance[of];
    nearest->distance[of] = distance;
    nearest->place[of] = (int32_t)place;
  } else if (distance < nearest->second[of]) {
    nearest->second[of] = distance;
  }
}

#endif
