#ifndef CCODECS_PNG_H
#define CCODECS_PNG_H
#include "internal.h"

enum { PNG_GRAY = 0, PNG_RGB = 2, PNG_PALETTE = 3, PNG_GRAY_ALPHA = 4, PNG_RGB_ALPHA = 6 };

// What the chunks of a PNG file say.
typedef struct png_picture {
  uint32_t width, height;
  int32_t depth, color_type, samples;
  int32_t orientation, warnings;
  bool interlaced;
  bool transparent;                 // tRNS: a key, or alpha of the palette
  uint16_t key[3];
  int32_t palette_count;
  uint8_t palette[768];             // entries that the file leaves out are black
  uint8_t alpha[256];
  uint64_t row_bytes;               // without the filter byte
  uint8_t *data;                    // the zlib stream, moved together
  size_t data_count;
} png_picture;

// The memory that decoding takes besides the reducers': the inflated data and rows in flight.
size_t png_working_bytes(const png_picture *picture);
ccodecs_status png_read_header(
    ccodecs_decoder *d, const uint8_t *bytes, size_t count, png_picture *picture);
ccodecs_status png_read_chunks(
    ccodecs_decoder *d, uint8_t *bytes, size_t count, png_picture *picture);
#endif
