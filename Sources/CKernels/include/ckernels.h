#ifndef CKERNELS_H
#define CKERNELS_H
#include <stddef.h>
#include <stdint.h>

/// How Hamming distances are computed. Every kernel finds the same pairs.
enum {
  CKERNELS_PORTABLE = 0,  ///< C for any processor.
  CKERNELS_POPCOUNT = 1,  ///< The same C, with the processor's 64-bit popcount.
  CKERNELS_AVX2 = 2,      ///< Distances of 32 columns at once, by table look-ups in registers.
  CKERNELS_AVX512 = 3     ///< Popcounts of 8 words at once (AVX-512 F and VPOPCNTDQ).
};

/// Whether this processor runs a kernel: 1 or 0.
int32_t ckernels_hamming_supports(int32_t kernel);

/// A scan of rows x columns for pairs within a Hamming distance. One thread at a time may use it.
typedef struct ckernels_hamming ckernels_hamming;

/// The hits that one call of `ckernels_hamming_next` must have room for at least.
enum { CKERNELS_HAMMING_UNIT_ROWS = 16, CKERNELS_HAMMING_UNIT_COLUMNS = 512 };

/// Opens a scan. Rows and columns are `word_count` 64-bit words each, row-major, bits past the end
/// zero. Each has a name below 2^24, by which hits tell it, and a weight, its multiplicity; weights
/// NULL are all one. All is copied. `columns` NULL means the rows themselves, each pair once. A
/// kernel that does not fit the processor, the width or the distance hands over to the next that
/// does. NULL if memory ran out.
ckernels_hamming *ckernels_hamming_open(
    int32_t kernel, uint32_t word_count, uint32_t maximum_distance,
    const uint64_t *rows, const uint32_t *row_names, const uint32_t *row_weights,
    uint32_t row_count, const uint64_t *columns, const uint32_t *column_names,
    const uint32_t *column_weights, uint32_t column_count);

/// Sets which hits to drop: a hit at distance d is counted but not written if
/// `level_of_distance[d] >= 0` and both names have the same label at that level. Labels are
/// `level_count` a name, for names `0..<name_count`. Both arrays are copied. 1, or 0 if memory ran out.
int32_t ckernels_hamming_filter(
    ckernels_hamming *scan, const int32_t *level_of_distance,
    const uint32_t *labels, size_t name_count, uint32_t level_count);

/// Goes on with the scan until it ends, or `hits` may not hold the next unit's, which is at most
/// UNIT_ROWS x UNIT_COLUMNS. A hit is `distance << 48 | lower name << 24 | higher name`. `counts`, of
/// `maximum_distance + 1`, grows by the product of both weights for every pair found, written or
/// dropped. Returns how many hits were written.
size_t ckernels_hamming_next(
    ckernels_hamming *scan, uint64_t *hits, size_t capacity, uint64_t *counts);

/// 1 once every pair has been compared, else 0.
int32_t ckernels_hamming_finished(const ckernels_hamming *scan);

/// Ends a scan. NULL is allowed.
void ckernels_hamming_free(ckernels_hamming *scan);

#endif
