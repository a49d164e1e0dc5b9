// SSIM of rasters, included once a side for any processor and once with AVX2. Integers are exact and
// floating point goes in one order, lane by lane, so both copies give the same bits.
// The includer defines SSIM_SIDE, of 32 to 256 in whole 32s, TARGET, an attribute, and KERNELS, the name
// of the table.
#include "raster.h"

#include <math.h>
#include <string.h>

// A fused product would round once where others round twice.
#pragma STDC FP_CONTRACT OFF

// Vectors are passed by inlined functions only, so how they would be passed is of no account.
#pragma clang diagnostic ignored "-Wpsabi"
#define INLINE TARGET static inline __attribute__((always_inline))

typedef uint8_t bytes __attribute__((vector_size(2 * RASTER_LANES)));
typedef uint16_t shorts __attribute__((vector_size(4 * RASTER_LANES)));
typedef int32_t ints __attribute__((vector_size(4 * RASTER_LANES)));
typedef float floats __attribute__((vector_size(4 * RASTER_LANES)));

/// Windows of 7x7, and the groups of windows that are bounded together: strips of eight columns, the
/// last of two, by as many rows.
enum {
  SSIM_WINDOW = 7,
  SSIM_PIXELS = SSIM_WINDOW * SSIM_WINDOW,
  SSIM_WINDOWS = SSIM_SIDE - SSIM_WINDOW + 1,
  SSIM_STRIPS = (SSIM_WINDOWS + RASTER_LANES - 1) / RASTER_LANES,
  SSIM_GROUPS = SSIM_STRIPS * SSIM_STRIPS,
  SSIM_CELLS_ACROSS = 2 * SSIM_STRIPS,
  SSIM_CELL_BANDS = (SSIM_WINDOWS + 3) / 4
};
_Static_assert(SSIM_SIDE % 32 == 0, "cells fill whole vectors");

/// Four sums of each cell of 4x4 windows of a raster, for a closer bound.
typedef struct {
  float sums[4][SSIM_CELL_BANDS][SSIM_CELLS_ACROSS];
} ssim_cells;

/// The two constants of SSIM for a range of 255, K1 .01 and K2 .03.
static const double c1 = 0.01 * 255 * (0.01 * 255), c2 = 0.03 * 255 * (0.03 * 255);
/// The same beside sums: means by the count of pixels, sample variances by that times one less.
#define MEAN_CONSTANT (float)(c1 * SSIM_PIXELS * SSIM_PIXELS)
#define VARIANCE_CONSTANT (float)(c2 * SSIM_PIXELS * (SSIM_PIXELS - 1))
#define FLOATS(values) __builtin_convertvector(values, floats)
/// The whole numbers in which SSIM is summed, and how many windows stay under 2^31.
#define UNIT 0x1p24f
enum { WINDOWS_A_SUM = 64 };

#include "raster_ssim_bounds.h"

/// Sums over seven rows of pixels of a strip, for each of its 16 columns.
typedef struct {
  shorts means[2];  // of both rasters: columns 0 to 7 of the first and the second, then 8 to 15
  ints products[2], differences[2];  // squared differences
} strip_sums;

/// The rows of pixels of a strip that the sums hold.
typedef struct {
  shorts samples[SSIM_SIDE][2];  // as in `strip_sums`
  shorts products[SSIM_SIDE], differences[SSIM_SIDE];
} strip_rows;

#define LOW(v) __builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), ints)
#define HIGH(v) \
  __builtin_convertvector(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15), ints)

/// Adds a row of pixels to the sums. Products of bytes fit 16 bits, also of their differences, whatever
/// the sign.
INLINE void add_pixels(
    strip_sums *sum, strip_rows *rows, uint32_t row, const uint8_t *x, const uint8_t *y) {
  bytes a, b;
  memcpy(&a, x, sizeof a);
  memcpy(&b, y, sizeof b);
  const shorts wide_a = __builtin_convertvector(a, shorts), wide_b = __builtin_convertvector(b, shorts);
  const shorts apart = wide_a - wide_b;
  const bytes low = __builtin_shufflevector(
      a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  const bytes high = __builtin_shufflevector(
      a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  rows->samples[row][0] = __builtin_convertvector(low, shorts);
  rows->samples[row][1] = __builtin_convertvector(high, shorts);
  rows->products[row] = wide_a * wide_b;
  rows->differences[row] = apart * apart;
  sum->means[0] += rows->samples[row][0];
  sum->means[1] += rows->samples[row][1];
  sum->products[0] += LOW(rows->products[row]);
  sum->products[1] += HIGH(rows->products[row]);
  sum->differences[0] += LOW(rows->differences[row]);
  sum->differences[1] += HIGH(rows->differences[row]);
}

INLINE void take_pixels(strip_sums *sum, const strip_rows *rows, uint32_t row) {
  sum->means[0] -= rows->samples[row][0];
  sum->means[1] -= rows->samples[row][1];
  sum->products[0] -= LOW(rows->products[row]);
  sum->products[1] -= HIGH(rows->products[row]);
  sum->differences[0] -= LOW(rows->differences[row]);
  sum->differences[1] -= HIGH(rows->differences[row]);
}

/// Sums of seven neighbours of sixteen columns, for the first eight.
INLINE ints across(ints low, ints high) {
  return low + __builtin_shufflevector(low, high, 1, 2, 3, 4, 5, 6, 7, 8) +
         __builtin_shufflevector(low, high, 2, 3, 4, 5, 6, 7, 8, 9) +
         __builtin_shufflevector(low, high, 3, 4, 5, 6, 7, 8, 9, 10) +
         __builtin_shufflevector(low, high, 4, 5, 6, 7, 8, 9, 10, 11) +
         __builtin_shufflevector(low, high, 5, 6, 7, 8, 9, 10, 11, 12) +
         __builtin_shufflevector(low, high, 6, 7, 8, 9, 10, 11, 12, 13);
}

/// The same of both rasters' samples.
#define PLACES(k) \
  (k) + 0, (k) + 1 > 7 ? (k) + 9 : (k) + 1, (k) + 2 > 7 ? (k) + 10 : (k) + 2, \
  (k) + 3 > 7 ? (k) + 11 : (k) + 3, (k) + 4 > 7 ? (k) + 12 : (k) + 4, \
  (k) + 5 > 7 ? (k) + 13 : (k) + 5, (k) + 6 > 7 ? (k) + 14 : (k) + 6, \
  (k) + 7 > 7 ? (k) + 15 : (k) + 7
#define NEIGHBOURS(low, high, k) \
  __builtin_shufflevector(low, high, PLACES(k), UPPER_PLACES(k))
#define UPPER_PLACES(k) \
  (k) + 8, (k) + 1 > 7 ? (k) + 17 : (k) + 9, (k) + 2 > 7 ? (k) + 18 : (k) + 10, \
  (k) + 3 > 7 ? (k) + 19 : (k) + 11, (k) + 4 > 7 ? (k) + 20 : (k) + 12, \
  (k) + 5 > 7 ? (k) + 21 : (k) + 13, (k) + 6 > 7 ? (k) + 22 : (k) + 14, \
  (k) + 7 > 7 ? (k) + 23 : (k) + 15

INLINE shorts across_both(shorts low, shorts high) {
  return low + NEIGHBOURS(low, high, 1) + NEIGHBOURS(low, high, 2) + NEIGHBOURS(low, high, 3) +
         NEIGHBOURS(low, high, 4) + NEIGHBOURS(low, high, 5) + NEIGHBOURS(low, high, 6);
}

/// The SSIM of eight windows in units of 2^-24. Means and variances stay multiplied by the counts of
/// their divisions, which cancel.
INLINE ints windows(const strip_sums *sum) {
  const shorts means = across_both(sum->means[0], sum->means[1]);
  const ints x = LOW(means), y = HIGH(means);
  const ints products = across(sum->products[0], sum->products[1]);
  const ints differences = across(sum->differences[0], sum->differences[1]);
  const ints product = x * y, apart = x - y, square = apart * apart;
  const ints covariance = SSIM_PIXELS * products - product;
  const ints distance = SSIM_PIXELS * differences - square;
  const floats upper = (FLOATS(2 * product) + MEAN_CONSTANT) *
                       (FLOATS(2 * covariance) + VARIANCE_CONSTANT);
  const floats lower = (FLOATS(square + 2 * product) + MEAN_CONSTANT) *
                       (FLOATS(distance + 2 * covariance) + VARIANCE_CONSTANT);
  return __builtin_convertvector(upper / lower * UNIT, ints);
}

/// The sum of SSIM over a strip of windows, in units of 2^-24: an integer, whatever the order.
TARGET static int64_t strip(const uint8_t *x, const uint8_t *y, uint32_t stride, uint32_t width) {
  strip_sums sum;
  strip_rows rows;
  memset(&sum, 0, sizeof sum);
  ints total = {0};
  int64_t whole = 0;
  for (uint32_t row = 0; row < SSIM_SIDE; row++) {
    add_pixels(&sum, &rows, row, x + row * stride, y + row * stride);
    if (row + 1 < SSIM_WINDOW) continue;
    total += windows(&sum);
    take_pixels(&sum, &rows, row + 1 - SSIM_WINDOW);
    if ((row + 1) % WINDOWS_A_SUM) continue;
    for (uint32_t lane = 0; lane < width; lane++) whole += total[lane];
    total = (ints){0};
  }
  for (uint32_t lane = 0; lane < width; lane++) whole += total[lane];
  return whole;
}

/// The last strip ends before the rows do: what is read beyond must be there.
TARGET static int64_t last_strip(const uint8_t *x, const uint8_t *y) {
  enum { FIRST = (SSIM_STRIPS - 1) * RASTER_LANES, REST = SSIM_SIDE - FIRST };
  uint8_t samples[2][SSIM_SIDE][2 * RASTER_LANES] = {0};
  for (uint32_t row = 0; row < SSIM_SIDE; row++) {
    memcpy(samples[0][row], x + row * SSIM_SIDE + FIRST, REST);
    memcpy(samples[1][row], y + row * SSIM_SIDE + FIRST, REST);
  }
  return strip(samples[0][0], samples[1][0], 2 * RASTER_LANES, SSIM_WINDOWS - FIRST);
}

/// Strips from the middle outwards: there pictures differ most.
INLINE uint32_t strip_in_order(uint32_t k) {
  return k % 2 ? SSIM_STRIPS / 2 + k / 2 : SSIM_STRIPS / 2 - 1 - k / 2;
}

TARGET static double ssim(
    const uint8_t *x, const uint8_t *y, const double *most_of_strip, double floor) {
  if (memcmp(x, y, SSIM_SIDE * SSIM_SIDE) == 0) return 1;
  const double window_count = SSIM_WINDOWS * SSIM_WINDOWS;
  double most = 0;
  for (uint32_t s = 0; most_of_strip && s < SSIM_STRIPS; s++) most += most_of_strip[s];
  if (most_of_strip && most < floor * window_count) return -1;
  int64_t whole = 0;
  for (uint32_t k = 0; k < SSIM_STRIPS; k++) {
    const uint32_t s = strip_in_order(k), first = s * RASTER_LANES;
    const int64_t sum = s + 1 < SSIM_STRIPS ? strip(x + first, y + first, SSIM_SIDE, RASTER_LANES)
                                            : last_strip(x, y);
    whole += sum;
    if (!most_of_strip) continue;
    most += (double)sum / UNIT - most_of_strip[s];
    // Floating point may say a little less of sums that are the floor to the last bit.
    if (floor > 0 && most < floor * window_count - 0.01) return -1;
  }
  const double similarity = (double)whole / (UNIT * window_count);
  // Different pictures are never rounded up to equal ones, which join first.
  const double highest = 1 - 0x1p-53;
  return similarity < 0 ? 0 : similarity > highest ? highest : similarity;
}

TARGET static double similarity(
    int32_t measure, const uint8_t *first, const uint8_t *second, size_t sample_count) {
  (void)measure, (void)sample_count;
  return ssim(first, second, NULL, 0);
}

TARGET static size_t compare(
    const ckernels_panel *rows, uint32_t first_row, uint32_t end_row,
    const ckernels_panel *columns, ckernels_raster_hit *hits) {
  size_t count = 0;
  for (uint32_t group = 0; group * RASTER_LANES < columns->count; group++) {
    for (uint32_t row = first_row; row < end_row; row++) {
      uint32_t present = raster_columns(rows, row, columns, group);
      if (present) present &= candidates(rows, row, columns, group);
      for (; present; present &= present - 1) {
        const uint32_t column = group * RASTER_LANES + (uint32_t)__builtin_ctz(present);
        double most[SSIM_STRIPS];
        most_of_strips(raster_details(rows, row), raster_details(columns, column), most);
        const double found = ssim(
            raster_samples(rows, row), raster_samples(columns, column), most, rows->floor);
        if (found >= rows->floor) hits[count++] = (ckernels_raster_hit){row, column, found};
      }
    }
  }
  return count;
}

const raster_kernels KERNELS = {
    .extract = extract, .compare = compare, .similarity = similarity,
    .feature_count = FEATURES * SSIM_GROUPS, .detail_size = sizeof(ssim_cells)};
