// For any processor.
#define TARGET
#define KERNELS ckernels_raster_ssim_portable
#include "raster_ssim.h"
