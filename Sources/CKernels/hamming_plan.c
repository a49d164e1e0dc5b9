// How a sliced kernel looks for pairs within a distance.
#include "hamming.h"

#include <math.h>

/// What a byte adds to a counter with two planes or with three: mean and variance over unlike bytes,
/// of which as many bits differ as a fair coin of eight throws shows. Two planes hold half of the
/// differing bits, rounded down, three hold them all; both take eight as seven.
static const struct {
  int plane_count;
  uint32_t unit;
  double mean, variance;
} precisions[] = {{2, 2, 447 / 256.0, 921 / 256.0 - 447 / 256.0 * (447 / 256.0)},
                  {3, 1, 1023 / 256.0, 4593 / 256.0 - 1023 / 256.0 * (1023 / 256.0)}};

hamming_plan ckernels_hamming_plan(
    uint32_t word_count, uint32_t maximum_distance, uint32_t lane_count) {
  hamming_plan best = {0};
  double least_work = INFINITY;
  for (int k = 0; k < 2; k++) {
    const uint32_t beyond = maximum_distance / precisions[k].unit + 1;
    const int levels = beyond <= 1u << CKERNELS_SLICED_LEVELS ? CKERNELS_SLICED_LEVELS
                                                             : CKERNELS_SLICED_MOST_LEVELS;
    if (beyond > 1u << levels) continue;
    for (uint32_t bytes = CKERNELS_SLICED_BLOCK; bytes <= word_count * 8;
         bytes += CKERNELS_SLICED_BLOCK) {
      // By the normal distribution, half a step below what overflows.
      const double steps = (precisions[k].mean * bytes - (beyond - 0.5)) /
                           sqrt(2 * precisions[k].variance * bytes);
      const double left = erfc(steps) / 2;
      // In operations on a group: a full adder and a load a plane, and, as measured, a hundred for a
      // pair that is left, which the processor does not foresee.
      const double work = 6.0 * precisions[k].plane_count * bytes + lane_count * left * 100;
      if (left < CKERNELS_SLICED_MOST_LEFT && work < least_work) {
        least_work = work;
        best = (hamming_plan){precisions[k].plane_count, levels, bytes, (1u << levels) - beyond};
      }
    }
  }
  return best;
}
