// The tables of complex-wavelet SSIM. No function of the C library is called but the root, which is
// correctly rounded: the last bit of others depends on the processor.
#include "cw.h"

#include <math.h>
#include <pthread.h>

#pragma STDC FP_CONTRACT OFF

enum { TERMS = 40 };  // of a series; the last is under 2^-53 of the sum wherever they are used

static const double pi = 3.14159265358979323846, natural_of_2 = 0.69314718055994530942;

/// Cosines and sines of 128ths of a turn: the first by halving the quarter, the others by turning on.
static void fill_circle(double cosines[CW_SIDE], double sines[CW_SIDE]) {
  double cosine = 0, sine = 1;
  for (uint32_t quarter = CW_SIDE / 4; quarter > 1; quarter /= 2) {
    const double half = sqrt((1 + cosine) / 2);
    sine /= 2 * half;
    cosine = half;
  }
  cosines[0] = 1;
  sines[0] = 0;
  for (uint32_t i = 1; i < CW_SIDE; i++) {
    if (i % (CW_SIDE / 4) == 0) {  // exact, and errors do not add up
      cosines[i] = -sines[i - CW_SIDE / 4];
      sines[i] = cosines[i - CW_SIDE / 4];
      continue;
    }
    cosines[i] = cosines[i - 1] * cosine - sines[i - 1] * sine;
    sines[i] = sines[i - 1] * cosine + cosines[i - 1] * sine;
  }
}

/// log2 of 1/4 to 4, by the series of the inverse hyperbolic tangent.
static double binary_logarithm(double x) {
  const double z = (x - 1) / (x + 1);
  double power = z, sum = 0;
  for (uint32_t k = 0; k < TERMS; k++, power *= z * z) sum += power / (2 * k + 1);
  return 2 * sum / natural_of_2;
}

/// The cosine of up to a quarter of a turn.
static double cosine(double angle) {
  double term = 1, sum = 1;
  for (uint32_t k = 1; k < TERMS; k++) {
    term *= -angle * angle / ((2 * k - 1) * (2.0 * k));
    sum += term;
  }
  return sum;
}

static double exponential(double x) {
  double term = 1, sum = 1;
  for (uint32_t k = 1; k < TERMS; k++) {
    term *= x / k;
    sum += term;
  }
  return sum;
}

/// The pyramid's filter: a raised cosine of the logarithm of the frequency, an octave to either side
/// of 4 cycles, times a power of the cosine of the angle between the frequency and the orientation.
static double gain(int32_t across, int32_t down, double cosine_of, double sine_of) {
  const int32_t square = across * across + down * down;
  const double along = across * cosine_of + down * sine_of;
  if (square <= 4 || square >= 64 || along <= 0) return 0;
  const double radial = cosine(pi / 4 * binary_logarithm(square / 16.0));
  const double near = along / sqrt(square), squared = near * near;
  // 2 sqrt(2^(2n) n!² / (orientations (2n)!)) with n, the power, one less than the orientations: 7.
  return radial * (squared * squared * squared * near) * 2 * sqrt(2048.0 / 3432);
}

/// A Gaussian as wide as a quarter of the band, over the windows; its sum is 1.
static void fill_weights(float weights[CW_PLACES]) {
  double of_place[CW_WINDOWS], sum = 0;
  for (uint32_t i = 0; i < CW_WINDOWS; i++) {
    const double from_middle = i - (CW_WINDOWS - 1) / 2.0, width = CW_BAND / 4.0;
    of_place[i] = exponential(-from_middle * from_middle / (2 * width * width));
    sum += of_place[i];
  }
  for (uint32_t k = 0; k < CW_PLACES; k++) weights[k] = 0;
  for (uint32_t k = 0; k < CW_WINDOWS * CW_WINDOWS; k++)
    weights[k] = (float)(of_place[k / CW_WINDOWS] * of_place[k % CW_WINDOWS] / (sum * sum));
}

static cw_tables tables;

static void fill_tables(void) {
  enum { MOST = CW_FREQUENCIES - 1, STEP = CW_SIDE / CW_BAND };
  double cosines[CW_SIDE], sines[CW_SIDE];
  fill_circle(cosines, sines);
  for (uint32_t x = 0; x < CW_SIDE / 2; x++) {
    for (uint32_t k = 0; k < CW_FREQUENCIES; k++) {
      tables.cosines[x][k] = cosines[x * k % CW_SIDE];
      tables.sines[x][k] = sines[x * k % CW_SIDE];
    }
  }
  for (uint32_t x = 0; x < CW_BAND; x++) {
    for (uint32_t k = 0; k < CW_BAND; k++) {
      tables.band_cosines[k][x] = (float)cosines[x * k % CW_BAND * STEP];
      tables.band_sines[k][x] = (float)sines[x * k % CW_BAND * STEP];
    }
  }
  for (uint32_t b = 0; b < CW_ORIENTATIONS; b++) {
    // Half a turn in as many steps as there are orientations.
    const uint32_t at = b * CW_SIDE / 2 / CW_ORIENTATIONS;
    for (int32_t down = -MOST; down <= MOST; down++)
      for (int32_t across = -MOST; across <= MOST; across++)
        tables.gains[b][down + MOST][across + MOST] =
            (float)gain(across, down, cosines[at], sines[at]);
  }
  fill_weights(tables.weights);
}

const cw_tables *cw_shared_tables(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, fill_tables);
  return &tables;
}
