#pragma once

// How every kernel here is compiled: for the widest registers that the processor has, sums in lanes side
// by side that are brought together in one order, and no fused multiply-adds. So the bits do not depend
// on how wide the registers are.
#pragma STDC FP_CONTRACT OFF
#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

enum { LANES = 8 };

#define SUM_OF_LANES(sums) \
  ((((sums)[0] + (sums)[4]) + ((sums)[2] + (sums)[6])) + (((sums)[1] + (sums)[5]) + ((sums)[3] + (sums)[7])))
