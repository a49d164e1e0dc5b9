// 512 columns at once, with the instructions of AVX-512, of which one is any function of three digits: a
// full adder is two of them instead of five.
#if defined(__x86_64__)
#include <immintrin.h>
#define LANES 512
#define TARGET "avx512f,bmi,popcnt"
#define SUM(a, b, c) (digit) _mm512_ternarylogic_epi64((__m512i)(a), (__m512i)(b), (__m512i)(c), 0x96)
#define CARRY(a, b, c) (digit) _mm512_ternarylogic_epi64((__m512i)(a), (__m512i)(b), (__m512i)(c), 0xE8)
#include "hamming_sliced.h"

const hamming_sliced ckernels_hamming_avx512 = {LANES, prepare, scan_unit};
#endif
