#include "copenblas.h"
#include "lanes.h"

enum { ROWS = 16 };

static inline __attribute__((always_inline)) uint32_t is_within(
    const float *values, const float *factors, const float *offsets, float scale, float constant,
    size_t i) {
  // Not "at least": a product that is not a number is within.
  return !(values[i] < (scale * factors[i] + offsets[i]) + constant);
}

WIDE size_t copenblas_not_below(
    const float *values, const float *factors, const float *offsets, size_t count, float scale,
    float constant, uint32_t *positions) {
  size_t found = 0, i = 0;
  for (; i + ROWS <= count; i += ROWS) {
    uint32_t any = 0;
    for (size_t lane = 0; lane < ROWS; lane++) {
      any |= is_within(values, factors, offsets, scale, constant, i + lane);
    }
    if (!any) continue;
    for (size_t lane = 0; lane < ROWS; lane++) {
      positions[found] = (uint32_t)(i + lane);
      found += is_within(values, factors, offsets, scale, constant, i + lane);
    }
  }
  for (; i < count; i++) {
    positions[found] = (uint32_t)i;
    found += is_within(values, factors, offsets, scale, constant, i);
  }
  return found;
}
