// PNG: inflated whole by libdeflate, unfiltered and reduced row by row while rows are in cache.
#include <libdeflate.h>
#include <string.h>
#include "png.h"

// Bytes before the inflated data that a wavefront may read (and ignores).
enum { LEAD = 64 };
// Bytes over what the header announces that are passed over: some writers add a row. More is a bomb.
enum { SURPLUS = 1 << 16 };
// The widest picture of this lane, as wide as a JPEG: the reducers take up to 22 bytes a column each.
// The limit does not depend on their number: what is asked for beside a raster must not change its lane.
enum { WIDTH_LIMIT = 65535 };

// 8-bit RGB and RGBA, which are read eight rows at a time.
static bool is_color8(const png_picture *picture) {
  return picture->depth == 8 && picture->samples >= 3;
}

// Four bytes a pixel, and room around them.
static size_t color8_room(const png_picture *picture) {
  return 4 * (size_t)picture->width + ROW_LEAD + ROW_TAIL;
}

// A row of any other kind, expanded.
static size_t other_room(const png_picture *picture) { return 4 * (size_t)picture->width + 64; }

static size_t pixel_rows_bytes(const png_picture *picture) {
  return is_color8(picture) ? 9 * color8_room(picture)
                            : 2 * other_room(picture) + picture->row_bytes;
}

size_t png_working_bytes(const png_picture *picture) {
  const size_t rows = pixel_rows_bytes(picture) + LEAD + SURPLUS;
  ptrdiff_t inflated, total;  // signed, as Swift takes a size_t
  if (__builtin_mul_overflow(picture->row_bytes + 1, (size_t)picture->height, &inflated)
      || __builtin_add_overflow(inflated, rows, &total)) {
    return PTRDIFF_MAX;
  }
  return (size_t)total;
}

// Whether data is wrapped as PNG wants it: zlib's two bytes (RFC 1950), no dictionary.
static bool is_zlib(const uint8_t *data, size_t count) {
  return count > 2 && (data[0] & 15) == 8 && data[0] >> 4 < 8 && big16(data) % 31 == 0
      && (data[1] & 32) == 0;
}

static ccodecs_status inflate_data(ccodecs_decoder *d, png_picture *picture, size_t size) {
  size_t actual = 0;
  // Without zlib's checksum of what comes out: PNG's own, of what goes in, were right.
  const enum libdeflate_result result = !is_zlib(picture->data, picture->data_count)
      ? LIBDEFLATE_BAD_DATA
      : libdeflate_deflate_decompress(
            d->inflater, picture->data + 2, picture->data_count - 2, d->inflated.bytes + LEAD,
            size + SURPLUS, &actual);
  switch (result) {
  case LIBDEFLATE_SUCCESS:
    if (actual > size) picture->warnings++;
    if (actual >= size) return CCODECS_OK;
    return fail(d, CCODECS_DAMAGED, "it holds fewer rows than its header announces");
  case LIBDEFLATE_INSUFFICIENT_SPACE:
    return fail(d, CCODECS_DAMAGED, "it holds far more data than its header announces");
  default:
    return fail(d, CCODECS_DAMAGED, "its compressed data is damaged or cut short");
  }
}

static bool filters_known(const uint8_t *raw, size_t stride, uint32_t height) {
  for (uint32_t y = 0; y < height; y++, raw += stride) {
    if (raw[0] > 4) return false;
  }
  return true;
}

// A row whose pixels of one colour are transparent.
static void set_key_alpha(uint8_t *row, uint32_t width, const uint16_t *key) {
  for (size_t x = 0; x < width; x++) {
    uint8_t *p = row + 4 * x;
    p[3] = p[0] == key[0] && p[1] == key[1] && p[2] == key[2] ? 0 : 255;
  }
}

// How many rows to undo together: up to eight, up to the last that needs its neighbour to the left.
static int32_t rows_together(const uint8_t *raw, size_t stride, uint32_t left) {
  int32_t count = 1;
  for (int32_t k = 1; k < 8 && (uint32_t)k < left; k++) {
    const uint8_t filter = raw[(size_t)k * stride];
    if (filter != 0 && filter != 2) count = k + 1;
  }
  return count;
}

static ccodecs_status read_color8(ccodecs_decoder *d, const png_picture *picture) {
  const size_t room = color8_room(picture);
  uint8_t *rooms = buffer_reserve(&d->pixel_rows, pixel_rows_bytes(picture));
  if (rooms == NULL) return CCODECS_OUT_OF_MEMORY;
  uint8_t *rows[8];
  for (size_t k = 0; k < 8; k++) rows[k] = rooms + k * room + ROW_LEAD;
  memset(rooms + 8 * room, 0, room);
  const uint8_t *above = rooms + 8 * room + ROW_LEAD;
  uint8_t *raw = d->inflated.bytes + LEAD;
  const size_t stride = picture->row_bytes + 1;
  const bool has_alpha = picture->color_type == PNG_RGB_ALPHA;
  const bool keyed = !has_alpha && picture->transparent;
  for (uint32_t y = 0; y < picture->height;) {
    // Of four bytes already, and nothing or one addition to undo: half of the rows that there are.
    if (has_alpha && (raw[0] == 0 || raw[0] == 2)) {
      unfilter_row(raw + 1, above, raw[0], picture->row_bytes, 4);
      above = raw + 1;
      sink_rgba(&d->sink, above);
      y++;
      raw += stride;
      continue;
    }
    const int32_t count = rows_together(raw, stride, picture->height - y);
    unfilter_rows(raw, stride, picture->samples, picture->width, count, above, rows, d->portable);
    above = rows[count - 1];
    for (int32_t k = 0; k < count; k++) {
      if (keyed) set_key_alpha(rows[k], picture->width, picture->key);
      if (keyed || has_alpha) sink_rgba(&d->sink, rows[k]);
      else sink_rgbx(&d->sink, rows[k]);
    }
    y += (uint32_t)count;
    raw += (size_t)count * stride;
  }
  return CCODECS_OK;
}

// One byte a sample from packed samples of 1, 2 or 4 bits, times `factor`.
static void unpack(uint8_t *to, const uint8_t *row, uint32_t width, int32_t depth, int factor) {
  const uint32_t per_byte = 8 / (uint32_t)depth;
  const int mask = (1 << depth) - 1;
  for (uint32_t x = 0; x < width; x++) {
    const int shift = 8 - depth * (int)(x % per_byte + 1);
    to[x] = (uint8_t)((row[x / per_byte] >> shift & mask) * factor);
  }
}

// A row of 16-bit samples to 8 bits: the high byte, as libvips and libpng take it. With a key,
// alpha is added behind the samples.
static void narrow(uint8_t *to, const uint8_t *row, const png_picture *picture) {
  const size_t samples = (size_t)picture->samples;
  const bool keyed = picture->transparent;
  for (size_t x = 0; x < picture->width; x++) {
    bool matches = keyed;
    for (size_t c = 0; c < samples; c++, row += 2) {
      *to++ = row[0];
      if (keyed) matches = matches && big16(row) == picture->key[c];
    }
    if (keyed) *to++ = matches ? 0 : 255;
  }
}

// A row of gray samples as gray and alpha: the key's gray is transparent.
static void add_key(uint8_t *to, const uint8_t *gray, uint32_t width, int key) {
  for (size_t x = 0; x < width; x++) {
    to[2 * x] = gray[x];
    to[2 * x + 1] = gray[x] == key ? 0 : 255;
  }
}

static void feed(sink *s, const uint8_t *row, int32_t samples) {
  switch (samples) {
  case 1: sink_gray(s, row); break;
  case 2: sink_gray_alpha(s, row); break;
  case 3: sink_rgb(s, row); break;
  default: sink_rgba(s, row); break;
  }
}

// The palette on the background, as gray and as colour.
static void flatten_palette(
    const png_picture *picture, const sink *s, uint8_t *gray256, uint8_t *color768) {
  for (size_t i = 0; i < 256; i++) {
    const uint32_t alpha = picture->alpha[i];
    const uint8_t *entry = picture->palette + 3 * i;
    const uint32_t y = gray_of(entry[0], entry[1], entry[2]);
    gray256[i] = (uint8_t)divide255(y * alpha + s->background_gray * (255 - alpha));
    for (size_t c = 0; c < 3; c++) {
      color768[3 * i + c] =
          (uint8_t)divide255(entry[c] * alpha + s->background[c] * (255 - alpha));
    }
  }
}

// Every other kind of pixel: row by row, unfiltered in place.
static ccodecs_status read_other(ccodecs_decoder *d, const png_picture *picture) {
  // Room for a row expanded twice, and for a row of zeros above the picture.
  const size_t expanded = other_room(picture);
  uint8_t *rooms = buffer_reserve(&d->pixel_rows, pixel_rows_bytes(picture));
  if (rooms == NULL) return CCODECS_OUT_OF_MEMORY;
  uint8_t *row8 = rooms, *keyed_row = rooms + expanded;
  uint8_t *above = rooms + 2 * expanded;
  memset(above, 0, picture->row_bytes);
  uint8_t gray256[256], color768[768];
  if (picture->color_type == PNG_PALETTE) flatten_palette(picture, &d->sink, gray256, color768);
  const int32_t depth = picture->depth;
  const int factor = picture->color_type == PNG_GRAY && depth < 8 ? 255 / ((1 << depth) - 1) : 1;
  const int key = picture->key[0] * factor;
  const size_t step = (size_t)(picture->samples * depth + 7) / 8;
  uint8_t *raw = d->inflated.bytes + LEAD;
  for (uint32_t y = 0; y < picture->height; y++, raw += picture->row_bytes + 1) {
    uint8_t *row = raw + 1;
    unfilter_row(row, above, raw[0], picture->row_bytes, step);
    above = row;
    if (depth == 16) {
      narrow(row8, row, picture);
      feed(&d->sink, row8, picture->samples + (picture->transparent ? 1 : 0));
      continue;
    }
    const uint8_t *samples = row;
    if (depth < 8) {
      unpack(row8, row, picture->width, depth, factor);
      samples = row8;
    }
    if (picture->color_type == PNG_PALETTE) {
      sink_palette(&d->sink, samples, gray256, color768);
    } else if (picture->color_type == PNG_GRAY && picture->transparent) {
      add_key(keyed_row, samples, picture->width, key);
      sink_gray_alpha(&d->sink, keyed_row);
    } else {
      feed(&d->sink, samples, picture->samples);
    }
  }
  return CCODECS_OK;
}

ccodecs_status ccodecs_png_decode(
    ccodecs_decoder *d, uint8_t *bytes, size_t count, const ccodecs_limits *limits,
    const ccodecs_target *targets, int32_t target_count, int32_t *warnings) {
  png_picture picture;
  ccodecs_status status = png_read_header(d, bytes, count, &picture);
  if (status != CCODECS_OK) return status;
  if (picture.interlaced) return fail(d, CCODECS_DECLINED, "it is interlaced");
  if (picture.width > WIDTH_LIMIT || png_working_bytes(&picture) > limits->working_bytes) {
    return fail(d, CCODECS_DECLINED, "it takes more than %zu bytes", limits->working_bytes);
  }
  status = png_read_chunks(d, bytes, count, &picture);
  if (status != CCODECS_OK) return status;
  const size_t stride = picture.row_bytes + 1;
  const size_t size = stride * picture.height;
  if (buffer_reserve(&d->inflated, size + LEAD + SURPLUS) == NULL) {
    return fail(d, CCODECS_OUT_OF_MEMORY, "no memory for %zu bytes", size);
  }
  status = inflate_data(d, &picture, size);
  if (status != CCODECS_OK) return status;
  if (!filters_known(d->inflated.bytes + LEAD, stride, picture.height)) {
    return fail(d, CCODECS_DAMAGED, "a row has a filter that does not exist");
  }
  status = sink_begin(
      &d->sink, targets, target_count, picture.width, picture.height, 1, limits->background);
  if (status != CCODECS_OK) return fail(d, status, "no memory for a row of the picture");
  status = is_color8(&picture) ? read_color8(d, &picture) : read_other(d, &picture);
  *warnings = picture.warnings;
  return status;
}
