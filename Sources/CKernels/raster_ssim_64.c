// For any processor, rasters of 64x64.
#define SSIM_SIDE 64
#define TARGET
#define KERNELS ckernels_raster_ssim_64_portable
#include "raster_ssim.h"
