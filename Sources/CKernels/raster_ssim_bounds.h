// Bounds of SSIM, a part of raster_ssim.h.
//
// With means m and deviations s of a window, SSIM is at most min(l, c), where
// 1 - l = (m - m')² / (m² + m'² + C1) and, as no correlation is over 1, 1 - c is at least
// (s - s')² / (s² + s'² + C2). Summed over a group of windows, by Cauchy's inequality, each is at
// least (sum m - sum m')² / sum (m² + m'² + C1): four sums of a group say what a pair loses there.
// Groups of 8x8 windows rule out nearly all pairs, eight at once; of those left, groups of 4x4 rule out
// about half again, and say how much each strip can still add.

/// The four sums of a group: m, m² + C1 / 2, s, s² + C2 / 2.
enum { MEANS, MEAN_SQUARES, DEVIATIONS, VARIANCES, FEATURES };

// An odd stride meets all groups, of which there are a power of two.
enum { GROUPS_A_LOOK = 8, GROUP_STRIDE = SSIM_GROUPS * 27 / 64 | 1, CELL = 4 };
_Static_assert((SSIM_GROUPS & (SSIM_GROUPS - 1)) == 0, "a stride that meets all groups");
// Windows across the last strip: fewer than a cell.
enum { LAST_WIDTH = SSIM_WINDOWS % RASTER_LANES };
_Static_assert(LAST_WIDTH <= CELL, "the last cell is empty");

static const uint8_t nothing[SSIM_SIDE];

/// Sums of seven neighbours.
TARGET static inline void sums_across(
    const int32_t *restrict sum, uint32_t count, int32_t *restrict to) {
  for (uint32_t i = 0; i < count; i++)
    to[i] = sum[i] + sum[i + 1] + sum[i + 2] + sum[i + 3] + sum[i + 4] + sum[i + 5] + sum[i + 6];
}

/// What is lost in a group: the larger of m² / l and s² / v, with one division. All that is known of it
/// is right to 2^-18 of itself, and a sum of up to 2^10 groups to 2^-14, so a share of 2^-12 of all
/// windows makes a loss sure.
#define SLACK (SSIM_WINDOWS * 0x1p-12f)
#define LOSS(loss, m, l, s, v)                                                        \
  do {                                                                                \
    const floats means = (m) * (m) * (v), deviations = (s) * (s) * (l);               \
    const ints larger = means > deviations;                                           \
    (loss) = (floats)(((ints)means & larger) | ((ints)deviations & ~larger)) / ((l) * (v)); \
  } while (0)

INLINE floats load(const float *from) {
  floats values;
  memcpy(&values, from, sizeof values);
  return values;
}

TARGET static uint32_t candidates(
    const ckernels_panel *rows, uint32_t row, const ckernels_panel *columns, uint32_t group) {
  const float *x = raster_features(rows, row);
  const float *y = columns->features + (size_t)group * rows->feature_count * RASTER_LANES;
  const float limit =
      (float)((1 - rows->floor) * SSIM_WINDOWS * SSIM_WINDOWS) + SLACK * SSIM_WINDOWS;
  floats sum = {0};
  ints within = sum <= limit;
  for (uint32_t start = 0; start < SSIM_GROUPS; start += GROUPS_A_LOOK) {
    for (uint32_t k = start * FEATURES; k < (start + GROUPS_A_LOOK) * FEATURES; k += FEATURES) {
      const floats m = load(y + (k + MEANS) * RASTER_LANES) - x[(k + MEANS) * RASTER_LANES];
      const floats l =
          load(y + (k + MEAN_SQUARES) * RASTER_LANES) + x[(k + MEAN_SQUARES) * RASTER_LANES];
      const floats s = load(y + (k + DEVIATIONS) * RASTER_LANES) - x[(k + DEVIATIONS) * RASTER_LANES];
      const floats v = load(y + (k + VARIANCES) * RASTER_LANES) + x[(k + VARIANCES) * RASTER_LANES];
      floats loss;
      LOSS(loss, m, l, s, v);
      sum += loss;
    }
    within = sum <= limit;
    uint64_t parts[RASTER_LANES / 2];
    memcpy(parts, &within, sizeof parts);
    if (!(parts[0] | parts[1] | parts[2] | parts[3])) return 0;
  }
  uint32_t found = 0;
  for (uint32_t lane = 0; lane < RASTER_LANES; lane++) found |= (within[lane] & 1u) << lane;
  return found;
}

/// Vectors of a row of cells, four strips each.
enum { VECTORS = SSIM_CELLS_ACROSS / RASTER_LANES };

/// The most that the SSIM of the windows of each strip can add up to, by the smaller groups.
TARGET static void most_of_strips(
    const ssim_cells *x, const ssim_cells *y, double most[SSIM_STRIPS]) {
  floats losses[VECTORS] = {{0}};
  for (uint32_t band = 0; band < SSIM_CELL_BANDS; band++) {
    for (uint32_t vector = 0; vector < VECTORS; vector++) {
      const uint32_t at = vector * RASTER_LANES;
      const floats m = load(&x->sums[MEANS][band][at]) - load(&y->sums[MEANS][band][at]);
      const floats l =
          load(&x->sums[MEAN_SQUARES][band][at]) + load(&y->sums[MEAN_SQUARES][band][at]);
      const floats s =
          load(&x->sums[DEVIATIONS][band][at]) - load(&y->sums[DEVIATIONS][band][at]);
      const floats v = load(&x->sums[VARIANCES][band][at]) + load(&y->sums[VARIANCES][band][at]);
      floats loss;
      LOSS(loss, m, l, s, v);
      losses[vector] += loss;
    }
  }
  for (uint32_t strip = 0; strip < SSIM_STRIPS; strip++) {
    const uint32_t rest = SSIM_WINDOWS - strip * RASTER_LANES;
    const uint32_t width = rest < RASTER_LANES ? rest : RASTER_LANES;
    const floats loss = losses[strip / 4];
    const float lost = loss[strip % 4 * 2] + loss[strip % 4 * 2 + 1];
    most[strip] = SSIM_WINDOWS * width + SLACK * RASTER_LANES - lost;
  }
}

/// Adds what a row of windows has to the sums of its strips.
INLINE void add_windows(
    const int32_t *x, const int32_t *xx, floats sums[SSIM_STRIPS][FEATURES]) {
  for (uint32_t strip = 0; strip < SSIM_STRIPS; strip++) {
    ints of_pixels, of_squares;
    memcpy(&of_pixels, x + strip * RASTER_LANES, sizeof of_pixels);
    memcpy(&of_squares, xx + strip * RASTER_LANES, sizeof of_squares);
    const floats mean = FLOATS(of_pixels) / SSIM_PIXELS;
    const floats variance = FLOATS(SSIM_PIXELS * of_squares - of_pixels * of_pixels) /
                            (SSIM_PIXELS * (SSIM_PIXELS - 1));
    sums[strip][MEANS] += mean;
    sums[strip][MEAN_SQUARES] += mean * mean + (float)(c1 / 2);
    sums[strip][DEVIATIONS] += __builtin_elementwise_sqrt(variance);
    sums[strip][VARIANCES] += variance + (float)(c2 / 2);
  }
}

/// Writes the sums of a band of cells. Beyond the last window there is nothing, of no loss to any.
INLINE void write_band(uint32_t band, floats sums[SSIM_STRIPS][FEATURES], ssim_cells *cells) {
  const uint32_t last = SSIM_STRIPS - 1;
  for (uint32_t f = 0; f < FEATURES; f++) {
    for (uint32_t strip = 0; strip < SSIM_STRIPS; strip++) {
      float lanes[RASTER_LANES];
      memcpy(lanes, &sums[strip][f], sizeof lanes);
      if (strip == last) memset(lanes + LAST_WIDTH, 0, sizeof lanes - LAST_WIDTH * sizeof *lanes);
      float *of_strip = cells->sums[f][band] + strip * 2;
      of_strip[0] = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
      of_strip[1] = (lanes[4] + lanes[5]) + (lanes[6] + lanes[7]);
    }
  }
  cells->sums[MEAN_SQUARES][band][SSIM_CELLS_ACROSS - 1] = 1;
  cells->sums[VARIANCES][band][SSIM_CELLS_ACROSS - 1] = 1;
}

/// The sums of groups of 8x8 windows from those of 4x4.
INLINE void write_groups(const ssim_cells *cells, float *features) {
  for (uint32_t k = 0; k < SSIM_GROUPS; k++) {
    // Groups far apart come one after the other: neighbours say much the same.
    const uint32_t group = k * GROUP_STRIDE % SSIM_GROUPS;
    const uint32_t band = group / SSIM_STRIPS * 2, cell = group % SSIM_STRIPS * 2;
    for (uint32_t f = 0; f < FEATURES; f++) {
      float sum = 0;
      for (uint32_t b = band; b < band + 2 && b < SSIM_CELL_BANDS; b++)
        for (uint32_t c = cell; c < cell + 2 && c * CELL < SSIM_WINDOWS; c++)
          sum += cells->sums[f][b][c];
      features[(k * FEATURES + f) * RASTER_LANES] = sum;
    }
  }
}

TARGET static void extract(
    const ckernels_panel *panel, const uint8_t *samples, float *features, void *details) {
  (void)panel;
  ssim_cells *cells = details;
  enum { PADDED = SSIM_STRIPS * RASTER_LANES };
  int32_t columns[2][PADDED + SSIM_WINDOW] = {0}, of_windows[2][PADDED];
  floats sums[SSIM_STRIPS][FEATURES];
  memset(sums, 0, sizeof sums);
  for (uint32_t row = 0; row < SSIM_SIDE; row++) {
    const uint8_t *gone = row < SSIM_WINDOW ? nothing : samples + (row - SSIM_WINDOW) * SSIM_SIDE;
    for (uint32_t i = 0; i < SSIM_SIDE; i++) {
      const int32_t a = samples[row * SSIM_SIDE + i], b = gone[i];
      columns[0][i] += a - b;
      columns[1][i] += a * a - b * b;
    }
    if (row + 1 < SSIM_WINDOW) continue;
    sums_across(columns[0], PADDED, of_windows[0]);
    sums_across(columns[1], PADDED, of_windows[1]);
    add_windows(of_windows[0], of_windows[1], sums);
    const uint32_t window = row + 1 - SSIM_WINDOW;
    if (window % CELL + 1 < CELL && window + 1 < SSIM_WINDOWS) continue;
    write_band(window / CELL, sums, cells);
    memset(sums, 0, sizeof sums);
  }
  write_groups(cells, features);
}
