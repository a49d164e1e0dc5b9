// The AVX-512 kernel's own layout, for the scan's frame.
#ifndef CKERNELS_HAMMING_AVX512_H
#define CKERNELS_HAMMING_AVX512_H
#include "hamming.h"

/// Columns in the kernel's layout; NULL if memory ran out. The caller frees.
uint64_t *ckernels_hamming_avx512_columns(
    const uint64_t *words, uint32_t word_count, uint32_t count);

/// After how many words to look whether any pair can still be within the maximum.
uint32_t ckernels_hamming_avx512_first_look(uint32_t word_count, uint32_t maximum_distance);

hamming_scan_function ckernels_hamming_avx512;
#endif
