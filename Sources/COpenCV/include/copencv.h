// OpenCV for one gray picture: key points, corners, edges. Nothing of OpenCV is in this header, and
// no exception leaves these functions.
//
// A picture is `width` x `height` bytes, row by row, no padding, lent for the call. Thread rule:
// any thread, any number at once, once `copencv_open` has returned 0 on some thread; every call does
// its work on the thread that made it. Results depend on the picture alone: OpenCV's paths for newer
// processors, whose last bits differ, are switched off. Messages are NUL-terminated and cut to fit.
#ifndef COPENCV_H
#define COPENCV_H
#include <stddef.h>
#include <stdint.h>

#define COPENCV_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef enum copencv_status {
  COPENCV_DONE = 0,
  COPENCV_FAILED = -1,  // `message` says why
} copencv_status;

typedef struct copencv_picture {
  const uint8_t *pixels;
  int32_t width;
  int32_t height;
} copencv_picture;

// The file name of the library that the other functions need, in the version they are built for.
COPENCV_EXPORT const char *copencv_library(void);

// Opens the library of this name and sets OpenCV up. The other functions may be called only after
// this has returned 0. Call it once.
COPENCV_EXPORT copencv_status copencv_open(
    const char *library, char *message, size_t message_capacity);

// The columns and rows of at most `wanted` corners, strongest first, to `corners`: x, y, x, y ...
// Harris' response (block 2, aperture 3, k 0.04), largest of 3 x 3 pixels, at least `floor` times
// the strongest (0 < floor < 1); OpenCV's goodFeaturesToTrack.
COPENCV_EXPORT copencv_status copencv_corners(
    copencv_picture picture, int32_t wanted, double floor, int32_t *corners, int32_t *count,
    char *message, size_t message_capacity);

// Key points as records: x, y, size, angle as four 32-bit floats, then the descriptor, 32 bytes of
// ORB or 128 of SIFT. At most `wanted` records, so many of which `records` holds: the strongest by
// response, ties by the order of the records, which is by x, y, size, angle, bytes.
COPENCV_EXPORT copencv_status copencv_orb(
    copencv_picture picture, int32_t wanted, uint8_t *records, int32_t *count, char *message,
    size_t message_capacity);
COPENCV_EXPORT copencv_status copencv_sift(
    copencv_picture picture, int32_t wanted, uint8_t *records, int32_t *count, char *message,
    size_t message_capacity);

// Sums and sums of squares over all pixels of six filters' outputs, exact, to `sums` and `squares`:
// Canny (100, 200: 255 on an edge, 0 elsewhere); Sobel of 5 x 5, x and y; Laplacian; Scharr x and y.
COPENCV_EXPORT copencv_status copencv_edges(
    copencv_picture picture, int64_t sums[6], int64_t squares[6], char *message,
    size_t message_capacity);

#ifdef __cplusplus
}
#endif
#endif
