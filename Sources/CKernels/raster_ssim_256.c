// For any processor, rasters of 256x256.
#define SSIM_SIDE 256
#define TARGET
#define KERNELS ckernels_raster_ssim_256_portable
#include "raster_ssim.h"
