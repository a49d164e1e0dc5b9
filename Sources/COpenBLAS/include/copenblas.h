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

/// The positions of those of `count` values that are at or above `least`, ascending, to `positions`,
/// which holds `count`; returns how many.
size_t copenblas_at_least(const float *values, size_t count, float least, uint32_t *positions);

/// The positions, ascending, where `values`[i] + `added`[i] is at or above `least`; returns how many.
size_t copenblas_sums_at_least(
    const float *values, const float *added, size_t count, float least, uint32_t *positions);

/// The positions, ascending, where `values`[i] is not below `scale` * `factors`[i] + `offsets`[i] +
/// `constant`, which it is also where either is not a number; returns how many. `positions` holds
/// `count`.
size_t copenblas_not_below(
    const float *values, const float *factors, const float *offsets, size_t count, float scale,
    float constant, uint32_t *positions);
#endif
