// From a decoded row to every raster that was asked for: transparency on the background, gray.
#include <string.h>
#include "internal.h"

ccodecs_status sink_begin(
    sink *s, const ccodecs_target *targets, int32_t count, uint64_t extent_x, uint64_t extent_y,
    uint32_t denominator, const uint8_t *background) {
  s->count = count;
  s->gray = s->color = false;
  s->width = (uint32_t)((extent_x + denominator - 1) / denominator);
  memcpy(s->background, background, 3);
  s->background_gray = (uint8_t)gray_of(background[0], background[1], background[2]);
  for (int32_t i = 0; i < count; i++) {
    if (targets[i].channels == 1) s->gray = true;
    else s->color = true;
    ccodecs_status status =
        reducer_begin(&s->reducers[i], &targets[i], extent_x, extent_y, denominator);
    if (status != CCODECS_OK) return status;
  }
  if (buffer_reserve(&s->gray_row, s->width) == NULL) return CCODECS_OUT_OF_MEMORY;
  if (buffer_reserve(&s->color_row, (size_t)s->width * 3) == NULL) return CCODECS_OUT_OF_MEMORY;
  return CCODECS_OK;
}

bool sink_finished(const sink *s) {
  for (int32_t i = 0; i < s->count; i++) {
    if (!reducer_finished(&s->reducers[i])) return false;
  }
  return true;
}

size_t sink_trim(sink *s, size_t keep_bytes) {
  size_t held = buffer_trim(&s->gray_row, keep_bytes) + buffer_trim(&s->color_row, keep_bytes);
  for (int32_t i = 0; i < CCODECS_TARGET_LIMIT; i++) {
    reducer *r = &s->reducers[i];
    held += buffer_trim(&r->whole_buffer, keep_bytes) + buffer_trim(&r->sums_buffer, keep_bytes)
        + buffer_trim(&r->spans_buffer, keep_bytes) + buffer_trim(&r->cell_sums_buffer, keep_bytes)
        + buffer_trim(&r->totals_buffer, keep_bytes);
  }
  return held;
}

static void feed(sink *s, int32_t channels, const uint8_t *row) {
  for (int32_t i = 0; i < s->count; i++) {
    if (s->reducers[i].target.channels == channels) reducer_row(&s->reducers[i], row);
  }
}

static void gray_from_rgba(
    uint8_t *restrict gray, const uint8_t *restrict row, uint32_t background, size_t count,
    bool portable) {
  size_t i = portable ? 0 : gray_from_rgba_wide(gray, row, background, count);
  for (; i < count; i++) {
    const uint32_t y = gray_of(row[4 * i], row[4 * i + 1], row[4 * i + 2]);
    const uint32_t alpha = row[4 * i + 3];
    gray[i] = (uint8_t)divide255(y * alpha + background * (255 - alpha));
  }
}

CCODECS_WIDE static void gray_from_rgbx(
    uint8_t *restrict gray, const uint8_t *restrict row, size_t count) {
  for (size_t i = 0; i < count; i++) {
    gray[i] = (uint8_t)gray_of(row[4 * i], row[4 * i + 1], row[4 * i + 2]);
  }
}

CCODECS_WIDE static void gray_from_rgb(
    uint8_t *restrict gray, const uint8_t *restrict row, size_t count) {
  for (size_t i = 0; i < count; i++) {
    gray[i] = (uint8_t)gray_of(row[3 * i], row[3 * i + 1], row[3 * i + 2]);
  }
}

CCODECS_WIDE static void gray_from_gray_alpha(
    uint8_t *restrict gray, const uint8_t *restrict row, uint32_t background, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t alpha = row[2 * i + 1];
    gray[i] = (uint8_t)divide255(row[2 * i] * alpha + background * (255 - alpha));
  }
}

CCODECS_WIDE static void color_from_rgba(
    uint8_t *restrict color, const uint8_t *restrict row, const uint8_t *background,
    size_t count) {
  const uint32_t red = background[0], green = background[1], blue = background[2];
  for (size_t i = 0; i < count; i++) {
    const uint32_t alpha = row[4 * i + 3];
    color[3 * i] = (uint8_t)divide255(row[4 * i] * alpha + red * (255 - alpha));
    color[3 * i + 1] = (uint8_t)divide255(row[4 * i + 1] * alpha + green * (255 - alpha));
    color[3 * i + 2] = (uint8_t)divide255(row[4 * i + 2] * alpha + blue * (255 - alpha));
  }
}

CCODECS_WIDE static void color_from_rgbx(
    uint8_t *restrict color, const uint8_t *restrict row, size_t count) {
  for (size_t i = 0; i < count; i++) {
    color[3 * i] = row[4 * i];
    color[3 * i + 1] = row[4 * i + 1];
    color[3 * i + 2] = row[4 * i + 2];
  }
}

CCODECS_WIDE static void color_from_gray(
    uint8_t *restrict color, const uint8_t *restrict row, size_t count) {
  for (size_t i = 0; i < count; i++) {
    color[3 * i] = color[3 * i + 1] = color[3 * i + 2] = row[i];
  }
}

CCODECS_WIDE static void color_from_gray_alpha(
    uint8_t *restrict color, const uint8_t *restrict row, const uint8_t *background,
    size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t alpha = row[2 * i + 1];
    for (size_t c = 0; c < 3; c++) {
      color[3 * i + c] =
          (uint8_t)divide255(row[2 * i] * alpha + background[c] * (255 - alpha));
    }
  }
}

void sink_gray(sink *s, const uint8_t *row) {
  if (s->gray) feed(s, 1, row);
  if (s->color) {
    color_from_gray(s->color_row.bytes, row, s->width);
    feed(s, 3, s->color_row.bytes);
  }
}

void sink_gray_alpha(sink *s, const uint8_t *row) {
  if (s->gray) {
    gray_from_gray_alpha(s->gray_row.bytes, row, s->background_gray, s->width);
    feed(s, 1, s->gray_row.bytes);
  }
  if (s->color) {
    color_from_gray_alpha(s->color_row.bytes, row, s->background, s->width);
    feed(s, 3, s->color_row.bytes);
  }
}

void sink_rgb(sink *s, const uint8_t *row) {
  if (s->gray) {
    gray_from_rgb(s->gray_row.bytes, row, s->width);
    feed(s, 1, s->gray_row.bytes);
  }
  if (s->color) feed(s, 3, row);
}

void sink_rgbx(sink *s, const uint8_t *row) {
  if (s->gray) {
    gray_from_rgbx(s->gray_row.bytes, row, s->width);
    feed(s, 1, s->gray_row.bytes);
  }
  if (s->color) {
    color_from_rgbx(s->color_row.bytes, row, s->width);
    feed(s, 3, s->color_row.bytes);
  }
}

void sink_rgba(sink *s, const uint8_t *row) {
  if (s->gray) {
    gray_from_rgba(s->gray_row.bytes, row, s->background_gray, s->width, s->portable);
    feed(s, 1, s->gray_row.bytes);
  }
  if (s->color) {
    color_from_rgba(s->color_row.bytes, row, s->background, s->width);
    feed(s, 3, s->color_row.bytes);
  }
}

void sink_palette(
    sink *s, const uint8_t *indices, const uint8_t *gray256, const uint8_t *color768) {
  if (s->gray) {
    for (size_t i = 0; i < s->width; i++) s->gray_row.bytes[i] = gray256[indices[i]];
    feed(s, 1, s->gray_row.bytes);
  }
  if (s->color) {
    for (size_t i = 0; i < s->width; i++) {
      memcpy(s->color_row.bytes + 3 * i, color768 + 3 * (size_t)indices[i], 3);
    }
    feed(s, 3, s->color_row.bytes);
  }
}
