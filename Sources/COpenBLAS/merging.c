#include "copenblas.h"
#include "lanes.h"

static inline __attribute__((always_inline)) double squared_distance(
    size_t n, const double *a, const double *b) {
  double sums[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) {
      double difference = a[i + lane] - b[i + lane];
      sums[lane] += difference * difference;
    }
  }
  for (size_t lane = 0; i + lane < n; lane++) {
    double difference = a[i + lane] - b[i + lane];
    sums[lane] += difference * difference;
  }
  return SUM_OF_LANES(sums);
}

WIDE void copenblas_squared_distances_double(
    size_t n, const double *row, const double *rows, size_t count, double *result) {
  for (size_t i = 0; i < count; i++) result[i] = squared_distance(n, row, rows + i * n);
}

WIDE float copenblas_ward_nearness(
    float *values, const float *half_norms, const float *sizes, size_t count, float half_norm,
    float size) {
  float largest[LANES];
  for (size_t lane = 0; lane < LANES; lane++) largest[lane] = -__builtin_inff();
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) {
      float other = sizes[i + lane];
      float nearness = (values[i + lane] - (half_norms[i + lane] + half_norm))
                       * (size * other / (size + other));
      values[i + lane] = nearness;
      largest[lane] = nearness > largest[lane] ? nearness : largest[lane];
    }
  }
  for (size_t lane = 0; i + lane < count; lane++) {
    float other = sizes[i + lane];
    float nearness = (values[i + lane] - (half_norms[i + lane] + half_norm))
                     * (size * other / (size + other));
    values[i + lane] = nearness;
    largest[lane] = nearness > largest[lane] ? nearness : largest[lane];
  }
  for (size_t lane = 1; lane < LANES; lane++) {
    largest[0] = largest[lane] > largest[0] ? largest[lane] : largest[0];
  }
  return largest[0];
}

WIDE double copenblas_reach(
    size_t count, const double *distances, const double *floors, double floor, uint32_t row,
    double *least, uint32_t *rows) {
  double smallest[LANES];
  for (size_t lane = 0; lane < LANES; lane++) smallest[lane] = __builtin_inf();
  for (size_t i = 0; i < count; i += LANES) {
    size_t lanes = count - i < LANES ? count - i : LANES;
    for (size_t lane = 0; lane < lanes; lane++) {
      double distance = distances[i + lane], own = floors[i + lane];
      double raised = own > floor ? own : floor;
      distance = distance > raised ? distance : raised;
      int nearer = distance < least[i + lane]
                   || (distance == least[i + lane] && row < rows[i + lane]);
      least[i + lane] = nearer ? distance : least[i + lane];
      rows[i + lane] = nearer ? row : rows[i + lane];
      smallest[lane] = least[i + lane] < smallest[lane] ? least[i + lane] : smallest[lane];
    }
  }
  for (size_t lane = 1; lane < LANES; lane++) {
    smallest[0] = smallest[lane] < smallest[0] ? smallest[lane] : smallest[0];
  }
  return smallest[0];
}
