#ifndef CCODECS_INTERNAL_H
#define CCODECS_INTERNAL_H
#include <stdbool.h>
#include "ccodecs.h"

#if defined(__x86_64__)
#define CCODECS_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define CCODECS_WIDE
#endif

// A growing buffer that is kept from picture to picture.
typedef struct buffer {
  uint8_t *bytes;
  size_t capacity;
} buffer;
// At least `count` bytes and CCODECS_PADDING more, contents undefined; NULL when memory is short.
uint8_t *buffer_reserve(buffer *b, size_t count);
void buffer_free(buffer *b);
// Frees a buffer of more than `keep_bytes`; the bytes that it holds after that.
size_t buffer_trim(buffer *b, size_t keep_bytes);

// Where a cell lies among the columns, and with which weights it takes them.
typedef struct span {
  uint32_t first_column, last_column;  // both may be shared with other cells
  uint32_t first, last;                // units of them; `last` is 0 when there is no second one
  uint32_t whole;                      // columns between them, which are the cell's alone
} span;

// Area mean of a picture, row by row. See reducer.c for the arithmetic.
typedef struct reducer {
  ccodecs_target target;
  uint32_t columns;                 // of a fed row
  uint32_t pixel_x, cell_x;         // widths of a fed column and of a cell, in common units
  uint32_t pixel_y, cell_y;         // heights of a fed row and of a cell
  uint64_t next_y;                  // where the next row begins
  uint64_t cell_end_y;              // where the current row of cells ends
  uint32_t whole_rows;              // in `whole`
  int32_t cell_row;                 // rows of cells finished
  bool empty;                       // no weight in `sums` yet
  buffer whole_buffer, sums_buffer, spans_buffer, cell_sums_buffer;
  buffer totals_buffer;
  uint16_t *whole;                  // plain sums of whole rows, at most 257
  uint32_t *sums;                   // weighted sums
  span *spans;                      // the cells of a row
  uint32_t *totals;                 // running totals of a row of sums
  uint32_t *cell_sums;              // of the row of cells at hand
} reducer;

// Extents are `extent / denominator` fed pixels; the fed size is that rounded up.
ccodecs_status reducer_begin(
    reducer *r, const ccodecs_target *target, uint64_t extent_x, uint64_t extent_y,
    uint32_t denominator);
void reducer_row(reducer *r, const uint8_t *row);
bool reducer_finished(const reducer *r);

// Where rows go: every raster of one picture.
typedef struct sink {
  reducer reducers[CCODECS_TARGET_LIMIT];
  int32_t count;
  bool gray, color;                 // what is asked for
  bool portable;                    // by portable code only
  uint32_t width;
  uint8_t background[3];
  uint8_t background_gray;
  buffer gray_row, color_row;
} sink;

ccodecs_status sink_begin(
    sink *s, const ccodecs_target *targets, int32_t count, uint64_t extent_x, uint64_t extent_y,
    uint32_t denominator, const uint8_t *background);
bool sink_finished(const sink *s);
void sink_gray(sink *s, const uint8_t *row);
void sink_gray_alpha(sink *s, const uint8_t *row);
void sink_rgb(sink *s, const uint8_t *row);
void sink_rgbx(sink *s, const uint8_t *row);  // four bytes a pixel, the last ignored
void sink_rgba(sink *s, const uint8_t *row);
void sink_palette(
    sink *s, const uint8_t *indices, const uint8_t *gray256, const uint8_t *color768);
size_t sink_trim(sink *s, size_t keep_bytes);

// Y of BT.601 in 15 bits, rounded: the formula of every lane (libjpeg's, to one unit of rounding).
static inline uint32_t gray_of(uint32_t red, uint32_t green, uint32_t blue) {
  return (9798 * red + 19235 * green + 3735 * blue + 16384) >> 15;
}
// value / 255 rounded to nearest, exact for value <= 65025.
static inline uint32_t divide255(uint32_t value) {
  value += 128;
  return (value + (value >> 8)) >> 8;
}

// Whether a deadline of the monotonic clock is past; 0 is none.
bool is_past(int64_t deadline_nanoseconds);

static inline uint32_t big32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static inline uint32_t big16(const uint8_t *p) { return (uint32_t)p[0] << 8 | p[1]; }

struct jpeg_lane;
struct jpeg_lane *jpeg_lane_new(ccodecs_decoder *decoder);
void jpeg_lane_free(struct jpeg_lane *lane);
size_t jpeg_lane_trim(struct jpeg_lane *lane, size_t keep_bytes);

// The gray of a sound JPEG at an eighth, without libjpeg. CCODECS_DECLINED for anything odd, after
// which `rows` has to be begun again.
struct jpeg_eighth;
struct jpeg_eighth *jpeg_eighth_new(void);
void jpeg_eighth_free(struct jpeg_eighth *eighth);
size_t jpeg_eighth_trim(struct jpeg_eighth *eighth, size_t keep_bytes);
ccodecs_status jpeg_eighth_decode(
    struct jpeg_eighth *eighth, const uint8_t *bytes, size_t count, const ccodecs_header *header,
    const ccodecs_limits *limits, sink *rows);

struct ccodecs_decoder {
  sink sink;
  struct jpeg_lane *jpeg;
  void *inflater;                   // libdeflate's
  buffer inflated, pixel_rows;
  bool portable;
  int64_t eighth_count;             // decodes that went without libjpeg
  ccodecs_layout layout;            // of ccodecs_rows_feed
  char message[256];
};

ccodecs_status fail(ccodecs_decoder *d, ccodecs_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Undoes the filters of `row_count` rows (1 to 8) of three or four bytes a pixel.
//
// `raw` holds filter bytes and data, `stride` bytes a row, between readable bytes: 64 before and
// 128 after. `rows[k]` receives row k as four bytes a pixel (three: the fourth is undefined) and
// has room for ROW_LEAD bytes before it and ROW_TAIL after it; `above` is the row over the first
// one, in the same form, zeros above the picture. It may be one of `rows`.
void unfilter_rows(
    const uint8_t *raw, size_t stride, int32_t bytes_per_pixel, uint32_t width,
    int32_t row_count, const uint8_t *above, uint8_t *const rows[8], bool portable);
enum { ROW_LEAD = 64, ROW_TAIL = 128 };
// The same for five rows or more, where the processor has AVX2; else false, and nothing is done.
bool unfilter_wave8(
    const uint8_t *raw, size_t stride, size_t step, uint32_t width, int32_t row_count,
    const uint8_t *above, uint8_t *const rows[8]);
// Gray over a background as sink.c has it, from RGBA; how many of the pixels it did: all or none.
size_t gray_from_rgba_wide(
    uint8_t *gray, const uint8_t *row, uint32_t background, size_t count);
// Undoes the filter of one row in place; any bytes a pixel. False for an unknown filter.
bool unfilter_row(uint8_t *row, const uint8_t *above, uint8_t filter, size_t count, size_t step);
#endif
