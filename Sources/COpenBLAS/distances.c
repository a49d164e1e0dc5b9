#include "copenblas.h"
#include "lanes.h"

#include <string.h>

static inline __attribute__((always_inline)) double squared_distance(
    size_t n, const float *a, const float *b) {
  double sums[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) {
      double difference = (double)a[i + lane] - (double)b[i + lane];
      sums[lane] += difference * difference;
    }
  }
  for (size_t lane = 0; i + lane < n; lane++) {
    double difference = (double)a[i + lane] - (double)b[i + lane];
    sums[lane] += difference * difference;
  }
  return SUM_OF_LANES(sums);
}

WIDE double copenblas_squared_distance(size_t n, const float *a, const float *b) {
  return squared_distance(n, a, b);
}

WIDE double copenblas_inner_product(size_t n, const float *a, const float *b) {
  double sums[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) {
      sums[lane] += (double)a[i + lane] * (double)b[i + lane];
    }
  }
  for (size_t lane = 0; i + lane < n; lane++) sums[lane] += (double)a[i + lane] * (double)b[i + lane];
  return SUM_OF_LANES(sums);
}

WIDE void copenblas_squared_distances(
    size_t n, const float *row, const float *rows, size_t count, double *result) {
  for (size_t i = 0; i < count; i++) result[i] = squared_distance(n, row, rows + i * n);
}

// Rows side by side, as one alone would wait for each of its sums.
enum { SIDE = 4 };
typedef float float_lanes __attribute__((vector_size(4 * LANES)));

// From one row to `count` others, in single precision: to others[i] at `others` + i * n, into `result` +
// i * `stride`.
static inline __attribute__((always_inline)) void compare(
    size_t n, const float *row, const float *others, size_t count, float *result, size_t stride) {
  float_lanes sums[SIDE] = {{0}};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    float_lanes own, theirs;
    memcpy(&own, row + i, sizeof own);
    for (size_t other = 0; other < count; other++) {
      memcpy(&theirs, others + other * n + i, sizeof theirs);
      float_lanes difference = own - theirs;
      sums[other] += difference * difference;
    }
  }
  if (i < n) {
    float_lanes own = {0}, theirs = {0};
    memcpy(&own, row + i, sizeof(float) * (n - i));
    for (size_t other = 0; other < count; other++) {
      memcpy(&theirs, others + other * n + i, sizeof(float) * (n - i));
      float_lanes difference = own - theirs;
      sums[other] += difference * difference;
    }
  }
  for (size_t other = 0; other < count; other++) {
    float_lanes own = sums[other];
    result[other * stride] =
        ((own[0] + own[4]) + (own[2] + own[6])) + ((own[1] + own[5]) + (own[3] + own[7]));
  }
}

WIDE void copenblas_squared_distances_float(
    size_t n, const float *rows, size_t row_count, const float *points, size_t count,
    float *result) {
  size_t even_rows = row_count - row_count % SIDE, even = count - count % SIDE;
  for (size_t row = 0; row < row_count; row++) {
    for (size_t point = 0; point < even; point += SIDE) {
      compare(n, rows + row * n, points + point * n, SIDE, result + row * count + point, 1);
    }
    if (row < even_rows && row % SIDE < SIDE - 1) continue;
    // The last points, to the last few rows at once.
    size_t first = row < even_rows ? row + 1 - SIDE : row;
    for (size_t point = even; point < count; point++) {
      const float *own = points + point * n;
      float *place = result + first * count + point;
      if (row < even_rows) {
        compare(n, own, rows + first * n, SIDE, place, count);
      } else {
        compare(n, own, rows + first * n, 1, place, count);
      }
    }
  }
}

// Axes side by side, as one alone would wait for each of its sums.
enum { AXES = 4 };

static inline __attribute__((always_inline)) void project(
    size_t n, const float *row, const double *axes, const double *offsets, size_t count,
    float *result) {
  double sums[AXES][LANES] = {{0}};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (size_t axis = 0; axis < count; axis++) {
      for (size_t lane = 0; lane < LANES; lane++) {
        sums[axis][lane] += (double)row[i + lane] * axes[axis * n + i + lane];
      }
    }
  }
  for (size_t axis = 0; axis < count; axis++) {
    for (size_t lane = 0; i + lane < n; lane++) {
      sums[axis][lane] += (double)row[i + lane] * axes[axis * n + i + lane];
    }
    result[axis] = (float)(SUM_OF_LANES(sums[axis]) - offsets[axis]);
  }
}

// Rows to which a few axes are applied while they are in the first-level cache.
enum { PROJECTED_ROWS = 64 };

WIDE void copenblas_project(
    size_t row_count, size_t n, const float *rows, const double *axes, const double *offsets,
    size_t count, float *result) {
  for (size_t start = 0; start < row_count; start += PROJECTED_ROWS) {
    size_t end = start + PROJECTED_ROWS < row_count ? start + PROJECTED_ROWS : row_count;
    size_t axis = 0;
    for (; axis + AXES <= count; axis += AXES) {
      for (size_t row = start; row < end; row++) {
        project(n, rows + row * n, axes + axis * n, offsets + axis, AXES, result + row * count + axis);
      }
    }
    for (; axis < count; axis++) {
      for (size_t row = start; row < end; row++) {
        project(n, rows + row * n, axes + axis * n, offsets + axis, 1, result + row * count + axis);
      }
    }
  }
}

WIDE size_t copenblas_at_least(
    const float *values, size_t count, float least, uint32_t *positions) {
  size_t found = 0, i = 0;
  for (; i + 16 <= count; i += 16) {
    uint32_t any = 0;
    for (size_t lane = 0; lane < 16; lane++) any |= values[i + lane] >= least;
    if (!any) continue;
    for (size_t lane = 0; lane < 16; lane++) {
      positions[found] = (uint32_t)(i + lane);
      found += values[i + lane] >= least;
    }
  }
  for (; i < count; i++) {
    positions[found] = (uint32_t)i;
    found += values[i] >= least;
  }
  return found;
}

WIDE size_t copenblas_sums_at_least(
    const float *values, const float *added, size_t count, float least, uint32_t *positions) {
  size_t found = 0, i = 0;
  for (; i + 16 <= count; i += 16) {
    uint32_t any = 0;
    for (size_t lane = 0; lane < 16; lane++) any |= values[i + lane] + added[i + lane] >= least;
    if (!any) continue;
    for (size_t lane = 0; lane < 16; lane++) {
      positions[found] = (uint32_t)(i + lane);
      found += values[i + lane] + added[i + lane] >= least;
    }
  }
  for (; i < count; i++) {
    positions[found] = (uint32_t)i;
    found += values[i] + added[i] >= least;
  }
  return found;
}
