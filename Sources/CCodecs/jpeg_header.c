// A walk over the markers before the first scan: size, EXIF, and what the lane leaves to libvips.
#include <string.h>
#include "internal.h"

// Bytes of the coefficients of every component, which libjpeg holds from the first scan to the
// last: two a sample, in whole units of the frame's sampling.
static size_t coefficient_bytes(const uint8_t *frame, size_t components) {
  size_t largest_h = 1, largest_v = 1, blocks = 0;
  for (size_t i = 0; i < components; i++) {
    const uint8_t factors = frame[7 + 3 * i];
    if (factors >> 4 > largest_h) largest_h = factors >> 4;
    if ((factors & 15) > largest_v) largest_v = factors & 15;
    blocks += (size_t)(factors >> 4) * (factors & 15);
  }
  const size_t columns = (big16(frame + 3) + 8 * largest_h - 1) / (8 * largest_h);
  const size_t rows = (big16(frame + 1) + 8 * largest_v - 1) / (8 * largest_v);
  return columns * rows * blocks * 64 * sizeof(int16_t);
}

// Rows in flight of a picture of one scan, in libjpeg and after it, in bytes a column.
enum { ROW_BYTES = 64 };

ccodecs_status ccodecs_jpeg_header(
    ccodecs_decoder *d, const uint8_t *bytes, size_t count, ccodecs_header *header) {
  *header = (ccodecs_header){.orientation = 1};
  ccodecs_status status = CCODECS_OK;
  bool oriented = false, progressive = false;
  const uint8_t *sound_frame = NULL;  // one that the lane takes
  size_t at = 2;
  for (;;) {
    // Between segments libjpeg skips anything up to the next marker, and so does this.
    while (at < count && bytes[at] != 0xFF) at++, header->warnings = 1;
    while (at < count && bytes[at] == 0xFF) at++;
    if (at >= count) return fail(d, CCODECS_DAMAGED, "it ends before any picture data");
    const uint8_t marker = bytes[at++];
    if (marker == 0 || marker == 1 || (marker >= 0xD0 && marker <= 0xD8)) continue;
    if (marker == 0xD9) return fail(d, CCODECS_DAMAGED, "it holds no picture data");
    if (count - at < 2) return fail(d, CCODECS_DAMAGED, "it ends before any picture data");
    const size_t length = big16(bytes + at);
    if (length < 2) return fail(d, CCODECS_DAMAGED, "a segment of impossible length");
    if (length > count - at) return fail(d, CCODECS_DAMAGED, "it ends inside its header");
    const uint8_t *data = bytes + at + 2;
    const size_t data_count = length - 2;
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8
        && marker != 0xCC;
    if (frame) {
      if (header->width != 0) return fail(d, CCODECS_DAMAGED, "two frame headers");
      if (data_count < 6) return fail(d, CCODECS_DAMAGED, "its frame header is cut short");
      header->height = big16(data + 1);
      header->width = big16(data + 3);
      if (header->width == 0 || header->height == 0) {
        return fail(d, CCODECS_DAMAGED, "a picture of %u x %u", header->width, header->height);
      }
      const int components = data[5];
      if (marker > 0xC2) {
        status = fail(d, CCODECS_DECLINED, "lossless or arithmetic coding");
      } else if (data[0] != 8) {
        status = fail(d, CCODECS_DECLINED, "%d bits a sample", data[0]);
      } else if (components != 1 && components != 3) {
        status = fail(d, CCODECS_DECLINED, "%d components", components);
      } else if (data_count >= 6 + 3 * (size_t)components) {
        sound_frame = data;
        progressive = marker == 0xC2;
      }
    } else if (marker == 0xE1 && !oriented && data_count > 6 && memcmp(data, "Exif\0\0", 6) == 0) {
      header->orientation = ccodecs_exif_orientation(data + 6, data_count - 6);
      oriented = true;
    } else if (marker == 0xDA) {
      if (header->width == 0) return fail(d, CCODECS_DAMAGED, "picture data before its size");
      if (sound_frame != NULL) {
        const bool several = progressive || (data_count > 0 && data[0] < sound_frame[5]);
        header->working_bytes = several ? coefficient_bytes(sound_frame, sound_frame[5])
                                        : (size_t)header->width * ROW_BYTES;
      }
      return status;
    }
    at += length;
  }
}
