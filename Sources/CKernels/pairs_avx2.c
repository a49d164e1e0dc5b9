// With AVX2.
#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,popcnt,bmi")))
#define KERNELS ckernels_pairs_avx2
#define LANES_OF(lanes) (uint32_t)_mm256_movemask_epi8((__m256i)(lanes))

#include "pairs_bounds.h"
#else
typedef int ckernels_no_pairs_avx2;
#endif
