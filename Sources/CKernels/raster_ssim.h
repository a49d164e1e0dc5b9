// SSIM of rasters, included once for any processor and once with AVX2. Integers are exact and floating
// point goes in one order, lane by lane, so both copies give the same bits.
// The includer defines TARGET, an attribute, and KERNELS, the name of the table.
//
// The bound: with means m and deviations s of a window, SSIM is at most min(l, c), where
// 1 - l = (m - m')² / (m² + m'² + C1) and, as no correlation is over 1, 1 - c is at least
// (s - s')² / (s² + s'² + C2). Summed over a group of windows, by Cauchy's inequality, each is at
// least (sum m - sum m')² / sum (m² + m'² + C1): four sums of a group say what a pair loses there.
#include "raster.h"

#include <math.h>
#include <string.h>

// A fused product would round once where others round twice.
#pragma STDC FP_CONTRACT OFF

enum { GROUPS_A_LOOK = 8, GROUP_STRIDE = 27, FEATURES = 4 };
// The place of group g is g * 27 mod 64, and 27 * 19 is 1 mod 64.
enum { GROUP_UNSTRIDE = 19 };

// Vectors are passed by inlined functions only, so how they would be passed is of no account.
#pragma clang diagnostic ignored "-Wpsabi"
#define INLINE TARGET static inline __attribute__((always_inline))

typedef uint8_t bytes __attribute__((vector_size(2 * RASTER_LANES)));
typedef uint16_t shorts __attribute__((vector_size(4 * RASTER_LANES)));
typedef int32_t ints __attribute__((vector_size(4 * RASTER_LANES)));
typedef float floats __attribute__((vector_size(4 * RASTER_LANES)));

/// The two constants of SSIM for a range of 255, K1 .01 and K2 .03.
static const double c1 = 0.01 * 255 * (0.01 * 255), c2 = 0.03 * 255 * (0.03 * 255);
/// The same beside sums: means by the count of pixels, sample variances by that times one less.
#define MEAN_CONSTANT (float)(c1 * SSIM_PIXELS * SSIM_PIXELS)
#define VARIANCE_CONSTANT (float)(c2 * SSIM_PIXELS * (SSIM_PIXELS - 1))
#define FLOATS(values) __builtin_convertvector(values, floats)
/// The whole numbers in which SSIM is summed; a column of windows of a strip stays under 2^31.
#define UNIT 0x1p24f

static const uint8_t nothing[SSIM_SIDE];

/// Sums of seven neighbours.
TARGET static inline void sums_across(const int32_t *restrict sum, uint32_t count, int32_t *restrict to) {
  for (uint32_t i = 0; i < count; i++)
    to[i] = sum[i] + sum[i + 1] + sum[i + 2] + sum[i + 3] + sum[i + 4] + sum[i + 5] + sum[i + 6];
}

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
  for (uint32_t row = 0; row < SSIM_SIDE; row++) {
    add_pixels(&sum, &rows, row, x + row * stride, y + row * stride);
    if (row + 1 < SSIM_WINDOW) continue;
    total += windows(&sum);
    take_pixels(&sum, &rows, row + 1 - SSIM_WINDOW);
  }
  int64_t whole = 0;
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

TARGET static double ssim(
    const uint8_t *x, const uint8_t *y, const double *most_of_strip, double floor) {
  if (memcmp(x, y, SSIM_SIDE * SSIM_SIDE) == 0) return 1;
  // From the middle outwards: there pictures differ most.
  static const uint8_t order[SSIM_STRIPS] = {3, 5, 1, 4, 6, 2, 0, 7};
  const double window_count = SSIM_WINDOWS * SSIM_WINDOWS;
  double most = 0;
  for (uint32_t s = 0; most_of_strip && s < SSIM_STRIPS; s++) most += most_of_strip[s];
  int64_t whole = 0;
  for (uint32_t k = 0; k < SSIM_STRIPS; k++) {
    const uint32_t s = order[k], first = s * RASTER_LANES;
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

/// What eight columns lose in a group with a row: at least so many windows' worth.
#define LOSS(loss, row, column)                                                      \
  do {                                                                               \
    floats m, l, s, v;                                                               \
    memcpy(&m, (column), sizeof m);                                                  \
    memcpy(&l, (column) + RASTER_LANES, sizeof l);                                   \
    memcpy(&s, (column) + 2 * RASTER_LANES, sizeof s);                               \
    memcpy(&v, (column) + 3 * RASTER_LANES, sizeof v);                               \
    m -= (row)[0];                                                                   \
    l += (row)[RASTER_LANES];                                                        \
    s -= (row)[2 * RASTER_LANES];                                                    \
    v += (row)[3 * RASTER_LANES];                                                    \
    /* The larger of m² / l and s² / v, with one division. */                        \
    const floats means = m * m * v, deviations = s * s * l;                          \
    const ints is_mean = means > deviations;                                        \
    (loss) = (floats)((ints)means & is_mean | (ints)deviations & ~is_mean) / (l * v); \
  } while (0)

TARGET static uint32_t candidates(
    const ckernels_panel *rows, uint32_t row, const ckernels_panel *columns, uint32_t group) {
  const float *of_row = raster_features(rows, row);
  const float *of_column = columns->features + (size_t)group * rows->feature_count * RASTER_LANES;
  // Features are right to 2^-18 of themselves, and so a loss of all windows to well under one.
  const float limit = (float)((1 - rows->floor) * SSIM_WINDOWS * SSIM_WINDOWS) + 1;
  floats sum = {0};
  ints within = sum <= limit;
  for (uint32_t start = 0; start < SSIM_GROUPS; start += GROUPS_A_LOOK) {
    for (uint32_t k = start; k < start + GROUPS_A_LOOK; k++) {
      floats loss;
      LOSS(loss, of_row + k * FEATURES * RASTER_LANES, of_column + k * FEATURES * RASTER_LANES);
      sum += loss;
    }
    within = sum <= limit;
    uint64_t parts[RASTER_LANES / 2];
    memcpy(parts, &within, sizeof parts);
    if (!(parts[0] | parts[1] | parts[2] | parts[3])) return 0;
  }
  uint32_t found = 0;
  for (uint32_t lane = 0; lane < RASTER_LANES; lane++) found |= (within[lane] & 1u) << lane;
  return found;
}

/// Adds what a row of windows has to the sums of its strips.
INLINE void add_windows(
    const int32_t *x, const int32_t *xx, floats sums[SSIM_STRIPS][FEATURES]) {
  for (uint32_t strip = 0; strip < SSIM_STRIPS; strip++) {
    ints of_pixels, of_squares;
    memcpy(&of_pixels, x + strip * RASTER_LANES, sizeof of_pixels);
    memcpy(&of_squares, xx + strip * RASTER_LANES, sizeof of_squares);
    const floats mean = FLOATS(of_pixels) / SSIM_PIXELS;
    const floats variance = FLOATS(SSIM_PIXELS * of_squares - of_pixels * of_pixels) /
                            (SSIM_PIXELS * (SSIM_PIXELS - 1));
    sums[strip][0] += mean;
    sums[strip][1] += mean * mean + (float)(c1 / 2);
    sums[strip][2] += __builtin_elementwise_sqrt(variance);
    sums[strip][3] += variance + (float)(c2 / 2);
  }
}

/// Writes the sums of a band's strips; lanes beyond the last window do not count.
INLINE void write_band(uint32_t band, floats sums[SSIM_STRIPS][FEATURES], float *features) {
  for (uint32_t strip = 0; strip < SSIM_STRIPS; strip++) {
    const uint32_t rest = SSIM_WINDOWS - strip * RASTER_LANES;
    const uint32_t group = band * SSIM_STRIPS + strip;
    const uint32_t place = group * GROUP_STRIDE % SSIM_GROUPS;
    for (uint32_t f = 0; f < FEATURES; f++) {
      float sum = 0;
      for (uint32_t lane = 0; lane < RASTER_LANES && lane < rest; lane++)
        sum += sums[strip][f][lane];
      features[(place * FEATURES + f) * RASTER_LANES] = sum;
    }
  }
}

TARGET static void extract(const ckernels_panel *panel, const uint8_t *samples, float *features) {
  (void)panel;
  enum { PADDED = SSIM_STRIPS * RASTER_LANES };
  int32_t columns[2][PADDED + SSIM_WINDOW] = {0}, of_windows[2][PADDED];
  floats sums[SSIM_STRIPS][FEATURES] = {0};
  for (uint32_t row = 0; row < SSIM_SIDE; row++) {
    const uint8_t *gone = row < SSIM_WINDOW ? nothing : samples + (row - SSIM_WINDOW) * SSIM_SIDE;
    for (uint32_t i = 0; i < SSIM_SIDE; i++) {
      const int32_t a = samples[row * SSIM_SIDE + i], b = gone[i];
      columns[0][i] += a - b;
      columns[1][i] += a * a - b * b;
    }
    if (row + 1 < SSIM_WINDOW) continue;
    sums_across(columns[0], PADDED, of_windows[0]);
    sums_across(columns[1], PADDED, of_windows[1]);
    add_windows(of_windows[0], of_windows[1], sums);
    const uint32_t window = row + 1 - SSIM_WINDOW, band = window * SSIM_BANDS / SSIM_WINDOWS;
    if (band == (window + 1) * SSIM_BANDS / SSIM_WINDOWS) continue;
    write_band(band, sums, features);
    memset(sums, 0, sizeof sums);
  }
}

/// The most that the SSIM of the windows of each strip can add up to.
TARGET static void most_of_strips(
    const ckernels_panel *rows, uint32_t row, const ckernels_panel *columns, uint32_t column,
    double most[SSIM_STRIPS]) {
  const float *x = raster_features(rows, row), *y = raster_features(columns, column);
  for (uint32_t s = 0; s < SSIM_STRIPS; s++) {
    const uint32_t rest = SSIM_WINDOWS - s * RASTER_LANES;
    // A loss is right to well under a window, here an eighth of all.
    most[s] = SSIM_WINDOWS * (rest < RASTER_LANES ? rest : RASTER_LANES) + 0.1;
  }
  for (uint32_t k = 0; k < SSIM_GROUPS; k++) {
    const uint32_t at = k * FEATURES * RASTER_LANES;
    const float m = x[at] - y[at], l = x[at + RASTER_LANES] + y[at + RASTER_LANES];
    const float s = x[at + 2 * RASTER_LANES] - y[at + 2 * RASTER_LANES];
    const float v = x[at + 3 * RASTER_LANES] + y[at + 3 * RASTER_LANES];
    const float of_means = m * m / l, of_deviations = s * s / v;
    most[k * GROUP_UNSTRIDE % SSIM_STRIPS] -= of_means > of_deviations ? of_means : of_deviations;
  }
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
        most_of_strips(rows, row, columns, column, most);
        const double found = ssim(
            raster_samples(rows, row), raster_samples(columns, column), most, rows->floor);
        if (found >= rows->floor) hits[count++] = (ckernels_raster_hit){row, column, found};
      }
    }
  }
  return count;
}

const raster_kernels KERNELS = {extract, compare, similarity};
