// Complex-wavelet SSIM: what its files share; not seen by Swift.
//
// A raster of 128x128 becomes the coarsest of four scales of the complex steerable pyramid
// (Portilla and Simoncelli 2000) at eight orientations: bands of 16x16 complex coefficients of the
// frequencies from 2 to 8 cycles a picture. Two bands are compared in windows of 7x7 (Sampat et al.
// 2009): (2 |sum x conj(y)| + K) / (sum |x|² + sum |y|² + K), the means of which, weighted towards the
// middle, are the similarity.
#ifndef CKERNELS_CW_H
#define CKERNELS_CW_H
#include <stdint.h>

enum {
  CW_SIDE = 128,
  CW_BAND = 16,          // coefficients on a side of a band
  CW_FREQUENCIES = 8,    // a band has none from here on, whatever the sign
  CW_ORIENTATIONS = 8,
  CW_WINDOW = 7,
  CW_WINDOWS = CW_BAND - CW_WINDOW + 1,  // on a side
  CW_PLACES = 104,       // of all windows, filled up to whole vectors
  CW_QUARTERS = 4        // 5x5 windows each, which are bounded together
};

/// K beside sums over a window: 100 beside means of squared coefficients, whose gain is 64. A wave of
/// half a gray level has as much, and so has the noise of rounding to 8 bits.
#define CW_CONSTANT 4900.0f

/// The numbers of the transform and of the windows' weights: sums, products, quotients and roots of
/// whole numbers in one order, so the same on every machine.
typedef struct {
  double cosines[CW_SIDE / 2][CW_FREQUENCIES];  // of x k / 128 turns
  double sines[CW_SIDE / 2][CW_FREQUENCIES];
  float band_cosines[CW_BAND][CW_BAND], band_sines[CW_BAND][CW_BAND];  // of x k / 16 turns
  /// The gain of each frequency, across from -7 to 7, down from -7 to 7.
  float gains[CW_ORIENTATIONS][2 * CW_FREQUENCIES - 1][2 * CW_FREQUENCIES - 1];
  float weights[CW_PLACES];  // of windows, row by row; they add up to 1; 0 past the last
} cw_tables;

/// The tables, made at the first call. Safe from any thread.
const cw_tables *cw_shared_tables(void);

/// What is kept of a raster.
typedef struct {
  float bands[CW_ORIENTATIONS][CW_BAND][2][CW_BAND];  // a row's real parts, then the imaginary
  float energies[CW_ORIENTATIONS][CW_PLACES];  // sum |x|² of each window, row by row
  /// Of each quarter of the windows, for all orientations: the weighted sum of the windows' roots of
  /// energies, and that of their energies and K / 2.
  float roots[CW_QUARTERS][CW_ORIENTATIONS], squares[CW_QUARTERS][CW_ORIENTATIONS];
} cw_row;

/// The kernels beside those of panels.
typedef struct {
  void (*prepare)(const uint8_t *pixels, cw_row *row);
  double (*similarity)(const cw_row *x, const cw_row *y);  // of different rasters
} cw_kernels;

extern const cw_kernels ckernels_cw_pairs_portable, ckernels_cw_pairs_avx2;

#endif
