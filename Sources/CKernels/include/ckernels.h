#ifndef CKERNELS_H
#define CKERNELS_H
#include <stddef.h>
#include <stdint.h>

/// How Hamming distances are computed. Every kernel finds the same pairs.
enum {
  CKERNELS_PORTABLE = 0,  ///< C for any processor.
  CKERNELS_POPCOUNT = 1,  ///< The same C, with the processor's 64-bit popcount.
  CKERNELS_AVX2 = 2,      ///< 256 columns at once, a bit of each (AVX2, BMI, POPCNT).
  CKERNELS_AVX512 = 3     ///< The same with 512 columns and three-way logic (AVX-512 F).
};

/// Whether this processor runs a kernel: 1 or 0.
int32_t ckernels_hamming_supports(int32_t kernel);

/// A scan of rows x columns for pairs within a Hamming distance. One thread at a time may use it.
typedef struct ckernels_hamming ckernels_hamming;

/// The hits that one call of `ckernels_hamming_next` must have room for at least.
enum { CKERNELS_HAMMING_UNIT_PAIRS = 16384 };

/// Opens a scan. Rows and columns are `word_count` 64-bit words each, row-major, bits past the end
/// zero. Each has a name below 2^24, by which hits tell it, and a weight, its multiplicity; weights
/// NULL are all one. All is copied. `columns` NULL means the rows themselves, each pair once. A
/// kernel that the processor does not run, or that would not pay for so few rows or such a distance,
/// hands over to the next. NULL if memory ran out.
ckernels_hamming *ckernels_hamming_open(
    int32_t kernel, uint32_t word_count, uint32_t maximum_distance,
    const uint64_t *rows, const uint32_t *row_names, const uint32_t *row_weights,
    uint32_t row_count, const uint64_t *columns, const uint32_t *column_names,
    const uint32_t *column_weights, uint32_t column_count);

/// Sets what joins are known: names with the same label at a level are joined by pairs closer than any
/// of the distances d with that level, `level_of_distance[d]`, -1 for none. Labels are `level_count` a
/// name. A hit that closer pairs join is counted but not written. All is copied. 1, or 0 if memory ran
/// out.
int32_t ckernels_hamming_filter(
    ckernels_hamming *scan, const int32_t *level_of_distance, const uint32_t *labels,
    uint32_t level_count);

/// Goes on with the scan until it ends, or `hits` may not hold the next unit's, which is at most
/// UNIT_PAIRS. A hit is `distance << 48 | lower name << 24 | higher name`. `counts`, of
/// `maximum_distance + 1`, grows by the product of both weights for every pair found, written or
/// dropped. Returns how many hits were written.
size_t ckernels_hamming_next(
    ckernels_hamming *scan, uint64_t *hits, size_t capacity, uint64_t *counts);

/// 1 once every pair has been compared, else 0.
int32_t ckernels_hamming_finished(const ckernels_hamming *scan);

/// Ends a scan. NULL is allowed.
void ckernels_hamming_free(ckernels_hamming *scan);

/// The orientations of a picture: turned by quarters, and mirrored.
enum { CKERNELS_ORIENTATIONS = 8 };

/// Writes the least Hamming distance, over the eight orientations, of a row and each column from
/// `first` on to `least[column]`: of the upright row and a turned column, or a turned row and the
/// upright column. `row` is ORIENTATIONS x `word_count` words of 64 bits, the upright first, `columns`
/// ORIENTATIONS x `word_count` x `column_count`. Distances are below 65,535.
void ckernels_turned_distances(
    const uint64_t *row, const uint64_t *columns, uint32_t word_count, uint32_t column_count,
    uint32_t first, uint16_t *least);

/// Similarities of rasters: rows of `side` x `side` pixels of 8 bits, `channel_count` samples each,
/// row-major: for SSIM a side of 32, 64, 128 or 256 of one, for CW-SSIM 128 x 128 of one, else at most
/// 4,096 samples and a side that 8 divides. Every one is symmetric, from 0 to 1, and 1 for equal rows
/// only.
enum {
  CKERNELS_MSE = 0,  ///< 1000 / (1000 + mean squared difference).
  CKERNELS_TM = 1,   ///< 1 - squared differences / sqrt(product of the sums of squares), at least 0.
  CKERNELS_SSIM = 2,   ///< Mean SSIM of all whole 7x7 windows, at least 0; one channel.
  CKERNELS_CWSSIM = 3  ///< Complex-wavelet SSIM; one channel.
};

/// A pair at or above the floor.
typedef struct {
  uint32_t row, column;  ///< Places in the panels compared.
  double similarity;
} ckernels_raster_hit;

/// Rasters with what a join needs of each besides its samples. Many threads may compare one panel.
typedef struct ckernels_panel ckernels_panel;

/// Prepares a panel of `count` rows, which are copied. Pairs below `floor` are not wanted of it.
/// `kernel` is CKERNELS_PORTABLE or CKERNELS_AVX2; what the processor lacks is not used, and both
/// give the same hits, bit for bit. NULL if memory ran out. `ckernels_panel_free` ends it.
ckernels_panel *ckernels_panel_open(
    int32_t kernel, int32_t measure, uint32_t side, uint32_t channel_count, double floor,
    const uint8_t *rows, uint32_t count);

/// Compares rows `first_row..<end_row` of a panel with all of another of the same kind, or, where both
/// are the same, with the later ones. `hits` has room for every pair. Returns how many are hits.
size_t ckernels_panel_compare(
    const ckernels_panel *rows, uint32_t first_row, uint32_t end_row,
    const ckernels_panel *columns, ckernels_raster_hit *hits);

/// Bytes that a panel takes.
size_t ckernels_panel_bytes(
    int32_t measure, uint32_t side, uint32_t channel_count, uint32_t count);

/// NULL is allowed.
void ckernels_panel_free(ckernels_panel *panel);

/// The similarity of two rows, by the formula alone.
double ckernels_raster_similarity(
    int32_t measure, uint32_t side, uint32_t channel_count, const uint8_t *first,
    const uint8_t *second);

/// The numbers that complex-wavelet SSIM keeps of a raster.
size_t ckernels_wavelet_count(void);

/// Writes them for a raster of 128 x 128.
void ckernels_wavelet_prepare(const uint8_t *pixels, float *numbers);

/// The similarity of two different rasters, bit for bit that of `ckernels_raster_similarity`.
double ckernels_wavelet_similarity(const float *first, const float *second);

/// Similarities of what else is kept of an image, one row of bytes an image. Every one is symmetric,
/// from 0 to 1, and 1 for equal rows.
enum {
  /// 128 slots of 16 bits: the share of equal ones.
  CKERNELS_SLOTS = 0,
  /// Six deviations and 256 fractions as 32-bit floats: half the mean of the smaller over the larger
  /// deviation, half the sum of the smaller fractions, at most 1.
  CKERNELS_STROKES = 1,
  /// 64 bits a segment, at most CKERNELS_SEGMENTS_MAXIMUM: the most of them that can be matched one to
  /// one within 16 bits, over the smaller count.
  CKERNELS_SEGMENTS = 2
};
enum { CKERNELS_SLOTS_BYTES = 256, CKERNELS_STROKES_BYTES = 1048, CKERNELS_SEGMENTS_MAXIMUM = 192 };

/// Rows with what their bounds need. Many threads may compare one panel.
typedef struct ckernels_pairs ckernels_pairs;

/// Prepares a panel of `count` rows, one after another in `bytes`, `row_bytes[r]` bytes each, which
/// are copied. Pairs below `floor` are not wanted of it. `kernel` as for `ckernels_panel_open`. NULL if
/// memory ran out. `ckernels_pairs_free` ends it.
ckernels_pairs *ckernels_pairs_open(
    int32_t kernel, int32_t measure, double floor, const uint8_t *bytes, const uint32_t *row_bytes,
    uint32_t count);

/// As `ckernels_panel_compare`.
size_t ckernels_pairs_compare(
    const ckernels_pairs *rows, uint32_t first_row, uint32_t end_row, const ckernels_pairs *columns,
    ckernels_raster_hit *hits);

/// Bytes that a panel takes whose rows have `byte_count` in all.
size_t ckernels_pairs_bytes(int32_t measure, uint32_t count, size_t byte_count);

/// NULL is allowed.
void ckernels_pairs_free(ckernels_pairs *panel);

/// The similarity of two rows, by the formula alone.
double ckernels_pairs_similarity(
    int32_t measure, const uint8_t *first, uint32_t first_bytes, const uint8_t *second,
    uint32_t second_bytes);

/// Key points with descriptors: x, y, size and angle as 32-bit floats, then the descriptor.
enum {
  CKERNELS_ORB = 0,  ///< 32 bytes of bits.
  CKERNELS_SIFT = 1  ///< 128 bytes, a number each.
};
enum { CKERNELS_ORB_BYTES = 48, CKERNELS_SIFT_BYTES = 144, CKERNELS_DESCRIPTORS_MAXIMUM = 512 };

/// Matches the descriptors of two images, of at most CKERNELS_DESCRIPTORS_MAXIMUM records each. Writes
/// for each record of the first its match in the second, or UINT32_MAX. No record has two matches, and
/// with the images exchanged the matches are the same.
///
/// ORB: each is the other's nearest by Hamming distance, at most 50; of equally near ones the first of
/// its image. SIFT: either is by Euclidean distance nearer to the other than 0.7 times the distance to
/// the second nearest: 100 d1² < 49 d2², in integers; an image of one record has no second.
///
/// `kernel` as for `ckernels_panel_open`. Returns the number of matches.
uint32_t ckernels_descriptor_matches(
    int32_t kernel, int32_t measure, const uint8_t *first, uint32_t first_count,
    const uint8_t *second, uint32_t second_count, uint32_t *matches);

/// Words of the descriptors of some images: each descriptor has one of 20 bits in each of 8 tables, some
/// of its bits (ORB) or comparisons of its numbers (SIFT). Near descriptors share some of them, others
/// hardly any.
typedef struct ckernels_words ckernels_words;
enum { CKERNELS_WORDS_TABLES = 8, CKERNELS_WORDS_MAXIMUM_ROWS = 512 };

/// Takes the words of `count` images of `record_counts[r]` records each, which begin `starts[r]` bytes
/// after `bytes`. Keeps no pointer. NULL if memory ran out. `ckernels_words_free` ends it. Many threads
/// may compare one.
ckernels_words *ckernels_words_open(
    int32_t measure, const uint8_t *bytes, const size_t *starts, const uint32_t *record_counts,
    uint32_t count);

/// Writes for each image of `rows` how many words it shares with each of `columns`, row-major: of all
/// tables, a word that an image has more than once counting once.
void ckernels_words_shared(
    const ckernels_words *rows, const ckernels_words *columns, uint16_t *shared);

/// How many words an image has in all tables, each counting once.
uint32_t ckernels_words_count(const ckernels_words *words, uint32_t row);

/// Bytes that the words of so many records take at most, while they are taken.
size_t ckernels_words_bytes(uint32_t record_count);

/// NULL is allowed.
void ckernels_words_free(ckernels_words *words);

#endif
