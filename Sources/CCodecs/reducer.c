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

static void place_cells(reducer *r);

ccodecs_status reducer_begin(
    reducer *r, const ccodecs_target *target, uint64_t extent_x, uint64_t extent_y,
    uint32_t denominator) {
  r->target = *target;
  r->columns = ceiling(extent_x, denominator);
  uint64_t pixel_x = (uint64_t)target->width * denominator;
  uint64_t pixel_y = (uint64_t)target->height * denominator;
  uint64_t divisor_x = greatest_common_divisor(pixel_x, extent_x);
  uint64_t divisor_y = greatest_common_divisor(pixel_y, extent_y);
  r->pixel_x = (uint32_t)(pixel_x / divisor_x);
  r->pixel_y = (uint32_t)(pixel_y / divisor_y);
  r->cell_x = (uint32_t)(extent_x / divisor_x);
  r->cell_y = (uint32_t)(extent_y / divisor_y);
  r->next_y = 0;
  r->cell_end_y = r->cell_y;
  r->whole_rows = 0;
  r->cell_row = 0;
  r->empty = true;
  size_t samples = (size_t)r->columns * (size_t)target->channels;
  r->whole = (uint16_t *)(void *)buffer_reserve(&r->whole_buffer, samples * sizeof(uint16_t));
  r->sums = (uint32_t *)(void *)buffer_reserve(&r->sums_buffer, samples * sizeof(uint32_t));
  const size_t cells = (size_t)target->width;
  r->spans = (span *)(void *)buffer_reserve(&r->spans_buffer, cells * sizeof(span));
  r->cell_sums = (uint32_t *)(void *)buffer_reserve(
      &r->cell_sums_buffer, cells * (size_t)target->channels * sizeof(uint32_t));
  r->totals = (uint32_t *)(void *)buffer_reserve(
      &r->totals_buffer, ((size_t)r->columns + 1) * sizeof(uint32_t));
  if (r->whole == NULL || r->sums == NULL || r->spans == NULL || r->cell_sums == NULL
      || r->totals == NULL) {
    return CCODECS_OUT_OF_MEMORY;
  }
  place_cells(r);
  return CCODECS_OK;
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

static void place_cells(reducer *r) {
  uint64_t start = 0;                  // in units, where the cell begins
  uint32_t column = 0;                 // the column that covers it
  uint64_t column_end = r->pixel_x;
  for (int32_t cell = 0; cell < r->target.width; cell++) {
    span *place = &r->spans[cell];
    const uint64_t end = start + r->cell_x;
    *place = (span){.first_column = column, .last_column = column};
    if (end < column_end) {
      place->first = (uint32_t)(end - start);
    } else {
      place->first = (uint32_t)(column_end - start);
      place->whole = (uint32_t)((end - column_end) / r->pixel_x);
      column += place->whole + 1;
      column_end += (uint64_t)(place->whole + 1) * r->pixel_x;
      place->last = (uint32_t)(end + r->pixel_x - column_end);
      if (place->last != 0) place->last_column = column;
    }
    start = end;
  }
}

// The weighted sum of one channel of a cell.
static inline uint64_t cell_sum(
    const uint32_t *sums, const span *place, uint32_t pixel, size_t channels) {
  const uint32_t *column = sums + place->first_column * channels;
  uint64_t plain = 0;
  for (uint32_t i = 1; i <= place->whole; i++) plain += column[i * channels];
  return (uint64_t)*column * place->first + plain * pixel
      + (uint64_t)sums[place->last_column * channels] * place->last;
}

// Quotients of sums below 256 x area that fit in 32 bits: a product with the truncated inverse is
// short of the quotient by one at most.
CCODECS_WIDE static void divide_small(
    uint8_t *restrict cells, const uint32_t *sums, uint32_t area, size_t count) {
  const uint32_t inverse = area == 1 ? UINT32_MAX : (uint32_t)(((uint64_t)1 << 32) / area);
  for (size_t i = 0; i < count; i++) {
    const uint32_t quotient = (uint32_t)(((uint64_t)sums[i] * inverse) >> 32);
    cells[i] = (uint8_t)(quotient + (sums[i] - quotient * area >= area ? 1 : 0));
  }
}

// The same for larger sums, by way of floating point: one too few or too many at most.
static uint8_t divide_large(uint64_t sum, uint64_t area) {
  uint64_t quotient = (uint64_t)((double)sum / (double)area);
  if (quotient * area > sum) quotient--;
  if ((quotient + 1) * area <= sum) quotient++;
  return (uint8_t)quotient;
}

// The sums of a row of cells, column by column.
static void sum_cells(reducer *r, uint64_t half, uint64_t area) {
  const size_t channels = (size_t)r->target.channels;
  const size_t samples = (size_t)r->target.width * channels;
  const bool small = 256 * area <= UINT32_MAX;
  uint8_t *cells = r->target.pixels + (size_t)r->cell_row * samples;
  for (size_t i = 0; i < samples; i++) {
    const size_t channel = channels == 1 ? 0 : i % 3;
    const span *place = &r->spans[channels == 1 ? i : i / 3];
    const uint64_t sum = cell_sum(r->sums + channel, place, r->pixel_x, channels) + half;
    if (small) r->cell_sums[i] = (uint32_t)sum;
    else cells[i] = divide_large(sum, area);
  }
}

// The same in 32 bits, where cells have few columns each, for one channel of `channels`: whole
// columns are differences of running totals, so no branch is there to be guessed wrong. Totals
// may wrap; the differences that matter do not.
__attribute__((always_inline)) static inline void sum_few(
    reducer *r, uint32_t half, size_t channel, size_t channels) {
  const uint32_t *sums = r->sums + channel;
  uint32_t *totals = r->totals;  // of the columns before
  uint32_t total = 0;
  for (size_t i = 0; i < r->columns; i++) {
    totals[i] = total;
    total += sums[i * channels];
  }
  totals[r->columns] = total;
  for (size_t i = 0; i < (size_t)r->target.width; i++) {
    const span *place = &r->spans[i];
    const uint32_t *plain = totals + place->first_column + 1;
    r->cell_sums[i * channels + channel] = half
        + sums[place->first_column * channels] * place->first
        + sums[place->last_column * channels] * place->last
        + (plain[place->whole] - plain[0]) * r->pixel_x;
  }
}

// One row of cells: sums along the columns, divided by the area of a cell, rounded half up.
static void finish_cells(reducer *r) {
  const size_t samples = (size_t)r->target.width * (size_t)r->target.channels;
  const uint64_t area = (uint64_t)r->cell_x * r->cell_y;
  const bool small = 256 * area <= UINT32_MAX;
  const bool few = r->columns < 6 * (uint32_t)r->target.width;
  if (small && few && r->target.channels == 1) {
    sum_few(r, (uint32_t)(area / 2), 0, 1);
  } else if (small && few) {
    for (size_t channel = 0; channel < 3; channel++) {
      sum_few(r, (uint32_t)(area / 2), channel, 3);
    }
  } else {
    sum_cells(r, area / 2, area);
  }
  uint8_t *cells = r->target.pixels + (size_t)r->cell_row * samples;
  if (small) divide_small(cells, r->cell_sums, (uint32_t)area, samples);
  r->cell_row++;
  r->cell_end_y += r->cell_y;
  r->empty = true;
}

bool reducer_finished(const reducer *r) { return r->cell_row == r->target.height; }

void reducer_row(reducer *r, const uint8_t *row) {
  if (reducer_finished(r)) return;
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
