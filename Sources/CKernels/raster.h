// What the raster kernels share; not seen by Swift.
#ifndef CKERNELS_RASTER_H
#define CKERNELS_RASTER_H
#include "ckernels.h"

/// Columns that a bound is taken of at once; features lie lane by lane.
enum { RASTER_LANES = 8 };

/// One set of kernels: from the same source, for any processor or with AVX2, with the same results.
typedef struct {
  /// Writes the features of one row, a lane apart, and its details.
  void (*extract)(
      const ckernels_panel *panel, const uint8_t *samples, float *features, void *details);
  /// As `ckernels_panel_compare`, of at most RASTER_UNIT_ROWS rows.
  size_t (*compare)(
      const ckernels_panel *rows, uint32_t first_row, uint32_t end_row,
      const ckernels_panel *columns, ckernels_raster_hit *hits);
  /// The similarity of two rows, by the formula alone.
  double (*similarity)(
      int32_t measure, const uint8_t *first, const uint8_t *second, size_t sample_count);
  uint32_t feature_count;  // of a row; 0 where its length decides
  size_t detail_size;      // bytes that a row has besides
} raster_kernels;

/// Rows that are compared with a group of columns while that is in the nearest cache.
enum { RASTER_UNIT_ROWS = 16 };

extern const raster_kernels ckernels_raster_distance_portable, ckernels_raster_distance_avx2;
extern const raster_kernels ckernels_raster_ssim_32_portable, ckernels_raster_ssim_32_avx2;
extern const raster_kernels ckernels_raster_ssim_64_portable, ckernels_raster_ssim_64_avx2;
extern const raster_kernels ckernels_raster_ssim_128_portable, ckernels_raster_ssim_128_avx2;
extern const raster_kernels ckernels_raster_ssim_256_portable, ckernels_raster_ssim_256_avx2;
extern const raster_kernels ckernels_cw_portable, ckernels_cw_avx2;

struct ckernels_panel {
  int32_t measure;
  uint32_t side, channel_count, count;
  size_t sample_count;
  double floor;
  const raster_kernels *kernels;
  uint8_t *samples;  // `sample_count` a row
  uint32_t feature_count;
  float *features;  // of eight rows: feature by feature, a lane a row
  uint64_t *squares;  // the sum of squares of each row
  uint8_t *details;  // of each row, `detail_size` of the kernels
  float *reach;  // two rows may be links if their distance² is at most the product of both
};

/// The features of a row: the first, others RASTER_LANES apart.
static inline const float *raster_features(const ckernels_panel *panel, uint32_t row) {
  return panel->features +
         (size_t)(row / RASTER_LANES) * panel->feature_count * RASTER_LANES + row % RASTER_LANES;
}

/// The columns of a group that a row is compared with, a bit each: those that are there and, where a
/// panel is compared with itself, come later.
static inline uint32_t raster_columns(
    const ckernels_panel *rows, uint32_t row, const ckernels_panel *columns, uint32_t group) {
  const uint32_t first = group * RASTER_LANES, rest = columns->count - first;
  uint32_t present = rest < RASTER_LANES ? (1u << rest) - 1 : (1u << RASTER_LANES) - 1;
  if (rows != columns || row < first) return present;
  return row - first + 1 < RASTER_LANES ? present & (~0u << (row - first + 1)) : 0;
}

static inline const uint8_t *raster_samples(const ckernels_panel *panel, uint32_t row) {
  return panel->samples + row * panel->sample_count;
}

/// What a row has besides its features: some structure of the kernels'.
static inline void *raster_details(const ckernels_panel *panel, uint32_t row) {
  return panel->details + row * panel->kernels->detail_size;
}

#endif
