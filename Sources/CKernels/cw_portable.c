// For any processor.
#define TARGET
#define KERNELS ckernels_cw_portable
#define PAIRS ckernels_cw_pairs_portable
#include "cw_kernels.h"
