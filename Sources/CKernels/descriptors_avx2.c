// Descriptors with AVX2: those of the second image are laid out so that 64 (ORB) or 16 (SIFT) are met at
// once, a lane each, so many that what is loaded of a row serves two vectors.
#if defined(__x86_64__)
#include <immintrin.h>

#include "descriptors.h"

#include <string.h>

#define TARGET __attribute__((target("avx2,popcnt,bmi")))

enum {
  VECTORS = 2,
  VECTOR_BYTES = 32,
  ORB_LANES = VECTORS * VECTOR_BYTES,
  ORB_NIBBLES = 2 * ORB_BYTES,
  ORB_LOOKS = 2,  ///< Places where the rest of a group's nibbles may be left out.
  VECTOR_NUMBERS = 8,  ///< Of 32 bits.
  SIFT_LANES = VECTORS * VECTOR_NUMBERS,
  SIFT_ROWS = 4  ///< Rows that meet a group's columns while those are in registers.
};

/// How many bits of a nibble differ from each of the sixteen, twice, for a look-up in registers.
typedef struct {
  uint8_t distances[16][32] __attribute__((aligned(32)));
} nibble_tables;

static void make_tables(nibble_tables *tables) {
  for (uint32_t nibble = 0; nibble < 16; nibble++)
    for (uint32_t other = 0; other < 32; other++)
      tables->distances[nibble][other] = (uint8_t)__builtin_popcount(nibble ^ (other & 15));
}

/// Nibbles of all columns: of 64 columns nibble by nibble, a lane a column.
typedef struct {
  uint8_t nibbles[DESCRIPTORS_MAXIMUM / ORB_LANES][ORB_NIBBLES][ORB_LANES]
      __attribute__((aligned(32)));
} orb_columns;

static void lay_out_orb(orb_columns *columns, const uint8_t *records, uint32_t count) {
  for (uint32_t place = 0; place < count; place++) {
    const uint8_t *bits = orb_bits(records, place);
    uint8_t(*group)[ORB_LANES] = columns->nibbles[place / ORB_LANES];
    for (uint32_t k = 0; k < ORB_BYTES; k++) {
      group[2 * k][place % ORB_LANES] = bits[k] & 15;
      group[2 * k + 1][place % ORB_LANES] = bits[k] >> 4;
    }
  }
}

/// Distances from a row to 64 columns, exact up to ORB_DISTANCE; a bit for each that is no farther.
TARGET static uint64_t orb_distances(
    const nibble_tables *tables, const uint8_t *row, const uint8_t (*group)[ORB_LANES],
    uint8_t *distances) {
  // From five eighths of the bits on, those of unrelated descriptors are mostly over the limit.
  static const uint32_t looks[ORB_LOOKS + 1] = {40, 52, ORB_NIBBLES};
  const __m256i limit = _mm256_set1_epi8(ORB_DISTANCE);
  __m256i sums[VECTORS] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  uint32_t nibble = 0;
  uint64_t within = 0;
  for (uint32_t look = 0; look <= ORB_LOOKS; look++) {
    for (; nibble < looks[look]; nibble += 2) {
      const uint8_t byte = row[nibble / 2];
      const __m256i low = _mm256_load_si256((const __m256i *)tables->distances[byte & 15]);
      const __m256i high = _mm256_load_si256((const __m256i *)tables->distances[byte >> 4]);
      const __m256i *of_low = (const __m256i *)group[nibble];
      const __m256i *of_high = (const __m256i *)group[nibble + 1];
      // At most 4 a look-up: 64 of them come to 256, and 255 is as far.
      for (uint32_t v = 0; v < VECTORS; v++) {
        sums[v] = _mm256_adds_epu8(sums[v], _mm256_shuffle_epi8(low, of_low[v]));
        sums[v] = _mm256_adds_epu8(sums[v], _mm256_shuffle_epi8(high, of_high[v]));
      }
    }
    within = 0;
    for (uint32_t v = 0; v < VECTORS; v++) {
      const __m256i is_within = _mm256_cmpeq_epi8(_mm256_min_epu8(sums[v], limit), sums[v]);
      within |= (uint64_t)(uint32_t)_mm256_movemask_epi8(is_within) << (VECTOR_BYTES * v);
    }
    if (!within) return 0;
  }
  memcpy(distances, sums, sizeof sums);
  return within;
}

TARGET void ckernels_orb_avx2(
    const uint8_t *first, uint32_t first_count, const uint8_t *second, uint32_t second_count,
    nearest_descriptors *of_first, nearest_descriptors *of_second) {
  nibble_tables tables;
  orb_columns columns;
  make_tables(&tables);
  if (second_count == 0) return;
  memset(columns.nibbles[(second_count - 1) / ORB_LANES], 0, sizeof columns.nibbles[0]);
  lay_out_orb(&columns, second, second_count);
  for (uint32_t start = 0; start < second_count; start += ORB_LANES) {
    const uint32_t rest = second_count - start;
    const uint64_t present = rest < ORB_LANES ? (1ull << rest) - 1 : ~0ull;
    for (uint32_t i = 0; i < first_count; i++) {
      uint8_t distances[ORB_LANES];
      uint64_t within = present & orb_distances(
          &tables, orb_bits(first, i), columns.nibbles[start / ORB_LANES], distances);
      for (; within; within &= within - 1) {
        const uint32_t lane = (uint32_t)__builtin_ctzll(within);
        take_distance(of_first, i, distances[lane], start + lane);
        take_distance(of_second, start + lane, distances[lane], i);
      }
    }
  }
}

/// Numbers of all columns: of sixteen columns, two numbers of each in its lane, 64 times.
typedef struct {
  int16_t numbers[DESCRIPTORS_MAXIMUM / SIFT_LANES][SIFT_NUMBERS / 2][2 * SIFT_LANES]
      __attribute__((aligned(32)));
  int32_t squares[DESCRIPTORS_MAXIMUM] __attribute__((aligned(32)));
} sift_columns;

static void lay_out_sift(sift_columns *columns, const uint8_t *records, uint32_t count) {
  for (uint32_t place = 0; place < count; place++) {
    const uint8_t *numbers = sift_numbers(records, place);
    int16_t(*group)[2 * SIFT_LANES] = columns->numbers[place / SIFT_LANES];
    for (uint32_t k = 0; k < SIFT_NUMBERS; k++)
      group[k / 2][place % SIFT_LANES * 2 + k % 2] = numbers[k];
    columns->squares[place] = (int32_t)sift_squares(numbers);
  }
}

/// Nearest, second and place of eight at once.
typedef struct {
  __m256i distance, second, place;
} nearest_lanes;

TARGET static inline void take_lanes(nearest_lanes *nearest, __m256i distance, __m256i place) {
  const __m256i nearer = _mm256_cmpgt_epi32(nearest->distance, distance);
  const __m256i larger = _mm256_max_epi32(nearest->distance, distance);
  nearest->second = _mm256_min_epi32(nearest->second, larger);
  nearest->distance = _mm256_min_epi32(nearest->distance, distance);
  nearest->place = _mm256_blendv_epi8(nearest->place, place, nearer);
}

/// Squared distances of four rows to sixteen columns: 64 times two products each.
TARGET static inline void sift_distances(
    int16_t rows[SIFT_ROWS][SIFT_NUMBERS], const int32_t *row_squares,
    const int16_t (*group)[2 * SIFT_LANES], const int32_t *column_squares,
    __m256i distances[SIFT_ROWS][VECTORS]) {
  __m256i sums[SIFT_ROWS][VECTORS];
  for (uint32_t r = 0; r < SIFT_ROWS; r++)
    for (uint32_t v = 0; v < VECTORS; v++) sums[r][v] = _mm256_setzero_si256();
  for (uint32_t k = 0; k < SIFT_NUMBERS / 2; k++) {
    const __m256i *columns = (const __m256i *)group[k];
    for (uint32_t r = 0; r < SIFT_ROWS; r++) {
      int32_t two;
      memcpy(&two, &rows[r][2 * k], sizeof two);
      const __m256i of_row = _mm256_set1_epi32(two);
      for (uint32_t v = 0; v < VECTORS; v++)
        sums[r][v] = _mm256_add_epi32(sums[r][v], _mm256_madd_epi16(columns[v], of_row));
    }
  }
  for (uint32_t v = 0; v < VECTORS; v++) {
    const __m256i of_columns = _mm256_load_si256((const __m256i *)column_squares + v);
    for (uint32_t r = 0; r < SIFT_ROWS; r++) {
      const __m256i squares = _mm256_add_epi32(of_columns, _mm256_set1_epi32(row_squares[r]));
      distances[r][v] = _mm256_sub_epi32(squares, _mm256_slli_epi32(sums[r][v], 1));
    }
  }
}

/// Eight lanes of a row, each the best of its columns, into one: by distance, then by place.
static void reduce_lanes(const nearest_lanes *lanes, nearest_descriptors *nearest, uint32_t of) {
  int32_t distance[VECTOR_NUMBERS], second[VECTOR_NUMBERS], place[VECTOR_NUMBERS];
  memcpy(distance, &lanes->distance, sizeof distance);
  memcpy(second, &lanes->second, sizeof second);
  memcpy(place, &lanes->place, sizeof place);
  uint32_t best = 0;
  for (uint32_t lane = 1; lane < VECTOR_NUMBERS; lane++)
    if (distance[lane] < distance[best] ||
        (distance[lane] == distance[best] && place[lane] < place[best]))
      best = lane;
  int32_t next = second[best];
  for (uint32_t lane = 0; lane < VECTOR_NUMBERS; lane++)
    if (lane != best && distance[lane] < next) next = distance[lane];
  nearest->distance[of] = distance[best];
  nearest->second[of] = next;
  nearest->place[of] = place[best];
}

TARGET void ckernels_sift_avx2(
    const uint8_t *first, uint32_t first_count, const uint8_t *second, uint32_t second_count,
    nearest_descriptors *of_first, nearest_descriptors *of_second) {
  sift_columns columns;
  nearest_lanes of_columns[DESCRIPTORS_MAXIMUM / VECTOR_NUMBERS];
  const __m256i none = _mm256_set1_epi32(NO_DISTANCE), nowhere = _mm256_set1_epi32(-1);
  const __m256i steps = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const uint32_t groups = (second_count + SIFT_LANES - 1) / SIFT_LANES;
  if (groups == 0) return;
  memset(columns.numbers[groups - 1], 0, sizeof columns.numbers[0]);
  memset(columns.squares + SIFT_LANES * (groups - 1), 0, SIFT_LANES * sizeof(int32_t));
  lay_out_sift(&columns, second, second_count);
  for (uint32_t part = 0; part < VECTORS * groups; part++)
    of_columns[part] = (nearest_lanes){none, none, nowhere};
  const __m256i end = _mm256_set1_epi32((int32_t)second_count);
  for (uint32_t start = 0; start < first_count; start += SIFT_ROWS) {
    const uint32_t rest = first_count - start, row_count = rest < SIFT_ROWS ? rest : SIFT_ROWS;
    int16_t rows[SIFT_ROWS][SIFT_NUMBERS] = {{0}};
    int32_t squares[SIFT_ROWS] = {0};
    for (uint32_t r = 0; r < row_count; r++) {
      const uint8_t *numbers = sift_numbers(first, start + r);
      for (uint32_t k = 0; k < SIFT_NUMBERS; k++) rows[r][k] = numbers[k];
      squares[r] = (int32_t)sift_squares(numbers);
    }
    nearest_lanes of_rows[SIFT_ROWS];
    for (uint32_t r = 0; r < SIFT_ROWS; r++) of_rows[r] = (nearest_lanes){none, none, nowhere};
    for (uint32_t group = 0; group < groups; group++) {
      __m256i distances[SIFT_ROWS][VECTORS];
      sift_distances(
          rows, squares, columns.numbers[group], columns.squares + SIFT_LANES * group, distances);
      for (uint32_t v = 0; v < VECTORS; v++) {
        const uint32_t part = VECTORS * group + v;
        const __m256i place =
            _mm256_add_epi32(steps, _mm256_set1_epi32((int32_t)(VECTOR_NUMBERS * part)));
        // A lane without a column is as far as can be.
        const __m256i is_there = _mm256_cmpgt_epi32(end, place);
        for (uint32_t r = 0; r < row_count; r++) {
          const __m256i distance = _mm256_blendv_epi8(none, distances[r][v], is_there);
          take_lanes(&of_columns[part], distance, _mm256_set1_epi32((int32_t)(start + r)));
          take_lanes(&of_rows[r], distance, place);
        }
      }
    }
    for (uint32_t r = 0; r < row_count; r++) reduce_lanes(&of_rows[r], of_first, start + r);
  }
  for (uint32_t place = 0; place < second_count; place++) {
    int32_t distance[VECTOR_NUMBERS], next[VECTOR_NUMBERS], row[VECTOR_NUMBERS];
    const nearest_lanes *part = &of_columns[place / VECTOR_NUMBERS];
    memcpy(distance, &part->distance, sizeof distance);
    memcpy(next, &part->second, sizeof next);
    memcpy(row, &part->place, sizeof row);
    of_second->distance[place] = distance[place % VECTOR_NUMBERS];
    of_second->second[place] = next[place % VECTOR_NUMBERS];
    of_second->place[place] = row[place % VECTOR_NUMBERS];
  }
}
#else
typedef int ckernels_no_descriptors_avx2;
#endif
