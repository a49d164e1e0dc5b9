// The AVX2 kernel's own layouts, for the scan's frame.
#ifndef CKERNELS_HAMMING_AVX2_H
#define CKERNELS_HAMMING_AVX2_H
#include "hamming.h"

/// Distances are bytes, which saturate: up to 254 they are exact. The sum of 256 bits' distances fits.
enum { CKERNELS_AVX2_MAXIMUM_WORDS = 4, CKERNELS_AVX2_MAXIMUM_DISTANCE = 254 };

/// Rows or columns in the kernel's layout; NULL if memory ran out. The caller frees.
uint64_t *ckernels_hamming_avx2_columns(const uint64_t *words, uint32_t word_count, uint32_t count);
uint64_t *ckernels_hamming_avx2_rows(const uint64_t *words, uint32_t word_count, uint32_t count);

/// After how many triples of nibbles to look whether any pair can still be within the maximum.
uint32_t ckernels_hamming_avx2_first_look(uint32_t word_count, uint32_t maximum_distance);

hamming_scan_function ckernels_hamming_avx2;
#endif
