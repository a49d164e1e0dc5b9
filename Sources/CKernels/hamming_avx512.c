// The same with the instructions of AVX-512, of which one is any function of three digits: a full adder
// is two of them instead of five.
#if defined(__x86_64__)
#include <immintrin.h>
#define TARGET "avx512f,avx512vl,bmi,popcnt"
#define SUM(a, b, c) (digit) _mm256_ternarylogic_epi64((__m256i)(a), (__m256i)(b), (__m256i)(c), 0x96)
#define CARRY(a, b, c) (digit) _mm256_ternarylogic_epi64((__m256i)(a), (__m256i)(b), (__m256i)(c), 0xE8)
#include "hamming_sliced.h"

const hamming_sliced ckernels_hamming_avx512 = {prepare, scan_unit};
#endif
