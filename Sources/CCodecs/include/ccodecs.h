// The fast lanes: JPEG, PNG, BMP, and the one reducer that every lane feeds.
//
// Thread rule: a `ccodecs_decoder` belongs to one thread at a time; nothing else is shared.
// Ownership: no function keeps a pointer after it returns, except the pixel pointers between
// `ccodecs_rows_begin` and `ccodecs_rows_end`.
#ifndef CCODECS_H
#define CCODECS_H
#include <stddef.h>
#include <stdint.h>

#define CCODECS_EXPORT __attribute__((visibility("default")))

// The most rasters that one call makes.
#define CCODECS_TARGET_LIMIT 32
// The longest side that is read, in pixels: the sums of the reducer hold no more.
#define CCODECS_SIDE_LIMIT 10000000
// Bytes that must be readable after the end of the bytes handed to a lane; their value is ignored.
#define CCODECS_PADDING 64

typedef enum ccodecs_status {
  CCODECS_OK = 0,
  CCODECS_DECLINED = 1,       // sound as far as seen, but not for this lane: libvips may read it
  CCODECS_DAMAGED = 2,        // breaks its format's rules; the message says how
  CCODECS_OUT_OF_TIME = 3,    // went on past the deadline
  CCODECS_OUT_OF_MEMORY = 4,  // a buffer could not be had
} ccodecs_status;

// What stands in the header of a picture, before any pixel is read.
typedef struct ccodecs_header {
  uint32_t width;       // stored columns, before the EXIF orientation
  uint32_t height;      // stored rows
  int32_t orientation;  // EXIF, 1 to 8; 1 when absent or nonsense
  int32_t warnings;     // things skipped over on the way
  size_t working_bytes; // least memory that decoding takes; 0 for what the lane leaves to libvips
} ccodecs_header;

// One raster asked for, in the stored orientation.
typedef struct ccodecs_target {
  int32_t width;
  int32_t height;
  int32_t channels;  // 1: gray, Y of BT.601; 3: sRGB
  uint8_t *pixels;   // room for width x height x channels bytes: rows, interleaved, no padding
} ccodecs_target;

// What bounds one decode.
typedef struct ccodecs_limits {
  uint8_t background[3];        // sRGB laid under transparency
  int32_t scan_count;           // most scans of a progressive JPEG
  size_t working_bytes;         // most memory a lane may take; more is declined
  int64_t deadline_nanoseconds; // of the monotonic clock; 0: none
} ccodecs_limits;

typedef struct ccodecs_decoder ccodecs_decoder;

// A decoder with its scratch memory, or NULL when memory is short.
CCODECS_EXPORT ccodecs_decoder *ccodecs_decoder_new(void);
CCODECS_EXPORT void ccodecs_decoder_free(ccodecs_decoder *decoder);
// Frees each scratch buffer of more than `keep_bytes`; how many bytes are held after that.
CCODECS_EXPORT size_t ccodecs_decoder_trim(ccodecs_decoder *decoder, size_t keep_bytes);
// Why the last call failed or declined: NUL-terminated text, valid until the next call.
CCODECS_EXPORT const char *ccodecs_decoder_message(const ccodecs_decoder *decoder);
// Uses only portable code and libjpeg (`portable` not 0), or what is fastest; for tests: results are
// equal.
CCODECS_EXPORT void ccodecs_decoder_set_portable(ccodecs_decoder *decoder, int32_t portable);

// Reads the markers before the first scan. No pixel is decoded, nothing is allocated.
CCODECS_EXPORT ccodecs_status ccodecs_jpeg_header(
    ccodecs_decoder *decoder, const uint8_t *bytes, size_t count, ccodecs_header *header);
// Decodes into every target. `warnings` counts what libjpeg repaired.
CCODECS_EXPORT ccodecs_status ccodecs_jpeg_decode(
    ccodecs_decoder *decoder, const uint8_t *bytes, size_t count, const ccodecs_limits *limits,
    const ccodecs_target *targets, int32_t target_count, int32_t *warnings);
// Encodes an RGB raster as a baseline JPEG. `*jpeg` is freed with `ccodecs_jpeg_free`.
CCODECS_EXPORT ccodecs_status ccodecs_jpeg_encode(
    ccodecs_decoder *decoder, const uint8_t *pixels, int32_t width, int32_t height,
    int32_t quality, uint8_t **jpeg, size_t *jpeg_count);
CCODECS_EXPORT void ccodecs_jpeg_free(uint8_t *jpeg);
// How many decodes of JPEG took the short way past libjpeg; for tests.
CCODECS_EXPORT int64_t ccodecs_jpeg_eighth_count(const ccodecs_decoder *decoder);

// Reads IHDR and eXIf. No pixel is decoded, nothing is allocated.
CCODECS_EXPORT ccodecs_status ccodecs_png_header(
    ccodecs_decoder *decoder, const uint8_t *bytes, size_t count, ccodecs_header *header);
// Decodes into every target. Moves the image data together inside `bytes`, which is changed.
CCODECS_EXPORT ccodecs_status ccodecs_png_decode(
    ccodecs_decoder *decoder, uint8_t *bytes, size_t count, const ccodecs_limits *limits,
    const ccodecs_target *targets, int32_t target_count, int32_t *warnings);

// Reads the header. No pixel is read, nothing is allocated. Declined is what is compressed, has other
// depths than 8, 24 and 32 bits or an older header; libvips does not read it either.
CCODECS_EXPORT ccodecs_status ccodecs_bmp_header(
    ccodecs_decoder *decoder, const uint8_t *bytes, size_t count, ccodecs_header *header);
// Decodes into every target.
CCODECS_EXPORT ccodecs_status ccodecs_bmp_decode(
    ccodecs_decoder *decoder, const uint8_t *bytes, size_t count, const ccodecs_limits *limits,
    const ccodecs_target *targets, int32_t target_count);

// What rows handed to `ccodecs_rows_feed` hold.
typedef enum ccodecs_layout {
  CCODECS_GRAY = 1,
  CCODECS_GRAY_ALPHA = 2,
  CCODECS_RGB = 3,
  CCODECS_RGB_ALPHA = 4,
} ccodecs_layout;

// Starts a picture of which another decoder delivers the rows, 8 bits a channel.
CCODECS_EXPORT ccodecs_status ccodecs_rows_begin(
    ccodecs_decoder *decoder, uint32_t width, uint32_t height, ccodecs_layout layout,
    const uint8_t *background, const ccodecs_target *targets, int32_t target_count);
// Feeds `row_count` rows, top to bottom, `stride` bytes apart.
CCODECS_EXPORT void ccodecs_rows_feed(
    ccodecs_decoder *decoder, const uint8_t *rows, size_t stride, uint32_t row_count);
// The targets are complete once this returns CCODECS_OK; else fewer rows came than announced.
CCODECS_EXPORT ccodecs_status ccodecs_rows_end(ccodecs_decoder *decoder);

// EXIF orientation of a TIFF structure (what follows `Exif\0\0`), 1 to 8; 1 for anything odd.
CCODECS_EXPORT int32_t ccodecs_exif_orientation(const uint8_t *bytes, size_t count);

// Sends `count` bytes and, unless negative, a descriptor over a Unix socket. 0, or an errno.
CCODECS_EXPORT int32_t ccodecs_send(
    int32_t socket, const uint8_t *bytes, size_t count, int32_t descriptor);
// Receives `count` bytes and a descriptor, -1 when none came. 0, an errno, or -1 at the end.
CCODECS_EXPORT int32_t ccodecs_receive(
    int32_t socket, uint8_t *bytes, size_t count, int32_t *descriptor);

// Versions of the libraries, for `likeness formats`.
CCODECS_EXPORT const char *ccodecs_jpeg_version(void);
CCODECS_EXPORT const char *ccodecs_deflate_version(void);
#endif
