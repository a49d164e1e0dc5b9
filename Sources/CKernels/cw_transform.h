// From pixels to what is kept of a raster, a part of cw_kernels.h. Loops go over independent sums, so
// the order of each sum, and with it every bit, is that of the source however wide the instructions.

/// Numbers of a row of pixels: sums with cosines, then with sines.
#define PARTS (2 * CW_FREQUENCIES)

/// Frequencies 0 to 7 of one row of pixels. Pixels as far from the first on either side are put
/// together, for they have one cosine.
TARGET static void across_pixels(
    const cw_tables *tables, const uint8_t *restrict pixels, double *restrict to) {
  double cosines[CW_FREQUENCIES], sines[CW_FREQUENCIES] = {0};
  for (uint32_t k = 0; k < CW_FREQUENCIES; k++) {
    const double half = k % 2 ? -1 : 1;  // the cosine at the middle
    cosines[k] = pixels[0] + half * pixels[CW_SIDE / 2];
  }
  for (uint32_t x = 1; x < CW_SIDE / 2; x++) {
    const double both = pixels[x] + pixels[CW_SIDE - x], apart = pixels[x] - pixels[CW_SIDE - x];
    for (uint32_t k = 0; k < CW_FREQUENCIES; k++) {
      cosines[k] += both * tables->cosines[x][k];
      sines[k] += apart * tables->sines[x][k];
    }
  }
  memcpy(to, cosines, sizeof cosines);
  memcpy(to + CW_FREQUENCIES, sines, sizeof sines);
}

/// The spectrum of a raster: real and imaginary parts of frequencies across 0 to 7, down -7 to 7.
typedef struct {
  double real[2 * CW_FREQUENCIES - 1][CW_FREQUENCIES];
  double imaginary[2 * CW_FREQUENCIES - 1][CW_FREQUENCIES];
} cw_spectrum;

TARGET static void transform(
    const cw_tables *tables, const uint8_t *pixels, cw_spectrum *spectrum) {
  enum { MOST = CW_FREQUENCIES - 1 };
  double rows[CW_SIDE][PARTS];
  for (uint32_t y = 0; y < CW_SIDE; y++) across_pixels(tables, pixels + y * CW_SIDE, rows[y]);
  for (int32_t k = 0; k <= MOST; k++) {
    double cosines[PARTS], sines[PARTS] = {0};
    const double half = k % 2 ? -1 : 1;
    for (uint32_t i = 0; i < PARTS; i++) cosines[i] = rows[0][i] + half * rows[CW_SIDE / 2][i];
    for (uint32_t y = 1; y < CW_SIDE / 2; y++) {
      const double cosine = tables->cosines[y][k], sine = tables->sines[y][k];
      for (uint32_t i = 0; i < PARTS; i++) {
        cosines[i] += (rows[y][i] + rows[CW_SIDE - y][i]) * cosine;
        sines[i] += (rows[y][i] - rows[CW_SIDE - y][i]) * sine;
      }
    }
    // (cos - i sin) of one axis times (cos - i sin) of the other; down may be negative.
    for (uint32_t i = 0; i < CW_FREQUENCIES; i++) {
      const double cc = cosines[i], sc = cosines[i + CW_FREQUENCIES];
      const double cs = sines[i], ss = sines[i + CW_FREQUENCIES];
      spectrum->real[MOST + k][i] = cc - ss;
      spectrum->imaginary[MOST + k][i] = -sc - cs;
      spectrum->real[MOST - k][i] = cc + ss;
      spectrum->imaginary[MOST - k][i] = -sc + cs;
    }
  }
}

/// One band: the spectrum times the gains of its orientation, back in space.
TARGET static void fill_band(
    const cw_tables *tables, const cw_spectrum *spectrum,
    const float gains[2 * CW_FREQUENCIES - 1][2 * CW_FREQUENCIES - 1],
    float band[CW_BAND][2][CW_BAND]) {
  enum { MOST = CW_FREQUENCIES - 1 };
  wide real[CW_BAND], imaginary[CW_BAND];
  memset(real, 0, sizeof real);
  memset(imaginary, 0, sizeof imaginary);
  for (int32_t down = -MOST; down <= MOST; down++) {
    wide across_real = {0}, across_imaginary = {0};
    uint32_t count = 0;
    for (int32_t across = -MOST; across <= MOST; across++) {
      const float gain = gains[down + MOST][across + MOST] / (CW_BAND * CW_BAND);
      if (gain == 0) continue;
      count++;
      // The spectrum of real values at the opposite frequency is the conjugate.
      const int32_t sign = across < 0 ? -1 : 1;
      const uint32_t row = (uint32_t)(sign * down + MOST), column = (uint32_t)(sign * across);
      const float a = (float)spectrum->real[row][column] * gain;
      const float b = (float)(sign * spectrum->imaginary[row][column]) * gain;
      const wide cosine = load(tables->band_cosines[(across + CW_BAND) % CW_BAND]);
      const wide sine = load(tables->band_sines[(across + CW_BAND) % CW_BAND]);
      across_real += a * cosine - b * sine;
      across_imaginary += a * sine + b * cosine;
    }
    if (count == 0) continue;
    for (uint32_t y = 0; y < CW_BAND; y++) {
      const float cosine = tables->band_cosines[(down + CW_BAND) % CW_BAND][y];
      const float sine = tables->band_sines[(down + CW_BAND) % CW_BAND][y];
      real[y] += cosine * across_real - sine * across_imaginary;
      imaginary[y] += cosine * across_imaginary + sine * across_real;
    }
  }
  for (uint32_t y = 0; y < CW_BAND; y++) {
    memcpy(band[y][0], &real[y], sizeof real[y]);
    memcpy(band[y][1], &imaginary[y], sizeof imaginary[y]);
  }
}

/// The energies of an orientation's windows, and the sums of their quarters.
TARGET static void fill_energies(const cw_tables *tables, cw_row *row, uint32_t b) {
  wide squares[CW_BAND];
  for (uint32_t y = 0; y < CW_BAND; y++) {
    const wide real = load(row->bands[b][y][0]), imaginary = load(row->bands[b][y][1]);
    squares[y] = real * real + imaginary * imaginary;
  }
  float energies[CW_ROOM];
  sums_of_windows(squares, energies);
  memset(row->energies[b], 0, sizeof row->energies[b]);
  memcpy(row->energies[b], energies, CW_WINDOWS * CW_WINDOWS * sizeof(float));
  double roots[CW_QUARTERS] = {0}, sums[CW_QUARTERS] = {0};
  for (uint32_t k = 0; k < CW_WINDOWS * CW_WINDOWS; k++) {
    const uint32_t half = CW_WINDOWS / 2;
    const uint32_t quarter = k / CW_WINDOWS / half * 2 + k % CW_WINDOWS / half;
    const double energy = energies[k], weight = tables->weights[k];
    roots[quarter] += weight * sqrt(energy);
    sums[quarter] += weight * (energy + CW_CONSTANT / 2);
  }
  for (uint32_t quarter = 0; quarter < CW_QUARTERS; quarter++) {
    row->roots[quarter][b] = (float)roots[quarter];
    row->squares[quarter][b] = (float)sums[quarter];
  }
}

TARGET static void prepare(const uint8_t *pixels, cw_row *row) {
  const cw_tables *tables = cw_shared_tables();
  cw_spectrum spectrum;
  transform(tables, pixels, &spectrum);
  for (uint32_t b = 0; b < CW_ORIENTATIONS; b++) {
    fill_band(tables, &spectrum, tables->gains[b], row->bands[b]);
    fill_energies(tables, row, b);
  }
}
