// The one reducer of all lanes: the mean of the area that a cell covers, in integers.
//
// Both axes are measured in units in which a fed pixel and a cell are whole numbers: with an exact
// extent of E/D fed pixels cut in n cells, a pixel is n*D units wide, a cell E, the picture n*E
// (divided by their common divisor). A pixel counts in a cell with the units that they share, so
// weights are exact, also where a cell ends inside a pixel, where cells are smaller than pixels,
// and where the extent ends inside the last pixel. A cell's value is its weighted sum divided by
// its area, rounded half up. Nothing else rounds, so order and vector width change no bit.
//
// Rows are summed first: whole rows as plain 16-bit sums (a vector add a row), the rows that two
// cells share with their weights. Columns are summed once a row of cells.
#include <string.h>
#include "internal.h"

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b) {
  while (b != 0) {
    uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static uint32_t ceiling(uint64_t extent, uint32_t denominator) {
  return (uint32_t)((extent + denominator - 1) / denominator);
}

ccodecs_status reducer_begin(
    reducer *r, const ccodecs_target *target, uint64_t extent_x, uint64_t extent_y,
    uint32_t denominator) {
  r->target = *target;
  r->columns = ceiling(extent_x, denominator);
  r->rows = ceiling(extent_y, denominator);
  uint64_t pixel_x = (uint64_t)target->width * denominator;
  uint64_t pixel_y = (uint64_t)target->height * denominator;
  uint64_t divisor_x = greatest_common_divisor(pixel_x, extent_x);
  uint64_t divisor_y = greatest_common_divisor(pixel_y, extent_y);
  r->pixel_x = (uint32_t)(pixel_x / divisor_x);
  r->pixel_y = (uint32_t)(pixel_y / divisor_y);
  r->cell_x = (uint32_t)(extent_x / divisor_x);
  r->cell_y = (uint32_t)(extent_y / divisor_y);
  r->total_x = (uint64_t)r->cell_x * (uint32_t)target->width;
  r->total_y = (uint64_t)r->cell_y * (uint32_t)target->height;
  r->next_y = 0;
  r->cell_end_y = r->cell_y;
  r->whole_rows = 0;
  r->cell_row = 0;
  r->empty = true;
  size_t samples = (size_t)r->columns * (size_t)target->channels;
  r->whole = (uint16_t *)(void *)buffer_reserve(&r->whole_buffer, samples * sizeof(uint16_t));
  r->sums = (uint32_t *)(void *)buffer_reserve(&r->sums_buffer, samples * sizeof(uint32_t));
  return r->whole != NULL && r->sums != NULL ? CCODECS_OK : CCODECS_OUT_OF_MEMORY;
}

CCODECS_WIDE static void set_whole(uint16_t *restrict whole, const uint8_t *row, size_t count) {
  for (size_t i = 0; i < count; i++) whole[i] = row[i];
}

CCODECS_WIDE static void add_whole(uint16_t *restrict whole, const uint8_t *row, size_t count) {
  for (size_t i = 0; i < count; i++) whole[i] += row[i];
}

CCODECS_WIDE static void set_weighted(
    uint32_t *restrict sums, const uint8_t *row, uint32_t weight, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] = row[i] * weight;
}

CCODECS_WIDE static void add_weighted(
    uint32_t *restrict sums, const uint8_t *row, uint32_t weight, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] += row[i] * weight;
}

CCODECS_WIDE static void set_scaled(
    uint32_t *restrict sums, const uint16_t *whole, uint32_t weight, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] = whole[i] * weight;
}

CCODECS_WIDE static void add_scaled(
    uint32_t *restrict sums, const uint16_t *whole, uint32_t weight, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] += whole[i] * weight;
}

static void fold_whole(reducer *r, size_t samples) {
  if (r->whole_rows == 0) return;
  (r->empty ? set_scaled : add_scaled)(r->sums, r->whole, r->pixel_y, samples);
  r->empty = false;
  r->whole_rows = 0;
}

// One row of cells: sums along the columns, divided by the area of a cell.
static void finish_cells(reducer *r) {
  const int32_t channels = r->target.channels;
  const uint64_t area = (uint64_t)r->cell_x * r->cell_y;
  const uint64_t half = area / 2;
  const double inverse = 1.0 / (double)area;
  uint8_t *cells = r->target.pixels
      + (size_t)r->cell_row * (size_t)r->target.width * (size_t)channels;
  uint64_t position = 0;   // in units, where the cell begins
  uint32_t column = 0;     // the pixel that covers it
  uint64_t pixel_end = r->pixel_x;
  for (int32_t cell = 0; cell < r->target.width; cell++) {
    const uint64_t cell_end = position + r->cell_x;
    uint64_t sums[3] = {half, half, half};
    const uint32_t *from = r->sums + (size_t)column * (size_t)channels;
    // The pixel in which the cell begins, maybe in part, maybe covering the whole cell.
    uint64_t end = pixel_end < cell_end ? pixel_end : cell_end;
    for (int32_t c = 0; c < channels; c++) sums[c] += from[c] * (end - position);
    if (pixel_end < cell_end) {
      const uint32_t whole = (uint32_t)((cell_end - pixel_end) / r->pixel_x);
      from += channels;
      uint64_t plain[3] = {0, 0, 0};
      if (channels == 1) {
        for (uint32_t i = 0; i < whole; i++) plain[0] += from[i];
      } else {
        for (uint32_t i = 0; i < whole * 3; i += 3) {
          plain[0] += from[i];
          plain[1] += from[i + 1];
          plain[2] += from[i + 2];
        }
      }
      from += (size_t)whole * (size_t)channels;
      column += whole + 1;
      const uint64_t rest = cell_end - pixel_end - (uint64_t)whole * r->pixel_x;
      pixel_end += (uint64_t)(whole + 1) * r->pixel_x;
      for (int32_t c = 0; c < channels; c++) {
        sums[c] += plain[c] * r->pixel_x;
        if (rest != 0) sums[c] += from[c] * rest;
      }
    } else if (pixel_end == cell_end) {
      column++;
      pixel_end += r->pixel_x;
    }
    position = cell_end;
    for (int32_t c = 0; c < channels; c++) {
      // A product with the inverse is off by one at most; a 64-bit division costs five times it.
      uint64_t quotient = (uint64_t)((double)sums[c] * inverse);
      if (quotient * area > sums[c]) quotient--;
      if ((quotient + 1) * area <= sums[c]) quotient++;
      *cells++ = (uint8_t)quotient;
    }
  }
  r->cell_row++;
  r->cell_end_y += r->cell_y;
  r->empty = true;
}

void reducer_row(reducer *r, const uint8_t *row) {
  const size_t samples = (size_t)r->columns * (size_t)r->target.channels;
  const uint64_t row_end = r->next_y + r->pixel_y;
  if (row_end <= r->cell_end_y) {
    (r->whole_rows == 0 ? set_whole : add_whole)(r->whole, row, samples);
    r->next_y = row_end;
    const bool ends_cell = row_end == r->cell_end_y;
    // 257 x 255 is the most that 16 bits hold.
    if (++r->whole_rows == 257 || ends_cell) fold_whole(r, samples);
    if (ends_cell) finish_cells(r);
    return;
  }
  while (r->next_y < row_end && r->cell_row < r->target.height) {
    const uint64_t end = row_end < r->cell_end_y ? row_end : r->cell_end_y;
    const uint32_t weight = (uint32_t)(end - r->next_y);
    fold_whole(r, samples);
    (r->empty ? set_weighted : add_weighted)(r->sums, row, weight, samples);
    r->empty = false;
    r->next_y = end;
    if (end == r->cell_end_y) finish_cells(r);
  }
  r->next_y = row_end;
}

bool reducer_finished(const reducer *r) { return r->cell_row == r->target.height; }
