#include "copenblas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Linked, OpenBLAS and the Fortran library under it would make every start of the command longer, and
// most commands need neither. These are the standard's interfaces, written down here because the
// library's own header is not needed for anything else.
enum { ROW_MAJOR = 101, NOT_TRANSPOSED = 111, TRANSPOSED = 112, UPPER = 121, LOWER = 122 };
enum { NOT_UNIT = 131, RIGHT = 142 };

typedef void sgemm(
    int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef void dgemm(
    int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *,
    int);
typedef void ssyrk(int, int, int, int, int, float, const float *, int, float, float *, int);
typedef void dsyrk(int, int, int, int, int, double, const double *, int, double, double *, int);
typedef void dtrsm(
    int, int, int, int, int, int, int, double, const double *, int, double *, int);
// Of LAPACK, whose arguments are all pointers, and whose texts carry their length at the end.
typedef void dpotrf(const char *, const int *, double *, const int *, int *, size_t);
typedef void dsytrd(
    const char *, const int *, double *, const int *, double *, double *, double *, double *,
    const int *, int *, size_t);
typedef void dsterf(const int *, double *, double *, int *);
typedef void dstemr(
    const char *, const char *, const int *, double *, double *, const double *, const double *,
    const int *, const int *, int *, double *, double *, const int *, const int *, int *, int *,
    double *, const int *, int *, const int *, int *, size_t, size_t);
typedef void dormtr(
    const char *, const char *, const char *, const int *, const int *, const double *, const int *,
    const double *, double *, const int *, double *, const int *, int *, size_t, size_t, size_t);

static struct {
  sgemm *sgemm;
  dgemm *dgemm;
  ssyrk *ssyrk;
  dsyrk *dsyrk;
  dtrsm *dtrsm;
  dpotrf *dpotrf;
  dsytrd *dsytrd;
  dsterf *dsterf;
  dstemr *dstemr;
  dormtr *dormtr;
  char *(*kernels)(void);
} blas;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[512];

static void open_library(void) {
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(failure, sizeof failure, "%s", dlerror());
    return;
  }
#define FIND(field, name)                                                                          \
  if ((blas.field = (__typeof__(blas.field))dlsym(library, name)) == NULL) {                        \
    snprintf(failure, sizeof failure, "%s", dlerror());                                             \
    return;                                                                                        \
  }
  FIND(sgemm, "cblas_sgemm")
  FIND(dgemm, "cblas_dgemm")
  FIND(ssyrk, "cblas_ssyrk")
  FIND(dsyrk, "cblas_dsyrk")
  FIND(dtrsm, "cblas_dtrsm")
  FIND(dpotrf, "dpotrf_")
  FIND(dsytrd, "dsytrd_")
  FIND(dsterf, "dsterf_")
  FIND(dstemr, "dstemr_")
  FIND(dormtr, "dormtr_")
  FIND(kernels, "openblas_get_corename")
  void (*set_thread_count)(int);
  *(void **)&set_thread_count = dlsym(library, "openblas_set_num_threads");
  if (set_thread_count == NULL) {
    snprintf(failure, sizeof failure, "%s", dlerror());
    return;
  }
  // The program's workers are the only threads: both at once lose time.
  set_thread_count(1);
}

int32_t copenblas_open(char *message, size_t message_capacity) {
  pthread_once(&once, open_library);
  snprintf(message, message_capacity, "%s", failure);
  return failure[0] == '\0';
}

const char *copenblas_kernels(void) { return blas.kernels(); }

void copenblas_products_float(
    size_t m, size_t n, size_t k, float scale, const float *a, size_t a_stride, const float *b,
    size_t b_stride, float keep, float *result, size_t result_stride) {
  blas.sgemm(
      ROW_MAJOR, NOT_TRANSPOSED, TRANSPOSED, (int)m, (int)n, (int)k, scale, a, (int)a_stride, b,
      (int)b_stride, keep, result, (int)result_stride);
}

void copenblas_product(
    int32_t a_transposed, int32_t b_transposed, size_t m, size_t n, size_t k, double scale,
    const double *a, size_t a_stride, const double *b, size_t b_stride, double keep, double *result,
    size_t result_stride) {
  blas.dgemm(
      ROW_MAJOR, a_transposed ? TRANSPOSED : NOT_TRANSPOSED,
      b_transposed ? TRANSPOSED : NOT_TRANSPOSED, (int)m, (int)n, (int)k, scale, a, (int)a_stride, b,
      (int)b_stride, keep, result, (int)result_stride);
}

void copenblas_gram(size_t m, size_t n, const double *a, double *result) {
  blas.dsyrk(
      ROW_MAJOR, UPPER, TRANSPOSED, (int)n, (int)m, 1, a, (int)n, 1, result, (int)n);
}

void copenblas_gram_tile(
    size_t m, size_t a_count, size_t b_count, const float *a, const float *b, size_t stride,
    float *result) {
  if (a == b && a_count == b_count) {
    blas.ssyrk(
        ROW_MAJOR, UPPER, TRANSPOSED, (int)a_count, (int)m, 1, a, (int)stride, 0, result,
        (int)b_count);
    return;
  }
  blas.sgemm(
      ROW_MAJOR, TRANSPOSED, NOT_TRANSPOSED, (int)a_count, (int)b_count, (int)m, 1, a, (int)stride, b,
      (int)stride, 0, result, (int)b_count);
}

int32_t copenblas_cholesky(size_t n, double *a) {
  int size = (int)n, status;
  // Row-major lower is column-major upper.
  blas.dpotrf("U", &size, a, &size, &status, 1);
  if (status != 0) return 0;
  for (size_t row = 0; row < n; row++) {
    memset(a + row * n + row + 1, 0, (n - row - 1) * sizeof *a);
  }
  return 1;
}

void copenblas_solve_lower(size_t m, size_t n, const double *lower, double *rows) {
  // Rows times the inverse of Lᵀ.
  blas.dtrsm(
      ROW_MAJOR, RIGHT, LOWER, TRANSPOSED, NOT_UNIT, (int)m, (int)n, 1, lower, (int)n, rows, (int)n);
}

int32_t copenblas_eigenvalues(
    size_t n, double *a, double *diagonal, double *beside, double *reflectors, double *values) {
  int size = (int)n, status, query = -1;
  double best = 0;
  // Row-major upper is column-major lower.
  blas.dsytrd(
      "L", &size, a, &size, diagonal, beside, reflectors, &best, &query, &status, 1);
  int work_size = (int)best;
  double *work = malloc((size_t)work_size * sizeof *work);
  double *spoiled = malloc(n * sizeof *spoiled);
  if (work != NULL && spoiled != NULL) {
    blas.dsytrd(
        "L", &size, a, &size, diagonal, beside, reflectors, work, &work_size, &status, 1);
    memcpy(values, diagonal, n * sizeof *values);
    memcpy(spoiled, beside, n * sizeof *spoiled);
    blas.dsterf(&size, values, spoiled, &status);
  } else {
    status = -1;
  }
  free(work);
  free(spoiled);
  return status == 0;
}

int32_t copenblas_eigenvectors(
    size_t n, const double *a, double *diagonal, double *beside, const double *reflectors,
    size_t count, double *vectors) {
  int size = (int)n, status = 0, wanted = (int)count, found = 0;
  int first = size - wanted + 1, relative = 1, integer_size = 10 * size, work_size = 18 * size;
  double none = 0;
  double *values = malloc(n * sizeof *values);
  double *work = malloc((size_t)work_size * sizeof *work);
  int *integers = malloc(((size_t)integer_size + 2 * n) * sizeof *integers);
  double *applied = NULL;
  if (values != NULL && work != NULL && integers != NULL) {
    blas.dstemr(
        "V", "I", &size, diagonal, beside, &none, &none, &first, &size, &found, values, vectors,
        &size, &wanted, integers + integer_size, &relative, work, &work_size, integers,
        &integer_size, &status, 1, 1);
  } else {
    status = -1;
  }
  if (status == 0 && found == wanted) {
    int query = -1;
    double best = 0;
    blas.dormtr(
        "L", "L", "N", &size, &wanted, a, &size, reflectors, vectors, &size, &best, &query, &status,
        1, 1, 1);
    int applied_size = (int)best;
    applied = malloc((size_t)applied_size * sizeof *applied);
    if (applied == NULL) {
      status = -1;
    } else {
      blas.dormtr(
          "L", "L", "N", &size, &wanted, a, &size, reflectors, vectors, &size, applied,
          &applied_size, &status, 1, 1, 1);
    }
  }
  free(values);
  free(work);
  free(integers);
  free(applied);
  return status == 0 && found == wanted;
}
