// For any processor, rasters of 32x32.
#define SSIM_SIDE 32
#define TARGET
#define KERNELS ckernels_raster_ssim_32_portable
#include "raster_ssim.h"
