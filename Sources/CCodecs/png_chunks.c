// The chunks of a PNG file: header, palette, transparency, and the image data moved together.
#include <libdeflate.h>
#include <string.h>
#include "png.h"

static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

enum {
  TYPE_IHDR = 0x49484452,
  TYPE_PLTE = 0x504C5445,
  TYPE_IDAT = 0x49444154,
  TYPE_IEND = 0x49454E44,
  TYPE_TRNS = 0x74524E53,
  TYPE_EXIF = 0x65584966,
};

// Samples a pixel of a colour type, 0 for a type that does not exist.
static int32_t samples_of(int32_t color_type) {
  switch (color_type) {
  case PNG_GRAY: return 1;
  case PNG_RGB: return 3;
  case PNG_PALETTE: return 1;
  case PNG_GRAY_ALPHA: return 2;
  case PNG_RGB_ALPHA: return 4;
  default: return 0;
  }
}

static bool is_depth(int32_t color_type, int32_t depth) {
  switch (depth) {
  case 1: case 2: case 4: return color_type == PNG_GRAY || color_type == PNG_PALETTE;
  case 8: return true;
  case 16: return color_type != PNG_PALETTE;
  default: return false;
  }
}

ccodecs_status png_read_header(
    ccodecs_decoder *d, const uint8_t *bytes, size_t count, png_picture *picture) {
  *picture = (png_picture){.orientation = 1};
  if (count < 33 || memcmp(bytes, signature, 8) != 0 || big32(bytes + 8) != 13
      || big32(bytes + 12) != TYPE_IHDR) {
    if (count >= 16 && memcmp(bytes + 12, "CgBI", 4) == 0) {
      return fail(d, CCODECS_DECLINED, "an iPhone variant of PNG");
    }
    return fail(d, CCODECS_DAMAGED, "its header is cut short or not one");
  }
  if (libdeflate_crc32(0, bytes + 12, 17) != big32(bytes + 29)) {
    return fail(d, CCODECS_DAMAGED, "the checksum of its header is wrong");
  }
  const uint8_t *data = bytes + 16;
  picture->width = big32(data);
  picture->height = big32(data + 4);
  picture->depth = data[8];
  picture->color_type = data[9];
  picture->samples = samples_of(picture->color_type);
  if (picture->width == 0 || picture->height == 0 || picture->width > INT32_MAX
      || picture->height > INT32_MAX) {
    return fail(d, CCODECS_DAMAGED, "a picture of %u x %u", picture->width, picture->height);
  }
  if (picture->samples == 0 || !is_depth(picture->color_type, picture->depth) || data[10] != 0
      || data[11] != 0 || data[12] > 1) {
    return fail(d, CCODECS_DAMAGED, "its header names a kind of pixel that does not exist");
  }
  picture->interlaced = data[12] == 1;
  const uint64_t bits = (uint64_t)picture->width * (uint32_t)(picture->samples * picture->depth);
  picture->row_bytes = (bits + 7) / 8;
  return CCODECS_OK;
}

// Whether the checksum behind a chunk's data is right.
static bool is_sound(const uint8_t *chunk, size_t length) {
  return libdeflate_crc32(0, chunk + 4, length + 4) == big32(chunk + 8 + length);
}

ccodecs_status ccodecs_png_header(
    ccodecs_decoder *d, const uint8_t *bytes, size_t count, ccodecs_header *header) {
  png_picture picture;
  ccodecs_status status = png_read_header(d, bytes, count, &picture);
  *header = (ccodecs_header){picture.width, picture.height, .orientation = 1};
  if (status != CCODECS_OK) return status;
  if (!picture.interlaced) header->working_bytes = png_working_bytes(&picture);
  for (size_t at = 33; count - at >= 12;) {
    const size_t length = big32(bytes + at);
    if (length > count - at - 12) break;
    if (big32(bytes + at + 4) == TYPE_EXIF && is_sound(bytes + at, length)) {
      header->orientation = ccodecs_exif_orientation(bytes + at + 8, length);
    }
    at += length + 12;
  }
  return CCODECS_OK;
}

static void read_palette(png_picture *picture, const uint8_t *data, size_t length) {
  picture->palette_count = (int32_t)(length / 3 < 256 ? length / 3 : 256);
  memcpy(picture->palette, data, 3 * (size_t)picture->palette_count);
}

static void read_transparency(png_picture *picture, const uint8_t *data, size_t length) {
  // A key is 16 bits wide whatever the depth; those over the depth say nothing.
  const uint32_t mask = (1u << picture->depth) - 1;
  switch (picture->color_type) {
  case PNG_PALETTE:
    memcpy(picture->alpha, data, length < 256 ? length : 256);
    picture->transparent = true;
    break;
  case PNG_GRAY:
    if (length < 2) return;
    picture->key[0] = (uint16_t)(big16(data) & mask);
    picture->transparent = true;
    break;
  case PNG_RGB:
    if (length < 6) return;
    for (int32_t c = 0; c < 3; c++) picture->key[c] = (uint16_t)(big16(data + 2 * c) & mask);
    picture->transparent = true;
    break;
  default:
    break;
  }
}

// A chunk's type for a message: what is not letters may be anything, also a terminal's commands.
static bool is_printable(const uint8_t *type) {
  for (size_t i = 0; i < 4; i++) {
    const uint8_t lower = type[i] | 0x20;
    if (lower < 'a' || lower > 'z') return false;
  }
  return true;
}

// Takes one chunk whose bytes are all there.
static ccodecs_status take_chunk(
    ccodecs_decoder *d, png_picture *picture, uint8_t *chunk, size_t length, uint32_t type) {
  uint8_t *data = chunk + 8;
  const bool sound = is_sound(chunk, length);
  const bool critical = (type & 0x20000000) == 0;
  if (!sound && critical && !is_printable(chunk + 4)) {
    return fail(d, CCODECS_DAMAGED, "a chunk of no sound type with a wrong checksum");
  }
  if (!sound && critical) {
    return fail(d, CCODECS_DAMAGED, "a checksum of its %.4s data is wrong", (char *)chunk + 4);
  }
  if (!sound) {
    picture->warnings++;
    return CCODECS_OK;
  }
  switch (type) {
  case TYPE_IDAT:
    if (picture->data == NULL) picture->data = data;
    else memmove(picture->data + picture->data_count, data, length);
    picture->data_count += length;
    return CCODECS_OK;
  case TYPE_PLTE: read_palette(picture, data, length); return CCODECS_OK;
  case TYPE_TRNS: read_transparency(picture, data, length); return CCODECS_OK;
  case TYPE_IEND: return CCODECS_OK;
  default:
    if (!critical) return CCODECS_OK;
    return fail(d, CCODECS_DECLINED, "a chunk of a type that is not known");
  }
}

ccodecs_status png_read_chunks(
    ccodecs_decoder *d, uint8_t *bytes, size_t count, png_picture *picture) {
  memset(picture->alpha, 255, sizeof picture->alpha);
  size_t at = 33;
  for (uint32_t type = 0; type != TYPE_IEND;) {
    if (count - at < 12 || big32(bytes + at) > count - at - 12) {
      // The end is missing. Fatal only when pixels are missing with it, which inflating will tell.
      picture->warnings++;
      if (picture->data == NULL || (count - at >= 8 && big32(bytes + at + 4) == TYPE_IDAT)) {
        return fail(d, CCODECS_DAMAGED, "it is cut short");
      }
      break;
    }
    const size_t length = big32(bytes + at);
    type = big32(bytes + at + 4);
    ccodecs_status status = take_chunk(d, picture, bytes + at, length, type);
    if (status != CCODECS_OK) return status;
    at += length + 12;
  }
  if (picture->data == NULL) return fail(d, CCODECS_DAMAGED, "it holds no picture data");
  if (picture->color_type == PNG_PALETTE && picture->palette_count == 0) {
    return fail(d, CCODECS_DAMAGED, "its palette is missing");
  }
  return CCODECS_OK;
}
