// libvips, for the decoder process alone: an open file in, strips of 8-bit sRGB rows out.
//
// Thread rule: everything on one thread. Messages are libvips' own text, from a buffer that all
// threads share: shown to people, never interpreted.
#ifndef CVIPS_H
#define CVIPS_H
#include <stddef.h>
#include <stdint.h>

#define CVIPS_EXPORT __attribute__((visibility("default")))

// The loaders on the allow-list. Others stay blocked.
typedef enum cvips_loader {
  CVIPS_JPEG = 1,
  CVIPS_PNG = 2,
  CVIPS_GIF = 3,
  CVIPS_WEBP = 4,
  CVIPS_TIFF = 5,
  CVIPS_HEIF = 6,  // and AVIF
  CVIPS_JPEG_XL = 7,
  CVIPS_JPEG_2000 = 8,
} cvips_loader;

typedef struct cvips_image cvips_image;

// Starts libvips: one thread, no cache, no run-time compiler, no loader but those that are opened
// by `cvips_open`, no text on standard error. 0, or -1.
CVIPS_EXPORT int32_t cvips_start(void);
// Whether libvips was built with a loader. Needs `cvips_start`.
CVIPS_EXPORT int32_t cvips_has(cvips_loader loader);
// The version: part 0 major, 1 minor, 2 micro.
CVIPS_EXPORT int32_t cvips_version(int32_t part);

// Reads the header of the file open at `descriptor`, first page or frame, from its start on. NULL
// on failure, with a NUL-terminated reason in `message`.
CVIPS_EXPORT cvips_image *cvips_open(
    int32_t descriptor, cvips_loader loader, char *message, size_t message_capacity);
CVIPS_EXPORT void cvips_close(cvips_image *image);
CVIPS_EXPORT int32_t cvips_width(const cvips_image *image);
CVIPS_EXPORT int32_t cvips_height(const cvips_image *image);
// EXIF orientation, 1 to 8; 1 when the loader has turned the image already.
CVIPS_EXPORT int32_t cvips_orientation(const cvips_image *image);

// Sets up the conversion to 8-bit gray or sRGB, with alpha if there is any. Returns the number of
// channels, 1 to 4, or -1.
CVIPS_EXPORT int32_t cvips_convert(
    cvips_image *image, char *message, size_t message_capacity);
// The next strip of rows, top to bottom: their number, 0 at the end, -1 on failure. `*rows` is
// valid until the next call.
CVIPS_EXPORT int32_t cvips_next_rows(
    cvips_image *image, const uint8_t **rows, size_t *stride, char *message,
    size_t message_capacity);
#endif
