// Complex-wavelet SSIM, included once for any processor and once with AVX2. Floating point goes in one
// order, lane by lane, so both copies give the same bits.
// The includer defines TARGET, an attribute, and KERNELS and PAIRS, the names of the tables.
//
// The bound: with p = sqrt(sum |x|²) and q = sqrt(sum |y|²) of a window, |sum x conj(y)| is at most p q,
// so a window loses at least (p - q)² / (p² + q² + K) of 1. Summed over a quarter of the windows with
// their weights, by Cauchy's inequality, that is at least (sum p - sum q)² / sum (p² + q² + K): two
// numbers of each quarter of each orientation, eight pairs at once.
#include "cw.h"
#include "raster.h"

#include <math.h>
#include <string.h>

// A fused product would round once where others round twice.
#pragma STDC FP_CONTRACT OFF

// Vectors are passed by inlined functions only, so how they would be passed is of no account.
#pragma clang diagnostic ignored "-Wpsabi"
#define INLINE TARGET static inline __attribute__((always_inline))

_Static_assert(CW_ORIENTATIONS == RASTER_LANES, "a lane an orientation");

typedef float wide __attribute__((vector_size(4 * CW_BAND)));
typedef float floats __attribute__((vector_size(4 * RASTER_LANES)));
typedef int32_t masks __attribute__((vector_size(4 * RASTER_LANES)));

/// Windows row by row, and what a vector at the last row's place writes beyond them.
enum { CW_ROOM = CW_WINDOWS * (CW_WINDOWS - 1) + CW_BAND };
_Static_assert(CW_ROOM >= CW_PLACES, "vectors of windows end within the room");

INLINE wide load(const float *from) {
  wide values;
  memcpy(&values, from, sizeof values);
  return values;
}

/// Sums of seven rows: of two, four and seven, for nothing is ever subtracted from a sum.
INLINE void down_windows(const wide rows[CW_BAND], wide sums[CW_WINDOWS]) {
  wide twos[CW_BAND - 1], fours[CW_BAND - 3];
  for (uint32_t y = 0; y + 1 < CW_BAND; y++) twos[y] = rows[y] + rows[y + 1];
  for (uint32_t y = 0; y + 3 < CW_BAND; y++) fours[y] = twos[y] + twos[y + 2];
  for (uint32_t y = 0; y < CW_WINDOWS; y++) sums[y] = fours[y] + (twos[y + 4] + rows[y + 6]);
}

/// Sums of a row's seven neighbours, for the first ten; the others are of no account.
INLINE wide across_windows(wide v) {
  const wide twos = v + __builtin_shufflevector(
      v, v, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15);
  const wide fours = twos + __builtin_shufflevector(
      twos, twos, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15, 15);
  const wide others = __builtin_shufflevector(
      twos, twos, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15, 15, 15, 15);
  return fours + (others + __builtin_shufflevector(
      v, v, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15, 15, 15, 15, 15, 15));
}

/// The sums of all windows, row by row without gaps.
INLINE void sums_of_windows(const wide rows[CW_BAND], float to[CW_ROOM]) {
  wide sums[CW_WINDOWS];
  down_windows(rows, sums);
  for (uint32_t y = 0; y < CW_WINDOWS; y++) {
    const wide of_row = across_windows(sums[y]);
    memcpy(to + y * CW_WINDOWS, &of_row, sizeof of_row);
  }
}

#include "cw_transform.h"

#define SQUARE_ROOT(values) __builtin_elementwise_sqrt(values)

/// The similarity of two rasters in one orientation: the weighted mean over windows.
TARGET static double of_orientation(
    const cw_tables *tables, const cw_row *x, const cw_row *y, uint32_t b) {
  wide real[CW_BAND], imaginary[CW_BAND], sums[2][CW_WINDOWS];
  for (uint32_t row = 0; row < CW_BAND; row++) {
    const wide a = load(x->bands[b][row][0]), p = load(x->bands[b][row][1]);
    const wide c = load(y->bands[b][row][0]), q = load(y->bands[b][row][1]);
    real[row] = a * c + p * q;
    imaginary[row] = p * c - a * q;
  }
  down_windows(real, sums[0]);
  down_windows(imaginary, sums[1]);
  float squares[CW_ROOM];
  for (uint32_t row = 0; row < CW_WINDOWS; row++) {
    const wide r = across_windows(sums[0][row]), i = across_windows(sums[1][row]);
    const wide square = r * r + i * i;
    memcpy(squares + row * CW_WINDOWS, &square, sizeof square);
  }
  floats total = {0};
  for (uint32_t k = 0; k < CW_PLACES; k += RASTER_LANES) {
    floats square, of_x, of_y, weight;
    memcpy(&square, squares + k, sizeof square);
    memcpy(&of_x, x->energies[b] + k, sizeof of_x);
    memcpy(&of_y, y->energies[b] + k, sizeof of_y);
    memcpy(&weight, tables->weights + k, sizeof weight);
    const floats upper = 2 * SQUARE_ROOT(square) + CW_CONSTANT;
    total += weight * (upper / (of_x + of_y + CW_CONSTANT));
  }
  double sum = 0;
  for (uint32_t lane = 0; lane < RASTER_LANES; lane++) sum += total[lane];
  return sum;
}

/// Bounds are right to 2^-20 and similarities of windows to 2^-19, so the sum of eight to 2^-15: what is
/// ruled out by more than this is below the floor.
#define SLACK 0x1p-13

/// What is lost at least in each orientation.
INLINE floats losses(const cw_row *x, const cw_row *y) {
  floats loss = {0};
  for (uint32_t quarter = 0; quarter < CW_QUARTERS; quarter++) {
    floats p, q, square, other;
    memcpy(&p, x->roots[quarter], sizeof p);
    memcpy(&q, y->roots[quarter], sizeof q);
    memcpy(&square, x->squares[quarter], sizeof square);
    memcpy(&other, y->squares[quarter], sizeof other);
    loss += (p - q) * (p - q) / (square + other);
  }
  return loss;
}

/// The similarity of two different rasters, or -1 as soon as it cannot be `floor`; with a floor of 0 it
/// is always found.
TARGET static double similarity_of_rows(const cw_row *x, const cw_row *y, double floor) {
  // Far apart first: neighbours say much the same.
  static const uint8_t order[CW_ORIENTATIONS] = {0, 4, 2, 6, 1, 5, 3, 7};
  const cw_tables *tables = cw_shared_tables();
  const floats loss = losses(x, y);
  double found[CW_ORIENTATIONS], most = CW_ORIENTATIONS;
  for (uint32_t b = 0; b < CW_ORIENTATIONS; b++) most -= loss[b];
  for (uint32_t k = 0; k < CW_ORIENTATIONS; k++) {
    const uint32_t b = order[k];
    found[b] = of_orientation(tables, x, y, b);
    most += found[b] - (1 - (double)loss[b]);
    if (floor > 0 && most < floor * CW_ORIENTATIONS - SLACK) return -1;
  }
  double sum = 0;
  for (uint32_t b = 0; b < CW_ORIENTATIONS; b++) sum += found[b];
  // Different pictures are never rounded up to equal ones, which join first.
  const double highest = 1 - 0x1p-53;
  return sum / CW_ORIENTATIONS > highest ? highest : sum / CW_ORIENTATIONS;
}

TARGET static double similarity(
    int32_t measure, const uint8_t *first, const uint8_t *second, size_t sample_count) {
  (void)measure;
  if (memcmp(first, second, sample_count) == 0) return 1;
  cw_row rows[2];
  prepare(first, &rows[0]);
  prepare(second, &rows[1]);
  return similarity_of_rows(&rows[0], &rows[1], 0);
}

TARGET static void extract(
    const ckernels_panel *panel, const uint8_t *samples, float *features, void *details) {
  (void)panel;
  cw_row *row = details;
  prepare(samples, row);
  for (uint32_t quarter = 0; quarter < CW_QUARTERS; quarter++) {
    for (uint32_t b = 0; b < CW_ORIENTATIONS; b++) {
      float *to = features + (quarter * CW_ORIENTATIONS + b) * 2 * RASTER_LANES;
      to[0] = row->roots[quarter][b];
      to[RASTER_LANES] = row->squares[quarter][b];
    }
  }
}

TARGET static uint32_t candidates(
    const ckernels_panel *rows, uint32_t row, const ckernels_panel *columns, uint32_t group) {
  enum { STEP = 2 * RASTER_LANES, COUNT = CW_QUARTERS * CW_ORIENTATIONS };
  const float *x = raster_features(rows, row);
  const float *y = columns->features + (size_t)group * rows->feature_count * RASTER_LANES;
  const float limit = (float)((1 - rows->floor) * CW_ORIENTATIONS + SLACK);
  floats sum = {0};
  masks within = sum <= limit;
  for (uint32_t start = 0; start < COUNT; start += CW_ORIENTATIONS) {
    for (uint32_t k = start; k < start + CW_ORIENTATIONS; k++) {
      floats q, square;
      memcpy(&q, y + k * STEP, sizeof q);
      memcpy(&square, y + k * STEP + RASTER_LANES, sizeof square);
      const floats apart = q - x[k * STEP];
      sum += apart * apart / (square + x[k * STEP + RASTER_LANES]);
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
        const int is_equal = memcmp(
            raster_samples(rows, row), raster_samples(columns, column), rows->sample_count) == 0;
        const double found = is_equal ? 1
            : similarity_of_rows(raster_details(rows, row), raster_details(columns, column),
                                 rows->floor);
        if (found >= rows->floor) hits[count++] = (ckernels_raster_hit){row, column, found};
      }
    }
  }
  return count;
}

const raster_kernels KERNELS = {
    .extract = extract, .compare = compare, .similarity = similarity,
    .feature_count = 2 * CW_QUARTERS * CW_ORIENTATIONS, .detail_size = sizeof(cw_row)};

TARGET static double whole_similarity(const cw_row *x, const cw_row *y) {
  return similarity_of_rows(x, y, 0);
}

const cw_kernels PAIRS = {.prepare = prepare, .similarity = whole_similarity};
