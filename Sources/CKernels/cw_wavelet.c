// Rasters prepared one by one.
#include "cw.h"
#include "ckernels.h"

static const cw_kernels *kernels(void) {
#if defined(__x86_64__)
  if (ckernels_hamming_supports(CKERNELS_AVX2)) return &ckernels_cw_pairs_avx2;
#endif
  return &ckernels_cw_pairs_portable;
}

size_t ckernels_wavelet_count(void) { return sizeof(cw_row) / sizeof(float); }

void ckernels_wavelet_prepare(const uint8_t *pixels, float *numbers) {
  kernels()->prepare(pixels, (cw_row *)numbers);
}

double ckernels_wavelet_similarity(const float *first, const float *second) {
  return kernels()->similarity((const cw_row *)first, (const cw_row *)second);
}
