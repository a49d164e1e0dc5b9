#include "copenblas.h"
#include "lanes.h"

// Rows side by side, one center after the other: nothing has to be brought together at the end.
WIDE void copenblas_two_least(
    const float *restrict products, const float *restrict added, size_t center_count, size_t count,
    float *restrict least, float *restrict second, uint32_t *restrict position) {
  for (size_t i = 0; i < count; i++) {
    least[i] = added[0] - products[i];
    second[i] = __builtin_inff();
    position[i] = 0;
  }
  for (size_t center = 1; center < center_count; center++) {
    const float *row = products + center * count;
    float own = added[center];
    for (size_t i = 0; i < count; i++) {
      float value = own - row[i];
      float above = value < least[i] ? least[i] : value;
      second[i] = above < second[i] ? above : second[i];
      position[i] = value < least[i] ? (uint32_t)center : position[i];
      least[i] = value < least[i] ? value : least[i];
    }
  }
}

WIDE void copenblas_add_row(size_t n, double scale, const float *restrict row, double *restrict sum) {
  for (size_t i = 0; i < n; i++) sum[i] += scale * (double)row[i];
}
