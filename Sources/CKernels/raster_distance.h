// Distances of rasters for `mse` and `tm`, included once for any processor and once with AVX2.
// The includer defines TARGET, an attribute, and KERNELS, the name of the table.
//
// The bound: cells of 8x8 samples. By Cauchy's inequality the squared difference of two cells is at
// least that of their sums / 64; what the sums leave of each raster is a vector at right angles to
// them, so the difference of its two lengths is one more coordinate. 65 numbers instead of 4,096, and
// a sum that only grows, so most pairs end after a few.
#include "raster.h"

#include <math.h>
#include <string.h>

enum { CELL = 8, FEATURES_A_LOOK = 8, CELL_STRIDE = 29, MOST_SAMPLES = 4096 };

typedef float floats __attribute__((vector_size(4 * RASTER_LANES)));
typedef int32_t masks __attribute__((vector_size(4 * RASTER_LANES)));

/// Coordinates are right to 2^-23 of at most 2^14, which squares out to less than this beside a part
/// in ten thousand.
static const float slack = 1;
static const float slack_share = 1.0001f;

TARGET static uint32_t candidates(
    const ckernels_panel *rows, uint32_t row, const ckernels_panel *columns, uint32_t group) {
  const uint32_t count = rows->feature_count;
  const float *of_row = raster_features(rows, row);
  const float *of_column = columns->features + (size_t)group * count * RASTER_LANES;
  floats reach, sum = {0};
  memcpy(&reach, columns->reach + group * RASTER_LANES, sizeof reach);
  const floats limit = reach * (rows->reach[row] * slack_share) + slack;
  masks within = sum <= limit;
  for (uint32_t start = 0; start < count; start += FEATURES_A_LOOK) {
    const uint32_t end = count - start < FEATURES_A_LOOK ? count : start + FEATURES_A_LOOK;
    for (uint32_t k = start; k < end; k++) {
      floats column;
      memcpy(&column, of_column + k * RASTER_LANES, sizeof column);
      const floats difference = column - of_row[k * RASTER_LANES];
      sum += difference * difference;
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

/// The formula of `mse`.
static double mse(uint64_t difference, size_t sample_count) {
  return 1000 / (1000 + (double)difference / (double)sample_count);
}

/// The formula of `tm`: nothing over nothing is two black pictures, which are equal.
static double tm(uint64_t difference, uint64_t first_squares, uint64_t second_squares) {
  if (difference == 0) return 1;
  const double product = (double)first_squares * (double)second_squares;
  const double similarity = 1 - (double)difference / sqrt(product);
  return similarity > 0 ? similarity : 0;
}

TARGET static double similarity(
    int32_t measure, const uint8_t *first, const uint8_t *second, size_t sample_count) {
  uint32_t difference = 0, of_first = 0, of_second = 0;  // 2^16 squares of bytes fit
  for (size_t i = 0; i < sample_count; i++) {
    const int16_t a = first[i], b = second[i], apart = (int16_t)(a - b);
    difference += (uint32_t)(apart * apart);
    of_first += (uint32_t)(a * a);
    of_second += (uint32_t)(b * b);
  }
  return measure == CKERNELS_MSE ? mse(difference, sample_count)
                                 : tm(difference, of_first, of_second);
}

/// The inner products of some rows with a column. A sum of 2^15 products fits 32 bits.
#ifndef PRODUCTS
#define PRODUCTS(ROWS)                                                            \
  static void products_##ROWS(                                                    \
      const int16_t *const rows[], const uint8_t *column, size_t count,           \
      uint32_t *products) {                                                       \
    int32_t sums[ROWS] = {0};                                                     \
    for (size_t i = 0; i < count; i++)                                            \
      for (int k = 0; k < ROWS; k++) sums[k] += rows[k][i] * (int16_t)column[i];  \
    for (int k = 0; k < ROWS; k++) products[k] = (uint32_t)sums[k];               \
  }
#endif
PRODUCTS(1)
PRODUCTS(2)
PRODUCTS(4)

/// A unit's rows, widened, so that each sample of a column is widened once for four of them.
typedef struct {
  int16_t samples[RASTER_UNIT_ROWS][MOST_SAMPLES];
} wide_rows;

/// Compares a column with the rows that it may be a link of, a bit each; rows count from `first_row`.
TARGET static size_t compare_column(
    const wide_rows *wide, const ckernels_panel *rows, uint32_t first_row, uint32_t mask,
    const ckernels_panel *columns, uint32_t column, ckernels_raster_hit *hits) {
  const uint8_t *samples = raster_samples(columns, column);
  size_t count = 0;
  while (mask) {
    uint32_t places[4], products[4], taken = 0;
    const int16_t *of_rows[4];
    const uint32_t left = (uint32_t)__builtin_popcount(mask);
    const uint32_t most = left >= 4 ? 4 : left >= 2 ? 2 : 1;
    for (; taken < most; taken++, mask &= mask - 1) {
      places[taken] = (uint32_t)__builtin_ctz(mask);
      of_rows[taken] = wide->samples[places[taken]];
    }
    (most == 4 ? products_4 : most == 2 ? products_2 : products_1)(
        of_rows, samples, rows->sample_count, products);
    for (uint32_t k = 0; k < taken; k++) {
      const uint32_t row = first_row + places[k];
      const uint64_t of_row = rows->squares[row], of_column = columns->squares[column];
      const uint64_t difference = of_row + of_column - 2 * (uint64_t)products[k];
      const double found = rows->measure == CKERNELS_MSE ? mse(difference, rows->sample_count)
                                                         : tm(difference, of_row, of_column);
      if (found >= rows->floor) hits[count++] = (ckernels_raster_hit){row, column, found};
    }
  }
  return count;
}

TARGET static size_t compare(
    const ckernels_panel *rows, uint32_t first_row, uint32_t end_row,
    const ckernels_panel *columns, ckernels_raster_hit *hits) {
  wide_rows wide;
  for (uint32_t row = first_row; row < end_row; row++)
    for (size_t i = 0; i < rows->sample_count; i++)
      wide.samples[row - first_row][i] = raster_samples(rows, row)[i];
  size_t count = 0;
  for (uint32_t group = 0; group * RASTER_LANES < columns->count; group++) {
    uint32_t rows_of_column[RASTER_LANES] = {0};
    for (uint32_t row = first_row; row < end_row; row++) {
      uint32_t present = raster_columns(rows, row, columns, group);
      if (present) present &= candidates(rows, row, columns, group);
      for (; present; present &= present - 1)
        rows_of_column[__builtin_ctz(present)] |= 1u << (row - first_row);
    }
    for (uint32_t lane = 0; lane < RASTER_LANES; lane++)
      count += compare_column(
          &wide, rows, first_row, rows_of_column[lane], columns, group * RASTER_LANES + lane,
          hits + count);
  }
  return count;
}

/// The sum of a cell of one channel; samples of channels alternate.
TARGET static uint32_t cell_sum(const uint8_t *corner, uint32_t side, uint32_t channels) {
  uint32_t sum = 0;
  for (uint32_t y = 0; y < CELL; y++)
    for (uint32_t x = 0; x < CELL; x++) sum += corner[((size_t)y * side + x) * channels];
  return sum;
}

TARGET static void extract(
    const ckernels_panel *panel, const uint8_t *samples, float *features, void *none) {
  (void)none;
  const uint32_t channels = panel->channel_count, across = panel->side / CELL;
  const uint32_t cells = across * across * channels;
  uint64_t squares = 0, of_cells = 0;
  for (size_t i = 0; i < panel->sample_count; i++)
    squares += (uint32_t)samples[i] * samples[i];
  for (uint32_t k = 0; k < cells; k++) {
    // Cells far apart come one after the other: neighbours say much the same.
    const uint32_t cell = k * CELL_STRIDE % cells;
    const uint32_t x = cell / channels % across, y = cell / channels / across;
    const uint8_t *corner =
        samples + ((size_t)y * CELL * panel->side + x * CELL) * channels + cell % channels;
    const uint32_t sum = cell_sum(corner, panel->side, channels);
    of_cells += (uint64_t)sum * sum;
    features[k * RASTER_LANES] = (float)sum / CELL;
  }
  // 64 times what is left, in integers.
  const double left = (double)(squares * CELL * CELL - of_cells);
  features[cells * RASTER_LANES] = (float)(sqrt(left) / CELL);
}

const raster_kernels KERNELS = {
    .extract = extract, .compare = compare, .similarity = similarity};
