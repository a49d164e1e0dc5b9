// A decoder's scratch memory, its message, and rows that another decoder delivers.
#include <libdeflate.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "internal.h"

uint8_t *buffer_reserve(buffer *b, size_t count) {
  if (b->capacity < count + CCODECS_PADDING || b->bytes == NULL) {
    // Room to grow, but not on top of the largest pictures: their limits count as memory.
    const size_t capacity = count + (count < 1 << 24 ? count / 4 : 0) + CCODECS_PADDING;
    // Pages that are there are kept: new ones are handed out cleared, which takes time.
    uint8_t *bytes = realloc(b->bytes, capacity);
    if (bytes == NULL) free(b->bytes);
    b->bytes = bytes;
    b->capacity = bytes == NULL ? 0 : capacity;
  }
  return b->bytes;
}

void buffer_free(buffer *b) {
  free(b->bytes);
  b->bytes = NULL;
  b->capacity = 0;
}

size_t buffer_trim(buffer *b, size_t keep_bytes) {
  if (b->capacity > keep_bytes) buffer_free(b);
  return b->capacity;
}

ccodecs_status fail(ccodecs_decoder *d, ccodecs_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(d->message, sizeof d->message, format, arguments);
  va_end(arguments);
  return status;
}

bool is_past(int64_t deadline_nanoseconds) {
  if (deadline_nanoseconds == 0) return false;
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec > deadline_nanoseconds;
}

ccodecs_decoder *ccodecs_decoder_new(void) {
  ccodecs_decoder *d = calloc(1, sizeof *d);
  if (d == NULL) return NULL;
  d->jpeg = jpeg_lane_new(d);
  d->inflater = libdeflate_alloc_decompressor();
  if (d->jpeg == NULL || d->inflater == NULL) {
    ccodecs_decoder_free(d);
    return NULL;
  }
  return d;
}

void ccodecs_decoder_free(ccodecs_decoder *d) {
  if (d == NULL) return;
  sink_trim(&d->sink, 0);
  buffer_free(&d->inflated);
  buffer_free(&d->pixel_rows);
  jpeg_lane_free(d->jpeg);
  if (d->inflater != NULL) libdeflate_free_decompressor(d->inflater);
  free(d);
}

size_t ccodecs_decoder_trim(ccodecs_decoder *d, size_t keep_bytes) {
  return sink_trim(&d->sink, keep_bytes) + buffer_trim(&d->inflated, keep_bytes)
      + buffer_trim(&d->pixel_rows, keep_bytes) + jpeg_lane_trim(d->jpeg, keep_bytes);
}

const char *ccodecs_decoder_message(const ccodecs_decoder *d) { return d->message; }

void ccodecs_decoder_set_portable(ccodecs_decoder *d, int32_t portable) {
  d->portable = d->sink.portable = portable != 0;
}

ccodecs_status ccodecs_rows_begin(
    ccodecs_decoder *d, uint32_t width, uint32_t height, ccodecs_layout layout,
    const uint8_t *background, const ccodecs_target *targets, int32_t target_count) {
  d->layout = layout;
  return sink_begin(&d->sink, targets, target_count, width, height, 1, background);
}

void ccodecs_rows_feed(
    ccodecs_decoder *d, const uint8_t *rows, size_t stride, uint32_t row_count) {
  for (uint32_t y = 0; y < row_count; y++, rows += stride) {
    switch (d->layout) {
    case CCODECS_GRAY: sink_gray(&d->sink, rows); break;
    case CCODECS_GRAY_ALPHA: sink_gray_alpha(&d->sink, rows); break;
    case CCODECS_RGB: sink_rgb(&d->sink, rows); break;
    case CCODECS_RGB_ALPHA: sink_rgba(&d->sink, rows); break;
    }
  }
}

ccodecs_status ccodecs_rows_end(ccodecs_decoder *d) {
  if (sink_finished(&d->sink)) return CCODECS_OK;
  return fail(d, CCODECS_DAMAGED, "fewer rows than the header announces");
}

int64_t ccodecs_jpeg_eighth_count(const ccodecs_decoder *d) { return d->eighth_count; }

const char *ccodecs_deflate_version(void) { return LIBDEFLATE_VERSION_STRING; }
