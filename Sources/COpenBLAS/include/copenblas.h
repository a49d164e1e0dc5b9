#ifndef COPENBLAS_H
#define COPENBLAS_H
#include <stddef.h>
#include <stdint.h>

// OpenBLAS, opened when it is first needed, and the distances that it has no function for. Matrices
// are row-major unless said; `..._stride` is the distance of rows in elements. Every function works on
// the calling thread and is safe from any, once `copenblas_open` has returned 1.

/// Opens the library, once: 1, or 0 with a NUL-terminated reason in `message`. Any thread may call it.
int32_t copenblas_open(char *message, size_t message_capacity);

/// The name of the kernels that the library chose for this processor, or was told to use.
const char *copenblas_kernels(void);

/// result[m x n] = scale * a[m x k] · b[n x k]ᵀ + keep * result, in single precision.
void copenblas_products_float(
    size_t m, size_t n, size_t k, float scale, const float *a, size_t a_stride, const float *b,
    size_t b_stride, float keep, float *result, size_t result_stride);

/// result[m x n] = scale * op(a) · op(b) + keep * result, in double precision: op(a) is m x k, op(b)
/// k x n, and each is stored as it is or, where `..._transposed` is 1, as its transpose.
void copenblas_product(
    int32_t a_transposed, int32_t b_transposed, size_t m, size_t n, size_t k, double scale,
    const double *a, size_t a_stride, const double *b, size_t b_stride, double keep, double *result,
    size_t result_stride);

/// The upper triangle of result[n x n] += aᵀ · a, for a[m x n]; the rest of `result` stays.
void copenblas_gram(size_t m, size_t n, const double *a, double *result);

/// result[a_count x b_count] = aᵀ · b, in single precision, for a and b of `m` rows that lie `stride`
/// elements apart; of the product of a with itself only the upper triangle is set.
void copenblas_gram_tile(
    size_t m, size_t a_count, size_t b_count, const float *a, const float *b, size_t stride,
    float *result);

/// a = L · Lᵀ of a symmetric a[n x n]: L in the lower triangle, and zeros over it. 1, or 0 where `a` is
/// not positive definite; it is spoiled then.
int32_t copenblas_cholesky(size_t n, double *a);

/// Solves L · x = b for each row b of `rows`[m x n] in place, L lower triangular [n x n].
void copenblas_solve_lower(size_t m, size_t n, const double *lower, double *rows);

/// The eigenvalues of a symmetric a[n x n], of which the upper triangle is read, ascending, to
/// `values`. `a` becomes its reduction to tridiagonal form, with `diagonal`[n], `beside`[n] and
/// `reflectors`[n], for `copenblas_eigenvectors`. 1, or 0 where memory ran out or they did not converge.
int32_t copenblas_eigenvalues(
    size_t n, double *a, double *diagonal, double *beside, double *reflectors, double *values);

/// The `count` eigenvectors of the largest eigenvalues, as rows of `vectors`[count x n], the largest
/// last. 1, or 0 as above. `diagonal` and `beside` are spoiled.
int32_t copenblas_eigenvectors(
    size_t n, const double *a, double *diagonal, double *beside, const double *reflectors,
    size_t count, double *vectors);

/// The squared Euclidean distance of two rows, each element subtracted and squared in double
/// precision, and summed in one order: the same bits on every processor.
double copenblas_squared_distance(size_t n, const float *a, const float *b);

/// The inner product of two rows, as `copenblas_squared_distance` sums.
double copenblas_inner_product(size_t n, const float *a, const float *b);

/// Squared distances of `row` to each of `count` rows, as `copenblas_squared_distance` gives them.
void copenblas_squared_distances(
    size_t n, const float *row, const float *rows, size_t count, double *result);

/// result[r x count + i] = the squared distance of row r to points[i] for each of `row_count` rows and
/// `count` points of `n` elements, in single precision, summed as `copenblas_squared_distance` does.
void copenblas_squared_distances_float(
    size_t n, const float *rows, size_t row_count, const float *points, size_t count,
    float *result);

/// result[r x count + i] = row r · axes[i] - offsets[i] for each of `row_count` rows and `count` axes of
/// `n` elements, each summed as `copenblas_squared_distance` does.
void copenblas_project(
    size_t row_count, size_t n, const float *rows, const double *axes, const double *offsets,
    size_t count, float *result);
/// Makes products[m x n] of rows with columns their Euclidean distances, from both sides' squared norms.
/// A square under `error` times the sum of both norms, which rounding alone may leave, counts as 0.
void copenblas_distances(
    size_t m, size_t n, const double *row_norms, const double *column_norms, double error,
    double *products);

/// The sums of runs of values, one after the other, run r ending before ends[r], to sums[run_count].
void copenblas_sums(
    const double *values, const uint32_t *ends, size_t run_count, double *sums);

/// The sums of the columns of values[m x n], to sums[n].
void copenblas_column_sums(size_t m, size_t n, const double *values, double *sums);
/// The same of rows in double precision.
void copenblas_squared_distances_double(
    size_t n, const double *row, const double *rows, size_t count, double *result);

/// Turns the products of a center with `count` others into (product - half_norms[i] - half_norm) *
/// size * sizes[i] / (size + sizes[i]), in place, and returns the largest: a quarter of Ward's squared
/// distance, negative, when the half norms are of the centers.
float copenblas_ward_nearness(
    float *values, const float *half_norms, const float *sizes, size_t count, float half_norm,
    float size);

/// Tells `count` rows of another `row` at `distances`: where the largest of its distance, the row's own
/// floor and `floor` is under `least`, or equal and `row` lower than `rows`, it replaces them. Returns
/// the smallest of `least`.
double copenblas_reach(
    size_t count, const double *distances, const double *floors, double floor, uint32_t row,
    double *least, uint32_t *rows);

/// The positions of those of `count` values that are at or above `least`, ascending, to `positions`,
/// which holds `count`; returns how many.
size_t copenblas_at_least(const float *values, size_t count, float least, uint32_t *positions);

/// The positions, ascending, where `values`[i] + `added`[i] is at or above `least`; returns how many.
size_t copenblas_sums_at_least(
    const float *values, const float *added, size_t count, float least, uint32_t *positions);

/// The two least of `added`[c] - `products`[c x count + i] over centers c for each i below `count`, and
/// the center of the least, the lowest of equal ones. `second` is infinite where there is one center.
void copenblas_two_least(
    const float *products, const float *added, size_t center_count, size_t count, float *least,
    float *second, uint32_t *position);

/// sum[n] += scale * row[n], each product and each sum rounded to double precision.
void copenblas_add_row(size_t n, double scale, const float *row, double *sum);
/// The positions, ascending, where `values`[i] is not below `scale` * `factors`[i] + `offsets`[i] +
/// `constant`, which it is also where either is not a number; returns how many. `positions` holds
/// `count`.
size_t copenblas_not_below(
    const float *values, const float *factors, const float *offsets, size_t count, float scale,
    float constant, uint32_t *positions);
/// A cell of a quadtree. Cells lie in preorder: a cell's parts follow it, up to `next`.
typedef struct {
  /// The centre of its points, and how many there are.
  float x, y, count;
  /// A query whose squared distance from the centre is over this takes the cell as one point.
  float reach;
  /// The cell after this one and all of its parts.
  uint32_t next;
  /// The points of a cell that has no parts; none of one that has.
  uint32_t first, end;
} copenblas_cell;

/// For each query the sums over all points, at distance d, of q = 1 / (1 + d²), to `sums`, and of
/// q² · (query - point), to `pushes` (Barnes and Hut 1986). Queries are taken eight at a time in `order`,
/// and take a cell as one point where all eight may: it is quickest when those lie together. Points,
/// queries and pushes are pairs of x and y, points in the order of the cells.
void copenblas_plane_kernel_sums(
    const copenblas_cell *cells, size_t cell_count, const float *points, const float *queries,
    const uint32_t *order, size_t query_count, float *sums, float *pushes);

/// For each row of a sparse matrix the sum over its entries of weight · q · (row point - column point),
/// q as above. Points are pairs of x and y. The entries of row r are at `starts`[r] to `starts`[r + 1].
void copenblas_plane_pulls(
    size_t row_count, const size_t *starts, const uint32_t *columns, const float *weights,
    const float *row_points, const float *column_points, float *pulls);

/// result[row_count x width] = sparse matrix, as above, · matrix[... x width].
void copenblas_sparse_product(
    size_t row_count, const size_t *starts, const uint32_t *columns, const float *weights,
    size_t width, const double *matrix, double *result);

/// An edge, which is sampled every `period` epochs.
typedef struct {
  uint32_t head, tail;
  float period;
} copenblas_edge;

/// When an edge is due, and when it next takes a negative sample.
typedef struct {
  float next, next_negative;
} copenblas_schedule;

/// One epoch of sampled gradient steps (McInnes, Healy and Melville 2018): each edge that is due pulls
/// its head, and its tail where `tails_move`, together, and pushes the head from `negatives` random
/// points of `tails` for each time that it is sampled. Points are pairs of x and y; `heads` and `tails`
/// may be the same, and `tail_count` is under 2³².
void copenblas_sampling_epoch(
    size_t edge_count, const copenblas_edge *edges, copenblas_schedule *schedules, float epoch,
    float rate, float a, float b, float negatives, float *heads, float *tails, size_t tail_count,
    int32_t tails_move, uint64_t *random);

/// How many of `count` values come before the one at `position`: lower ones, and equal ones at a lower
/// position.
size_t copenblas_count_before(const double *values, size_t count, size_t position);
#endif
