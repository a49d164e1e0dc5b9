// With AVX2.
#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2")))
#define KERNELS ckernels_cw_avx2
#define PAIRS ckernels_cw_pairs_avx2
#include "cw_kernels.h"
#else
typedef int ckernels_cw_no_avx2;
#endif
