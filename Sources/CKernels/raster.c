// Panels of rasters: copies, choice of kernels, comparison.
#include "raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const raster_formulas *formulas_of(int32_t kernel) {
#if defined(__x86_64__)
  if (kernel >= CKERNELS_AVX2 && ckernels_hamming_supports(CKERNELS_AVX2))
    return &ckernels_avx2_formulas;
#else
  (void)kernel;
#endif
  return &ckernels_portable_formulas;
}

/// The formula of `mse`.
static double mse(raster_sums sums, size_t sample_count) {
  return 1000 / (1000 + (double)sums.difference / (double)sample_count);
}

/// The formula of `tm`: nothing over nothing is two black pictures, which are equal.
static double tm(raster_sums sums) {
  if (sums.difference == 0) return 1;
  const double product = (double)sums.first * (double)sums.second;
  const double similarity = 1 - (double)sums.difference / sqrt(product);
  return similarity > 0 ? similarity : 0;
}

static double similarity(
    const raster_formulas *formulas, int32_t measure, uint32_t side, size_t sample_count,
    const uint8_t *first, const uint8_t *second) {
  if (measure == CKERNELS_SSIM) return formulas->ssim(first, second, side);
  const raster_sums sums = formulas->sums(first, second, sample_count);
  return measure == CKERNELS_MSE ? mse(sums, sample_count) : tm(sums);
}

double ckernels_raster_similarity(
    int32_t measure, uint32_t side, uint32_t channel_count, const uint8_t *first,
    const uint8_t *second) {
  return similarity(formulas_of(CKERNELS_AVX2), measure, side,
                    (size_t)side * side * channel_count, first, second);
}

size_t ckernels_panel_bytes(
    int32_t measure, uint32_t side, uint32_t channel_count, uint32_t count) {
  (void)measure;
  return sizeof(ckernels_panel) + (size_t)side * side * channel_count * count;
}

ckernels_panel *ckernels_panel_open(
    int32_t kernel, int32_t measure, uint32_t side, uint32_t channel_count, double floor,
    const uint8_t *rows, uint32_t count) {
  ckernels_panel *panel = calloc(1, sizeof *panel);
  if (!panel) return NULL;
  panel->measure = measure;
  panel->side = side;
  panel->channel_count = channel_count;
  panel->count = count;
  panel->floor = floor;
  panel->formulas = formulas_of(kernel);
  panel->sample_count = (size_t)side * side * channel_count;
  const size_t size = panel->sample_count * count;
  panel->samples = malloc(size ? size : 1);
  if (!panel->samples) {
    ckernels_panel_free(panel);
    return NULL;
  }
  if (size) memcpy(panel->samples, rows, size);
  return panel;
}

size_t ckernels_panel_compare(
    const ckernels_panel *rows, uint32_t first_row, uint32_t end_row,
    const ckernels_panel *columns, ckernels_raster_hit *hits) {
  size_t count = 0;
  for (uint32_t row = first_row; row < end_row; row++) {
    const uint8_t *first = rows->samples + row * rows->sample_count;
    for (uint32_t column = rows == columns ? row + 1 : 0; column < columns->count; column++) {
      const uint8_t *second = columns->samples + column * rows->sample_count;
      const double found = similarity(
          rows->formulas, rows->measure, rows->side, rows->sample_count, first, second);
      if (found < rows->floor) continue;
      hits[count++] = (ckernels_raster_hit){row, column, found};
    }
  }
  return count;
}

void ckernels_panel_free(ckernels_panel *panel) {
  if (!panel) return;
  free(panel->samples);
  free(panel);
}
