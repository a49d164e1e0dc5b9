// The formulas with AVX2.
#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2")))
#define FORMULAS ckernels_avx2_formulas
#include "raster_formulas.h"
#else
typedef int ckernels_no_avx2;
#endif
