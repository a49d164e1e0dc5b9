// What the raster kernels share; not seen by Swift.
#ifndef CKERNELS_RASTER_H
#define CKERNELS_RASTER_H
#include "ckernels.h"

/// Sums over the samples of two rows, exact.
typedef struct {
  uint64_t difference;  // of squared differences
  uint64_t first, second;  // of squares
} raster_sums;

/// The formulas, one copy for any processor and one with AVX2; both give the same bits.
typedef struct {
  raster_sums (*sums)(const uint8_t *first, const uint8_t *second, size_t count);
  double (*ssim)(const uint8_t *first, const uint8_t *second, uint32_t side);
} raster_formulas;

extern const raster_formulas ckernels_portable_formulas, ckernels_avx2_formulas;

struct ckernels_panel {
  int32_t measure;
  uint32_t side, channel_count, count;
  size_t sample_count;
  double floor;
  const raster_formulas *formulas;
  uint8_t *samples;  // `sample_count` a row
};

/// The window of SSIM.
enum { SSIM_WINDOW = 7, SSIM_PIXELS = SSIM_WINDOW * SSIM_WINDOW, SSIM_MOST_SIDE = 128 };

/// The two constants of SSIM for a range of 255, K1 .01 and K2 .03, scaled like the sums below: means
/// by the count of pixels, variances by the count times one less (a sample variance).
#define SSIM_C1 (0.01 * 255 * (0.01 * 255) * SSIM_PIXELS * SSIM_PIXELS)
#define SSIM_C2 (0.03 * 255 * (0.03 * 255) * SSIM_PIXELS * (SSIM_PIXELS - 1))

#endif
