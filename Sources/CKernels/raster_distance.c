// For any processor.
#define TARGET
#define KERNELS ckernels_raster_distance_portable
#include "raster_distance.h"
