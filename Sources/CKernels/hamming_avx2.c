// 256 columns at once, with the instructions of AVX2.
#if defined(__x86_64__)
#define LANES 256
#define TARGET "avx2,bmi,popcnt"
#define SUM(a, b, c) ((a) ^ (b) ^ (c))
#define CARRY(a, b, c) (((a) & (b)) | (((a) ^ (b)) & (c)))
#include "hamming_sliced.h"

const hamming_sliced ckernels_hamming_avx2 = {LANES, prepare, scan_unit};
#endif
