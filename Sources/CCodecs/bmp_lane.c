// BMP as nearly all of them are: uncompressed, 8 bits with a palette, 24 or 32. The rows are in the
// file as they are, so they are turned to red, green, blue and reduced one by one.
#include <string.h>
#include "internal.h"

enum { FILE_HEADER = 14, INFO_HEADER = 40 };
enum { COMPRESSION_NONE = 0, COMPRESSION_MASKS = 3 };
// The widest picture of this lane, as in the PNG lane.
enum { WIDTH_LIMIT = 65535 };

typedef struct bmp_picture {
  uint32_t width, height;
  bool top_down;
  uint32_t bits;             // a pixel: 8, 24 or 32
  size_t stride;             // bytes from row to row: rows are filled up to four
  size_t row_bytes;          // without that
  const uint8_t *rows;       // the first one of the file
  uint32_t places[4];        // of red, green, blue, alpha in a pixel of four bytes
  bool has_alpha;
  const uint8_t *palette;    // blue, green, red, nothing
  uint32_t palette_count;
} bmp_picture;

static uint32_t little16(const uint8_t *p) { return p[0] | (uint32_t)p[1] << 8; }
static uint32_t little32(const uint8_t *p) { return little16(p) | little16(p + 2) << 16; }

// The byte of a pixel that a mask takes whole, or 4.
static uint32_t place_of(uint32_t mask) {
  for (uint32_t place = 0; place < 4; place++) {
    if (mask == (uint32_t)0xFF << 8 * place) return place;
  }
  return 4;
}

// Where the bytes of a pixel of 32 bits are. False for masks that are no bytes, or the same one.
static bool read_masks(
    const uint8_t *bytes, size_t count, uint32_t header_bytes, bmp_picture *picture) {
  // Behind the short header, or at the same place inside a longer one, the fourth from 56 bytes on.
  const size_t mask_count = header_bytes >= 56 ? 4 : 3;
  const uint8_t *masks = bytes + FILE_HEADER + INFO_HEADER;
  if (count < FILE_HEADER + INFO_HEADER + 4 * mask_count) return false;
  picture->has_alpha = mask_count == 4 && little32(masks + 12) != 0;
  uint32_t taken = 0;
  for (size_t i = 0; i < (picture->has_alpha ? 4u : 3u); i++) {
    const uint32_t place = place_of(little32(masks + 4 * i));
    if (place == 4 || (taken >> place & 1) != 0) return false;
    taken |= 1u << place;
    picture->places[i] = place;
  }
  return true;
}

// Sizes, depth and kind; what of the header this lane does not read is declined.
static ccodecs_status read_header(
    ccodecs_decoder *d, const uint8_t *bytes, size_t count, bmp_picture *picture) {
  *picture = (bmp_picture){.places = {2, 1, 0, 3}};
  if (count < FILE_HEADER + INFO_HEADER || bytes[0] != 'B' || bytes[1] != 'M') {
    return fail(d, CCODECS_DAMAGED, "its header is cut short or not one");
  }
  const uint32_t header_bytes = little32(bytes + 14);
  if (header_bytes != 40 && header_bytes != 52 && header_bytes != 56 && header_bytes != 108
      && header_bytes != 124) {
    return fail(d, CCODECS_DECLINED, "a header of %u bytes", header_bytes);
  }
  const uint32_t width = little32(bytes + 18), height = little32(bytes + 22);
  picture->top_down = height >> 31 != 0;
  picture->width = width;
  picture->height = picture->top_down ? -height : height;
  if (width == 0 || width > INT32_MAX || height == 0 || picture->height > INT32_MAX) {
    return fail(d, CCODECS_DAMAGED, "a picture of %d x %d", (int32_t)width, (int32_t)height);
  }
  picture->bits = little16(bytes + 28);
  const uint32_t compression = little32(bytes + 30);
  const bool has_masks = compression == COMPRESSION_MASKS && picture->bits == 32;
  if ((compression != COMPRESSION_NONE && !has_masks)
      || (picture->bits != 8 && picture->bits != 24 && picture->bits != 32)) {
    return fail(d, CCODECS_DECLINED, "%u bits, compression %u", picture->bits, compression);
  }
  if (has_masks && !read_masks(bytes, count, header_bytes, picture)) {
    return fail(d, CCODECS_DECLINED, "channels that are no bytes");
  }
  if (width > WIDTH_LIMIT) return fail(d, CCODECS_DECLINED, "%u columns", width);
  return CCODECS_OK;
}

// Where rows and palette lie; all of them inside the file after this.
static ccodecs_status find_pixels(
    ccodecs_decoder *d, const uint8_t *bytes, size_t count, bmp_picture *picture) {
  const size_t header_end = FILE_HEADER + (size_t)little32(bytes + 14);
  const size_t start = little32(bytes + 10);
  if (start < header_end || start > count) {
    return fail(d, CCODECS_DAMAGED, "its pixels start at byte %zu of %zu", start, count);
  }
  picture->row_bytes = (size_t)picture->width * (picture->bits / 8);
  picture->stride = (picture->row_bytes + 3) / 4 * 4;
  // Under 2^18 bytes a row and 2^31 rows; some writers leave the filling of the last row out.
  if (count - start < picture->stride * (picture->height - 1) + picture->row_bytes) {
    return fail(d, CCODECS_DAMAGED, "it holds fewer rows than its header announces");
  }
  picture->rows = bytes + start;
  const uint32_t used = little32(bytes + 46);
  const size_t room = (start - header_end) / 4;
  picture->palette = bytes + header_end;
  picture->palette_count = used == 0 || used > 256 ? 256 : used;
  if (picture->palette_count > room) picture->palette_count = (uint32_t)room;
  return CCODECS_OK;
}

static const uint8_t *row_at(const bmp_picture *picture, uint32_t y) {
  return picture->rows
      + picture->stride * (picture->top_down ? y : picture->height - 1 - y);
}

// Many writers announce alpha and leave it zero: a picture of nothing but transparency is opaque.
static bool is_all_transparent(const bmp_picture *picture) {
  for (uint32_t y = 0; y < picture->height; y++) {
    const uint8_t *alpha = row_at(picture, y) + picture->places[3];
    for (size_t x = 0; x < picture->width; x++) {
      if (alpha[4 * x] != 0) return false;
    }
  }
  return true;
}

static void feed_palette(ccodecs_decoder *d, const bmp_picture *picture) {
  uint8_t gray256[256] = {0}, color768[768] = {0};
  for (size_t i = 0; i < picture->palette_count; i++) {
    const uint8_t *entry = picture->palette + 4 * i;
    for (size_t c = 0; c < 3; c++) color768[3 * i + c] = entry[2 - c];
    gray256[i] = (uint8_t)gray_of(entry[2], entry[1], entry[0]);
  }
  for (uint32_t y = 0; y < picture->height; y++) {
    sink_palette(&d->sink, row_at(picture, y), gray256, color768);
  }
}

static void feed_color(ccodecs_decoder *d, const bmp_picture *picture, uint8_t *row) {
  const size_t step = picture->bits / 8;
  const uint32_t *places = picture->places;
  const bool has_alpha = picture->has_alpha && !is_all_transparent(picture);
  for (uint32_t y = 0; y < picture->height; y++) {
    const uint8_t *from = row_at(picture, y);
    for (size_t x = 0; x < picture->width; x++, from += step) {
      for (size_t c = 0; c < 3; c++) row[4 * x + c] = from[places[c]];
      row[4 * x + 3] = has_alpha ? from[places[3]] : 255;
    }
    if (has_alpha) sink_rgba(&d->sink, row);
    else sink_rgbx(&d->sink, row);
  }
}

static size_t row_room(const bmp_picture *picture) { return 4 * (size_t)picture->width; }

ccodecs_status ccodecs_bmp_header(
    ccodecs_decoder *d, const uint8_t *bytes, size_t count, ccodecs_header *header) {
  bmp_picture picture;
  *header = (ccodecs_header){.orientation = 1};
  const ccodecs_status status = read_header(d, bytes, count, &picture);
  if (status == CCODECS_DAMAGED) return status;
  header->width = picture.width;
  header->height = picture.height;
  header->working_bytes = status == CCODECS_OK ? row_room(&picture) : 0;
  return status;
}

ccodecs_status ccodecs_bmp_decode(
    ccodecs_decoder *d, const uint8_t *bytes, size_t count, const ccodecs_limits *limits,
    const ccodecs_target *targets, int32_t target_count) {
  bmp_picture picture;
  ccodecs_status status = read_header(d, bytes, count, &picture);
  if (status == CCODECS_OK) status = find_pixels(d, bytes, count, &picture);
  if (status != CCODECS_OK) return status;
  uint8_t *row = buffer_reserve(&d->pixel_rows, row_room(&picture));
  if (row == NULL) return fail(d, CCODECS_OUT_OF_MEMORY, "no memory for a row of the picture");
  status = sink_begin(
      &d->sink, targets, target_count, picture.width, picture.height, 1, limits->background);
  if (status != CCODECS_OK) return fail(d, status, "no memory for a row of the picture");
  if (picture.bits == 8) feed_palette(d, &picture);
  else feed_color(d, &picture, row);
  return CCODECS_OK;
}
