// Panels of rasters: copies, choice of kernels, comparison.
#include "raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_SAMPLES = 64 };

#if defined(__x86_64__)
#define BOTH(name) {&ckernels_##name##_portable, &ckernels_##name##_avx2}
#else
#define BOTH(name) {&ckernels_##name##_portable, &ckernels_##name##_portable}
#endif

static const raster_kernels *kernels_of(int32_t kernel, int32_t measure, uint32_t side) {
  static const raster_kernels *const distance[] = BOTH(raster_distance), *const wavelet[] = BOTH(cw);
  static const raster_kernels *const structure[][2] = {
      BOTH(raster_ssim_32), BOTH(raster_ssim_64), BOTH(raster_ssim_128), BOTH(raster_ssim_256)};
  const int wide = kernel >= CKERNELS_AVX2 && ckernels_hamming_supports(CKERNELS_AVX2);
  if (measure == CKERNELS_CWSSIM) return wavelet[wide];
  if (measure != CKERNELS_SSIM) return distance[wide];
  return structure[side <= 32 ? 0 : side <= 64 ? 1 : side <= 128 ? 2 : 3][wide];
}

static uint64_t sum_of_squares(const uint8_t *samples, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += (uint32_t)samples[i] * samples[i];
  return sum;
}

double ckernels_raster_similarity(
    int32_t measure, uint32_t side, uint32_t channel_count, const uint8_t *first,
    const uint8_t *second) {
  return kernels_of(CKERNELS_AVX2, measure, side)
      ->similarity(measure, first, second, (size_t)side * side * channel_count);
}

static uint32_t feature_count(const raster_kernels *kernels, size_t sample_count) {
  return kernels->feature_count ? kernels->feature_count
                                : (uint32_t)(sample_count / CELL_SAMPLES) + 1;
}

/// Rows with the lanes that fill the last group.
static size_t lane_count(uint32_t count) {
  return ((size_t)count + RASTER_LANES - 1) / RASTER_LANES * RASTER_LANES;
}

size_t ckernels_panel_bytes(
    int32_t measure, uint32_t side, uint32_t channel_count, uint32_t count) {
  const size_t samples = (size_t)side * side * channel_count;
  const raster_kernels *kernels = kernels_of(CKERNELS_AVX2, measure, side);
  return sizeof(ckernels_panel) + (samples + kernels->detail_size) * count +
         lane_count(count) *
             (feature_count(kernels, samples) * sizeof(float) + sizeof(uint64_t) + sizeof(float));
}

static int allocate(ckernels_panel *panel) {
  const size_t size = panel->sample_count * panel->count, lanes = lane_count(panel->count);
  panel->samples = malloc(size ? size : 1);
  panel->features = calloc(lanes * panel->feature_count + 1, sizeof(float));
  panel->squares = calloc(lanes + 1, sizeof(uint64_t));
  panel->reach = calloc(lanes + 1, sizeof(float));
  panel->details = calloc(panel->count + 1, panel->kernels->detail_size + 1);
  return panel->samples && panel->features && panel->squares && panel->reach && panel->details;
}

/// The root of the largest squared distance at which a row may still be a link of one like itself.
static float reach(const ckernels_panel *panel, uint64_t squares) {
  if (panel->floor <= 0) return 1e9f;  // more than any distance
  if (panel->measure == CKERNELS_TM) return (float)sqrt((1 - panel->floor) * (double)squares);
  return (float)sqrt((1000 / panel->floor - 1000) * (double)panel->sample_count);
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
  panel->kernels = kernels_of(kernel, measure, side);
  panel->sample_count = (size_t)side * side * channel_count;
  panel->feature_count = feature_count(panel->kernels, panel->sample_count);
  if (!allocate(panel)) {
    ckernels_panel_free(panel);
    return NULL;
  }
  if (count) memcpy(panel->samples, rows, panel->sample_count * count);
  for (uint32_t row = 0; row < count; row++) {
    const uint8_t *samples = panel->samples + row * panel->sample_count;
    panel->kernels->extract(
        panel, samples, (float *)raster_features(panel, row), raster_details(panel, row));
    panel->squares[row] = sum_of_squares(samples, panel->sample_count);
    panel->reach[row] = reach(panel, panel->squares[row]);
  }
  return panel;
}

size_t ckernels_panel_compare(
    const ckernels_panel *rows, uint32_t first_row, uint32_t end_row,
    const ckernels_panel *columns, ckernels_raster_hit *hits) {
  size_t count = 0;
  for (uint32_t row = first_row; row < end_row; row += RASTER_UNIT_ROWS) {
    const uint32_t end = end_row - row < RASTER_UNIT_ROWS ? end_row : row + RASTER_UNIT_ROWS;
    count += rows->kernels->compare(rows, row, end, columns, hits + count);
  }
  return count;
}

void ckernels_panel_free(ckernels_panel *panel) {
  if (!panel) return;
  free(panel->samples);
  free(panel->features);
  free(panel->squares);
  free(panel->reach);
  free(panel->details);
  free(panel);
}
