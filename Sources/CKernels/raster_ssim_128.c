// For any processor, rasters of 128x128.
#define SSIM_SIDE 128
#define TARGET
#define KERNELS ckernels_raster_ssim_128_portable
#include "raster_ssim.h"
