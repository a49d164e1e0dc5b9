#include "copenblas.h"
#include "lanes.h"

#include <string.h>

typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef int32_t integers __attribute__((vector_size(4 * LANES)));

WIDE void copenblas_plane_kernel_sums(
    const copenblas_cell *cells, size_t cell_count, const float *points, const float *queries,
    const uint32_t *order, size_t query_count, float *sums, float *pushes) {
  for (size_t start = 0; start < query_count; start += LANES) {
    size_t used = query_count - start < LANES ? query_count - start : LANES;
    lanes x, y, sum = {0}, push_x = {0}, push_y = {0};
    for (size_t lane = 0; lane < LANES; lane++) {
      const float *query = queries + 2 * (size_t)order[start + (lane < used ? lane : used - 1)];
      x[lane] = query[0];
      y[lane] = query[1];
    }
    for (size_t at = 0; at < cell_count;) {
      const copenblas_cell *cell = &cells[at];
      lanes dx = x - cell->x, dy = y - cell->y;
      lanes squared = dx * dx + dy * dy;
      if (!__builtin_reduce_or(squared <= cell->reach)) {
        lanes kernel = 1 / (1 + squared);
        lanes weighted = kernel * cell->count;
        sum += weighted;
        weighted *= kernel;
        push_x += weighted * dx;
        push_y += weighted * dy;
        at = cell->next;
        continue;
      }
      for (uint32_t point = cell->first; point < cell->end; point++) {
        dx = x - points[2 * (size_t)point];
        dy = y - points[2 * (size_t)point + 1];
        lanes kernel = 1 / (1 + (dx * dx + dy * dy));
        sum += kernel;
        kernel *= kernel;
        push_x += kernel * dx;
        push_y += kernel * dy;
      }
      at += 1;
    }
    for (size_t lane = 0; lane < used; lane++) {
      size_t query = order[start + lane];
      sums[query] = sum[lane];
      pushes[2 * query] = push_x[lane];
      pushes[2 * query + 1] = push_y[lane];
    }
  }
}

WIDE void copenblas_plane_pulls(
    size_t row_count, const size_t *starts, const uint32_t *columns, const float *weights,
    const float *row_points, const float *column_points, float *pulls) {
  for (size_t row = 0; row < row_count; row++) {
    float x = row_points[2 * row], y = row_points[2 * row + 1];
    lanes pull_x = {0}, pull_y = {0};
    for (size_t start = starts[row]; start < starts[row + 1]; start += LANES) {
      size_t used = starts[row + 1] - start < LANES ? starts[row + 1] - start : LANES;
      lanes weight = {0}, xs = {0}, ys = {0};
      if (used == LANES) {
        memcpy(&weight, weights + start, sizeof weight);
        for (size_t lane = 0; lane < LANES; lane++) {
          const float *point = column_points + 2 * (size_t)columns[start + lane];
          xs[lane] = point[0];
          ys[lane] = point[1];
        }
      } else {
        for (size_t lane = 0; lane < used; lane++) {
          const float *point = column_points + 2 * (size_t)columns[start + lane];
          weight[lane] = weights[start + lane];
          xs[lane] = point[0];
          ys[lane] = point[1];
        }
      }
      lanes dx = x - xs, dy = y - ys;
      weight /= 1 + (dx * dx + dy * dy);
      pull_x += weight * dx;
      pull_y += weight * dy;
    }
    pulls[2 * row] = SUM_OF_LANES((const float *)&pull_x);
    pulls[2 * row + 1] = SUM_OF_LANES((const float *)&pull_y);
  }
}

WIDE void copenblas_sparse_product(
    size_t row_count, const size_t *starts, const uint32_t *columns, const float *weights,
    size_t width, const double *matrix, double *result) {
  for (size_t row = 0; row < row_count; row++) {
    double *sums = result + row * width;
    for (size_t column = 0; column < width; column++) sums[column] = 0;
    for (size_t entry = starts[row]; entry < starts[row + 1]; entry++) {
      const double *values = matrix + (size_t)columns[entry] * width;
      for (size_t column = 0; column < width; column++) {
        sums[column] += weights[entry] * values[column];
      }
    }
  }
}

// SplitMix64, as `SeededGenerator`.
static inline __attribute__((always_inline)) uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

// Replaces each x by x to the power of `exponent`, for x at least the smallest normal number: within 1e-6
// of it, and the same bits everywhere, which the C library's is not. log2 is the series of atanh around 1,
// 2^f Taylor's.
static inline __attribute__((always_inline)) void raise(lanes *x, float exponent) {
  integers bits, shift;
  memcpy(&bits, x, sizeof bits);
  integers whole = (bits - 0x3F3504F3) >> 23;  // so that the rest is from √½ to √2
  bits -= whole << 23;
  lanes rest;
  memcpy(&rest, &bits, sizeof rest);
  lanes s = (rest - 1) / (rest + 1), square = s * s;
  lanes series = 0.961796694f + square * (0.577078016f + square * 0.412198583f);
  lanes product =
      exponent * (__builtin_convertvector(whole, lanes) + s * (2.88539008f + square * series));
  product = __builtin_elementwise_max(product, (lanes){0} - 126);
  product = __builtin_elementwise_min(product, (lanes){0} + 126);
  shift = __builtin_convertvector(product + 127.5f, integers);
  lanes f = product - (__builtin_convertvector(shift, lanes) - 127);
  series = 0.0555041087f + f * (0.00961812911f + f * (0.00133335581f + f * 0.000154035304f));
  series = 1 + f * (0.693147181f + f * (0.240226507f + f * series));
  shift <<= 23;
  memcpy(x, &shift, sizeof shift);
  *x *= series;
}

WIDE void copenblas_sampling_epoch(
    size_t edge_count, const copenblas_edge *edges, copenblas_schedule *schedules, float epoch,
    float rate, float a, float b, float negatives, float *heads, float *tails, size_t tail_count,
    int32_t tails_move, uint64_t *random) {
  // The first of the eight pulls, by -2ab·d^2(b-1) / (1 + a·d^2b), and the others push, by
  // 2b / ((0.001 + d²)·(1 + a·d^2b)): (constant + slope·a·d^2b) / ((offset + d²)·(1 + a·d^2b)).
  const lanes slope = {-2 * b}, offset = {0, 1e-3f, 1e-3f, 1e-3f, 1e-3f, 1e-3f, 1e-3f, 1e-3f};
  for (size_t index = 0; index < edge_count; index++) {
    copenblas_schedule *schedule = &schedules[index];
    if (schedule->next > epoch) continue;
    const copenblas_edge *edge = &edges[index];
    float *head = heads + 2 * (size_t)edge->head, *tail = tails + 2 * (size_t)edge->tail;
    float period = edge->period / negatives;
    int32_t count = (int32_t)((epoch - schedule->next_negative) / period);
    if (count > LANES - 1) count = LANES - 1;
    schedule->next += edge->period;
    schedule->next_negative += (float)count * period;
    lanes xs = {tail[0]}, ys = {tail[1]}, constant = {0};
    for (int32_t lane = 1; lane <= count; lane++) {
      size_t other = (size_t)((next_random(random) >> 32) * tail_count >> 32);
      xs[lane] = tails[2 * other];
      ys[lane] = tails[2 * other + 1];
      constant[lane] = 2 * b;
    }
    lanes dx = head[0] - xs, dy = head[1] - ys;
    lanes squared = __builtin_elementwise_max(dx * dx + dy * dy, (lanes){0} + 1e-30f);
    lanes grown = squared;
    raise(&grown, b);
    grown *= a;
    lanes factor = (constant + slope * grown) / ((offset + squared) * (1 + grown));
    const lanes limit = (lanes){0} + 4;
    dx = rate * __builtin_elementwise_max(__builtin_elementwise_min(factor * dx, limit), -limit);
    dy = rate * __builtin_elementwise_max(__builtin_elementwise_min(factor * dy, limit), -limit);
    head[0] += SUM_OF_LANES((const float *)&dx);
    head[1] += SUM_OF_LANES((const float *)&dy);
    if (tails_move) {
      tail[0] -= dx[0];
      tail[1] -= dy[0];
    }
  }
}

WIDE size_t copenblas_count_before(const double *values, size_t count, size_t position) {
  double value = values[position];
  size_t before = 0;
  for (size_t i = 0; i < position; i++) before += values[i] <= value;
  for (size_t i = position + 1; i < count; i++) before += values[i] < value;
  return before;
}
