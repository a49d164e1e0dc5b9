#include "copenblas.h"
#include "lanes.h"

WIDE void copenblas_distances(
    size_t m, size_t n, const double *row_norms, const double *column_norms, double error,
    double *products) {
  for (size_t row = 0; row < m; row++) {
    double norm = row_norms[row], *values = products + row * n;
    for (size_t i = 0; i < n; i++) {
      double norms = norm + column_norms[i], squared = norms - 2 * values[i];
      // The builtin has no errno to set, so that it is vectorised.
      values[i] = __builtin_elementwise_sqrt(squared > error * norms ? squared : 0.0);
    }
  }
}

WIDE void copenblas_sums(
    const double *values, const uint32_t *ends, size_t run_count, double *sums) {
  size_t i = 0;
  for (size_t run = 0; run < run_count; run++) {
    double lanes[8] = {0}, rest = 0;
    for (; i + 8 <= ends[run]; i += 8) {
      for (size_t lane = 0; lane < 8; lane++) lanes[lane] += values[i + lane];
    }
    for (; i < ends[run]; i++) rest += values[i];
    sums[run] = (((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
                 + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))) + rest;
  }
}

WIDE void copenblas_column_sums(size_t m, size_t n, const double *values, double *sums) {
  for (size_t i = 0; i < n; i++) sums[i] = 0;
  for (size_t row = 0; row < m; row++) {
    for (size_t i = 0; i < n; i++) sums[i] += values[row * n + i];
  }
}
