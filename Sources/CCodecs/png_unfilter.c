// Undoing PNG's row filters (PNG specification, chapter 9).
//
// A pixel depends on its left, upper and upper-left neighbours, so one row is a chain of a dozen
// dependent instructions a pixel. Four rows are undone at once instead, as a wavefront: in step t,
// lane r works on pixel t - r of row r, so that the pixel above it left lane r - 1 one step ago.
// One vector of sixteen bytes is four pixels of four rows; neighbours are earlier results, shifted
// by a lane. This file has the wavefront of four rows in SSE2, which every x86-64 processor has;
// png_unfilter_avx2.c has one of eight.
#include <string.h>
#include "internal.h"

static inline uint8_t paeth(int a, int b, int c) {
  const int pa = b > c ? b - c : c - b;
  const int pb = a > c ? a - c : c - a;
  const int sum = a + b - 2 * c;
  const int pc = sum < 0 ? -sum : sum;
  return (uint8_t)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

CCODECS_WIDE static void add_above(uint8_t *restrict row, const uint8_t *above, size_t count) {
  for (size_t i = 0; i < count; i++) row[i] = (uint8_t)(row[i] + above[i]);
}

bool unfilter_row(uint8_t *row, const uint8_t *above, uint8_t filter, size_t count, size_t step) {
  const size_t first = step < count ? step : count;
  switch (filter) {
  case 0:
    return true;
  case 1:
    for (size_t i = first; i < count; i++) row[i] = (uint8_t)(row[i] + row[i - step]);
    return true;
  case 2:
    add_above(row, above, count);
    return true;
  case 3:
    for (size_t i = 0; i < first; i++) row[i] = (uint8_t)(row[i] + above[i] / 2);
    for (size_t i = first; i < count; i++) {
      row[i] = (uint8_t)(row[i] + (row[i - step] + above[i]) / 2);
    }
    return true;
  case 4:
    for (size_t i = 0; i < first; i++) row[i] = (uint8_t)(row[i] + above[i]);
    for (size_t i = first; i < count; i++) {
      row[i] = (uint8_t)(row[i] + paeth(row[i - step], above[i], above[i - step]));
    }
    return true;
  default:
    return false;
  }
}

// The same, row after row, from three or four bytes a pixel to four.
static void unfilter_portable(
    const uint8_t *raw, size_t stride, size_t step, uint32_t width, int32_t row_count,
    const uint8_t *above, uint8_t *const *rows) {
  for (int32_t k = 0; k < row_count; k++, raw += stride) {
    const uint8_t filter = raw[0];
    uint8_t left[4] = {0}, corner[4] = {0};
    for (size_t x = 0; x < width; x++) {
      uint8_t up[4];
      memcpy(up, above + 4 * x, 4);
      for (size_t c = 0; c < step; c++) {
        const uint8_t value = raw[1 + x * step + c];
        const int predicted = filter == 0   ? 0
                              : filter == 1 ? left[c]
                              : filter == 2 ? up[c]
                              : filter == 3 ? (left[c] + up[c]) / 2
                                            : paeth(left[c], up[c], corner[c]);
        left[c] = (uint8_t)(value + predicted);
        corner[c] = up[c];
      }
      memcpy(rows[k] + 4 * x, left, 4);
    }
    above = rows[k];
  }
}

#if defined(__SSE2__)
#include <emmintrin.h>

typedef struct wave {
  __m128i left;        // results of the step before
  __m128i corner;      // the pixels above of the step before
  __m128i use_left, use_above, use_corner;  // lanes whose filter looks there
  __m128i average;     // lanes of the average filter
} wave;

static inline __m128i load(const uint8_t *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }
static inline void store(uint8_t *p, __m128i v) { _mm_storeu_si128((__m128i *)(void *)p, v); }

static inline __m128i choose(__m128i mask, __m128i yes, __m128i no) {
  return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

// Paeth's predictor in bytes. With the neighbours that a filter ignores set to zero it is also
// the predictor of None, Sub and Up.
static inline __m128i paeth16(__m128i a, __m128i b, __m128i c) {
  const __m128i upper_b = _mm_max_epu8(b, c), upper_a = _mm_max_epu8(a, c);
  const __m128i pa = _mm_sub_epi8(upper_b, _mm_min_epu8(b, c));
  const __m128i pb = _mm_sub_epi8(upper_a, _mm_min_epu8(a, c));
  // On the same side of c, |a + b - 2c| is pa + pb and never the least: 255 stands for it.
  const __m128i same_side = _mm_cmpeq_epi8(_mm_cmpeq_epi8(upper_b, b), _mm_cmpeq_epi8(upper_a, a));
  const __m128i apart = _mm_or_si128(_mm_subs_epu8(pa, pb), _mm_subs_epu8(pb, pa));
  const __m128i pc = _mm_or_si128(apart, same_side);
  const __m128i least = _mm_min_epu8(pa, _mm_min_epu8(pb, pc));
  const __m128i b_or_c = choose(_mm_cmpeq_epi8(pb, least), b, c);
  return choose(_mm_cmpeq_epi8(pa, least), a, b_or_c);
}

static inline __attribute__((always_inline)) __m128i wave_step(
    wave *w, __m128i raw, __m128i above_first, bool averages) {
  const __m128i above = _mm_or_si128(_mm_slli_si128(w->left, 4), above_first);
  __m128i predicted = paeth16(
      _mm_and_si128(w->left, w->use_left), _mm_and_si128(above, w->use_above),
      _mm_and_si128(w->corner, w->use_corner));
  if (averages) {
    const __m128i odd = _mm_and_si128(_mm_xor_si128(w->left, above), _mm_set1_epi8(1));
    const __m128i mean = _mm_sub_epi8(_mm_avg_epu8(w->left, above), odd);
    predicted = _mm_or_si128(predicted, _mm_and_si128(w->average, mean));
  }
  w->corner = above;
  w->left = _mm_add_epi8(raw, predicted);
  return w->left;
}

// Four pixels of `step` bytes as four of four.
static inline __m128i load_pixels(const uint8_t *p, size_t step) {
  const __m128i v = load(p);
  if (step == 4) return v;
  const __m128i low = _mm_unpacklo_epi32(v, _mm_srli_si128(v, 3));
  const __m128i high = _mm_unpacklo_epi32(_mm_srli_si128(v, 6), _mm_srli_si128(v, 9));
  return _mm_unpacklo_epi64(low, high);
}

static inline void transpose(__m128i v[4]) {
  const __m128i a = _mm_unpacklo_epi32(v[0], v[1]), b = _mm_unpackhi_epi32(v[0], v[1]);
  const __m128i c = _mm_unpacklo_epi32(v[2], v[3]), d = _mm_unpackhi_epi32(v[2], v[3]);
  v[0] = _mm_unpacklo_epi64(a, c);
  v[1] = _mm_unpackhi_epi64(a, c);
  v[2] = _mm_unpacklo_epi64(b, d);
  v[3] = _mm_unpackhi_epi64(b, d);
}

static inline __attribute__((always_inline)) void run_wave(
    wave w, const uint8_t *const data[4], size_t step, uint32_t width, const uint8_t *above,
    uint8_t *const *rows, bool averages) {
  const __m128i first_lane = _mm_set_epi32(0, 0, 0, -1);
  __m128i started = first_lane;  // lanes that are past the left edge
  for (size_t t = 0; t < (size_t)width + 3; t += 4) {
    __m128i v[4];
    for (size_t r = 0; r < 4; r++) v[r] = load_pixels(data[r] + (t * step) - (r * step), step);
    transpose(v);
    __m128i up = load(above + 4 * t);
    for (size_t s = 0; s < 4; s++) {
      v[s] = wave_step(&w, v[s], _mm_and_si128(up, first_lane), averages);
      up = _mm_srli_si128(up, 4);
      if (t == 0) {
        v[s] = w.left = _mm_and_si128(w.left, started);
        started = _mm_or_si128(_mm_slli_si128(started, 4), first_lane);
      }
    }
    transpose(v);
    for (size_t r = 0; r < 4; r++) store(rows[r] + 4 * t - 4 * r, v[r]);
  }
}

static void unfilter_wave(
    const uint8_t *raw, size_t stride, size_t step, uint32_t width, int32_t row_count,
    const uint8_t *above, uint8_t *const *rows) {
  const uint8_t *data[4];
  int32_t filter[4];
  bool averages = false;
  for (int32_t k = 0; k < 4; k++) {
    const uint8_t *row = raw + (size_t)(k < row_count ? k : row_count - 1) * stride;
    data[k] = row + 1;
    filter[k] = k < row_count ? row[0] : 0;
    averages = averages || filter[k] == 3;
  }
#define LANES(test) _mm_set_epi32( \
    -(filter[3] test), -(filter[2] test), -(filter[1] test), -(filter[0] test))
  const __m128i sub = LANES(== 1), up = LANES(== 2), mean = LANES(== 3), paeth = LANES(== 4);
#undef LANES
  const wave w = {
      .left = _mm_setzero_si128(),
      .corner = _mm_setzero_si128(),
      .use_left = _mm_or_si128(sub, paeth),
      .use_above = _mm_or_si128(up, paeth),
      .use_corner = paeth,
      .average = mean,
  };
  if (step == 4) {
    if (averages) run_wave(w, data, 4, width, above, rows, true);
    else run_wave(w, data, 4, width, above, rows, false);
  } else {
    if (averages) run_wave(w, data, 3, width, above, rows, true);
    else run_wave(w, data, 3, width, above, rows, false);
  }
}
#endif

void unfilter_rows(
    const uint8_t *raw, size_t stride, int32_t bytes_per_pixel, uint32_t width,
    int32_t row_count, const uint8_t *above, uint8_t *const rows[8], bool portable) {
  const size_t step = (size_t)bytes_per_pixel;
#if defined(__x86_64__)
  if (!portable && row_count > 4 && unfilter_wave8(raw, stride, step, width, row_count, above, rows)) {
    return;
  }
#endif
#if defined(__SSE2__)
  if (!portable) {
    const int32_t first = row_count < 4 ? row_count : 4;
    unfilter_wave(raw, stride, step, width, first, above, rows);
    if (row_count <= 4) return;
    unfilter_wave(raw + 4 * stride, stride, step, width, row_count - 4, rows[3], rows + 4);
    return;
  }
#endif
  (void)portable;
  unfilter_portable(raw, stride, step, width, row_count, above, rows);
}
