// The similarities by their formulas, included once for any processor and once for AVX2. Integers are
// exact and floating point goes in one order, lane by lane, so all copies give the same bits.
// The includer defines TARGET, an attribute, and FORMULAS, the name of the table.
#include "raster.h"

#include <string.h>

// A fused product would round once where others round twice.
#pragma STDC FP_CONTRACT OFF

enum { LANES = 8, SUM_CHUNK = 8192 };

TARGET static raster_sums sums(const uint8_t *first, const uint8_t *second, size_t count) {
  raster_sums total = {0, 0, 0};
  for (size_t start = 0; start < count; start += SUM_CHUNK) {
    const size_t end = count - start < SUM_CHUNK ? count : start + SUM_CHUNK;
    int32_t difference = 0, of_first = 0, of_second = 0;
    for (size_t i = start; i < end; i++) {
      const int16_t a = first[i], b = second[i];
      const int16_t d = (int16_t)(a - b);
      difference += d * d;
      of_first += a * a;
      of_second += b * b;
    }
    total.difference += (uint64_t)difference;
    total.first += (uint64_t)of_first;
    total.second += (uint64_t)of_second;
  }
  return total;
}

/// Sums over seven rows of pixels, for each column.
typedef struct {
  int32_t x[SSIM_MOST_SIDE], y[SSIM_MOST_SIDE];
  int32_t xx[SSIM_MOST_SIDE], yy[SSIM_MOST_SIDE], xy[SSIM_MOST_SIDE];
} column_sums;

/// Adds a row of pixels to the sums, or takes it away.
TARGET static inline void add_pixels(
    column_sums *sum, const uint8_t *first, const uint8_t *second, uint32_t side, int32_t sign) {
  for (uint32_t column = 0; column < side; column++) {
    const int32_t a = first[column], b = second[column];
    sum->x[column] += sign * a;
    sum->y[column] += sign * b;
    sum->xx[column] += sign * (a * a);
    sum->yy[column] += sign * (b * b);
    sum->xy[column] += sign * (a * b);
  }
}

/// Sums of seven neighbours.
TARGET static inline void across(const int32_t *restrict sum, uint32_t count, int32_t *restrict to) {
  for (uint32_t i = 0; i < count; i++)
    to[i] = sum[i] + sum[i + 1] + sum[i + 2] + sum[i + 3] + sum[i + 4] + sum[i + 5] + sum[i + 6];
}

/// The SSIM of each window of a row: mean and variance are left multiplied by the counts of their
/// divisions, which cancel.
TARGET static void window_row(const column_sums *columns, uint32_t count, double *restrict values) {
  column_sums sum;
  across(columns->x, count, sum.x);
  across(columns->y, count, sum.y);
  across(columns->xx, count, sum.xx);
  across(columns->yy, count, sum.yy);
  across(columns->xy, count, sum.xy);
  for (uint32_t i = 0; i < count; i++) {
    const int32_t product = sum.x[i] * sum.y[i];
    const int32_t means = sum.x[i] * sum.x[i] + sum.y[i] * sum.y[i];
    const int32_t variances = SSIM_PIXELS * (sum.xx[i] + sum.yy[i]) - means;
    const int32_t covariance = SSIM_PIXELS * sum.xy[i] - product;
    values[i] = (2 * product + SSIM_C1) * (2 * covariance + SSIM_C2) /
                ((means + SSIM_C1) * (variances + SSIM_C2));
  }
}

TARGET static double ssim(const uint8_t *first, const uint8_t *second, uint32_t side) {
  if (memcmp(first, second, (size_t)side * side) == 0) return 1;
  const uint32_t window_side = side - SSIM_WINDOW + 1;
  column_sums sum;
  memset(&sum, 0, sizeof sum);
  for (uint32_t row = 0; row + 1 < SSIM_WINDOW; row++)
    add_pixels(&sum, first + row * side, second + row * side, side, 1);
  double values[SSIM_MOST_SIDE], total[LANES] = {0};
  for (uint32_t row = 0; row < window_side; row++) {
    const uint32_t lower = row + SSIM_WINDOW - 1;
    add_pixels(&sum, first + lower * side, second + lower * side, side, 1);
    window_row(&sum, window_side, values);
    for (uint32_t i = 0; i < window_side; i++) total[i % LANES] += values[i];
    add_pixels(&sum, first + row * side, second + row * side, side, -1);
  }
  double whole = 0;
  for (uint32_t lane = 0; lane < LANES; lane++) whole += total[lane];
  const double similarity = whole / ((double)window_side * window_side);
  // Different pictures are never rounded up to equal ones, which join first.
  const double most = 1 - 0x1p-53;
  return similarity < 0 ? 0 : similarity > most ? most : similarity;
}

const raster_formulas FORMULAS = {sums, ssim};
