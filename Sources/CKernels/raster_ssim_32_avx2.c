// With AVX2, rasters of 32x32.
#if defined(__x86_64__)
#define SSIM_SIDE 32
#define TARGET __attribute__((target("avx2")))
#define KERNELS ckernels_raster_ssim_32_avx2
#include "raster_ssim.h"
#else
typedef int ckernels_no_avx2;
#endif
