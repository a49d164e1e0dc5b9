// The gray of a JPEG at an eighth: one pixel a block, which its first coefficient alone decides.
//
// libjpeg decodes every coefficient to get there. Here the others are passed over, several symbols a
// step, and the scans of a progressive picture that refine them are not read at all. Pixels are those
// of libjpeg (JDCT_ISLOW, scale 1/8), bit for bit. Only sound data is read: at the first oddity the
// lane starts again with libjpeg, which repairs and counts.
//
// Source: ITU-T T.81, annexes B, F and G.
#include <stdlib.h>
#include "jpeg_entropy.h"

typedef struct component {
  uint8_t name, across, down, quantizer;  // blocks of a unit
} component;

// A component in a scan.
typedef struct member {
  const huffman *dc, *ac;
  int32_t across, down;
  int32_t last_dc;
  uint16_t quantizer;
  bool is_gray;
} member;

typedef struct scan {
  member members[3];
  int32_t member_count;
  int32_t first, last, high, low;    // T.81's Ss, Se, Ah, Al
  bool has_gray;
} scan;

struct jpeg_eighth {
  huffman dc[4], ac[4];
  uint16_t quantizers[4];            // of the first coefficient; 0 is none
  component components[3];
  int32_t component_count;
  bool progressive, jfif, adobe;
  uint8_t transform;                 // of an Adobe segment
  uint32_t width, height;
  uint32_t restart_interval;
  int32_t scan_count;
  int32_t low;                       // bits of gray still missing; -1 before its first scan
  uint16_t quantizer;                // of gray, as it was at its first scan
  int16_t *blocks;                   // first coefficients: a row of units, or all of a progressive
  size_t stride;
  buffer block_buffer, row;
  entropy data;
};

static bool read_quantizers(struct jpeg_eighth *j, const uint8_t *data, size_t count) {
  while (count > 0) {
    const size_t wide = data[0] >> 4, size = 1 + 64 * (wide + 1);
    if (wide > 1 || (data[0] & 15) > 3 || count < size) return false;
    j->quantizers[data[0] & 15] = (uint16_t)(wide == 1 ? big16(data + 1) : data[1]);
    data += size;
    count -= size;
  }
  return true;
}

static bool read_frame(struct jpeg_eighth *j, const uint8_t *data, size_t count) {
  if (j->component_count != 0 || count < 6 || (data[5] != 1 && data[5] != 3)) return false;
  j->component_count = data[5];
  if (data[0] != 8 || count != 6 + 3 * (size_t)j->component_count) return false;
  if (big16(data + 1) != j->height || big16(data + 3) != j->width) return false;
  for (int32_t i = 0; i < j->component_count; i++) {
    const uint8_t *text = data + 6 + 3 * i;
    j->components[i] = (component){text[0], text[1] >> 4, text[1] & 15, text[2]};
    const component *c = &j->components[i];
    if (c->across < 1 || c->across > 4 || c->down < 1 || c->down > 4) return false;
    if (c->quantizer > 3) return false;
    // One of fewer blocks than another is scaled in other ways.
    if (c->across > j->components[0].across || c->down > j->components[0].down) return false;
  }
  return true;
}

// Whether the first component is gray, by libjpeg's rules.
static bool starts_with_gray(const struct jpeg_eighth *j) {
  if (j->component_count == 1 || j->jfif) return true;
  if (j->adobe) return j->transform == 1;
  const component *c = j->components;
  return !(c[0].name == 'R' && c[1].name == 'G' && c[2].name == 'B');
}

static bool read_scan(const struct jpeg_eighth *j, const uint8_t *data, size_t count, scan *s) {
  *s = (scan){.member_count = count > 0 ? data[0] : 0};
  if (s->member_count < 1 || s->member_count > j->component_count) return false;
  if (count != 4 + 2 * (size_t)s->member_count) return false;
  const uint8_t *rest = data + 1 + 2 * s->member_count;
  s->first = rest[0];
  s->last = rest[1];
  s->high = rest[2] >> 4;
  s->low = rest[2] & 15;
  int32_t blocks = 0, at = 0;
  for (int32_t i = 0; i < s->member_count; i++, at++) {
    const uint8_t *text = data + 1 + 2 * i;
    while (at < j->component_count && j->components[at].name != text[0]) at++;
    if (at == j->component_count || (text[1] >> 4) > 3 || (text[1] & 15) > 3) return false;
    const bool alone = s->member_count == 1;
    member *m = &s->members[i];
    *m = (member){
        .dc = &j->dc[text[1] >> 4],
        .ac = &j->ac[text[1] & 15],
        .across = alone ? 1 : j->components[at].across,
        .down = alone ? 1 : j->components[at].down,
        .quantizer = j->quantizers[j->components[at].quantizer],
        .is_gray = at == 0,
    };
    s->has_gray |= m->is_gray;
    blocks += m->across * m->down;
  }
  return blocks <= 10;
}

// Whether a scan may be, has its tables, and follows the gray scans before it.
static bool is_sound(const struct jpeg_eighth *j, const scan *s) {
  if (j->progressive) {
    const bool band = s->first == 0 ? s->last == 0
                                    : s->first <= s->last && s->last < 64 && s->member_count == 1;
    if (!band || s->low > 13 || (s->high != 0 && s->low != s->high - 1)) return false;
    if (s->has_gray && s->first == 0 && s->high != (j->low < 0 ? 0 : j->low)) return false;
  } else {
    // All in one scan: of several libjpeg reads the others too, and they may be damaged.
    if (s->member_count != j->component_count) return false;
    if (s->first != 0 || s->last != 63 || s->high != 0 || s->low != 0) return false;
  }
  const bool needs_dc = s->first == 0 && s->high == 0, needs_ac = s->last > 0;
  for (int32_t i = 0; i < s->member_count; i++) {
    const member *m = &s->members[i];
    const bool has_tables = (!needs_dc || m->dc->known) && (!needs_ac || m->ac->known);
    if (!has_tables || m->quantizer == 0) return false;
  }
  return true;
}

static inline bool read_block(
    struct jpeg_eighth *j, const scan *s, member *m, int16_t *block) {
  if (s->high != 0) {
    need(&j->data);
    if (m->is_gray) *block = (int16_t)(*block | (int32_t)peek(&j->data, 1) << s->low);
    take(&j->data, 1);
    return true;
  }
  int32_t difference;
  if (!read_difference(&j->data, m->dc, &difference)) return false;
  m->last_dc += difference;
  if (m->last_dc < INT16_MIN || m->last_dc > INT16_MAX) return false;
  if (m->is_gray) *block = (int16_t)((uint32_t)m->last_dc << s->low);
  return j->progressive || skip_others(&j->data, m->ac);
}

static bool read_unit(struct jpeg_eighth *j, scan *s, int16_t *blocks) {
  for (int32_t i = 0; i < s->member_count; i++) {
    member *m = &s->members[i];
    for (int32_t y = 0; y < m->down; y++) {
      for (int32_t x = 0; x < m->across; x++) {
        int16_t *block = m->is_gray ? blocks + (size_t)y * j->stride + (size_t)x : NULL;
        if (!read_block(j, s, m, block)) return false;
      }
    }
  }
  return bits_left(&j->data) >= 0;
}

// Passes the restart marker that must be here.
static bool restart(struct jpeg_eighth *j, scan *s, uint32_t number) {
  entropy *e = &j->data;
  const bool at_end = e->ended && bits_left(e) < 8 && e->end - e->source >= 2;
  if (!at_end || e->source[1] != 0xD0 + (number & 7)) return false;
  e->source += 2;
  for (int32_t i = 0; i < s->member_count; i++) s->members[i].last_dc = 0;
  entropy_start(e);
  return true;
}

// A pixel from the first coefficient: libjpeg's transform of one, with its range table.
static uint8_t pixel_of(int16_t coefficient, uint16_t quantizer) {
  const int32_t value = ((int32_t)coefficient * (int16_t)quantizer + 4) >> 3 & 1023;
  if (value < 128) return (uint8_t)(value + 128);
  return value < 512 ? 255 : value < 896 ? 0 : (uint8_t)(value - 896);
}

static void feed_row(struct jpeg_eighth *j, sink *rows, const int16_t *blocks) {
  uint8_t *row = j->row.bytes;
  for (size_t x = 0; x < rows->width; x++) row[x] = pixel_of(blocks[x], j->quantizer);
  sink_gray(rows, row);
}

static ccodecs_status decode_scan(
    struct jpeg_eighth *j, scan *s, sink *rows, const ccodecs_limits *limits) {
  const bool alone = s->member_count == 1;
  const uint32_t across = alone ? 1 : j->components[0].across;
  const uint32_t down = alone ? 1 : j->components[0].down;
  const uint32_t units_across = (j->width + 8 * across - 1) / (8 * across);
  const uint32_t units_down = (j->height + 8 * down - 1) / (8 * down);
  const uint32_t height = (j->height + 7) / 8;
  entropy *e = &j->data;
  uint32_t count = 0, restart_number = 0;
  entropy_start(e);
  for (uint32_t y = 0; y < units_down; y++) {
    if (is_past(limits->deadline_nanoseconds)) return CCODECS_OUT_OF_TIME;
    int16_t *blocks = j->blocks + (j->progressive ? (size_t)y * down * j->stride : 0);
    for (uint32_t x = 0; x < units_across; x++, count++) {
      if (j->restart_interval != 0 && count == j->restart_interval) {
        if (!restart(j, s, restart_number++)) return CCODECS_DECLINED;
        count = 0;
      }
      if (!e->ended && e->window + e->filled - e->next < UNIT_BYTES) entropy_fill(e);
      if (!read_unit(j, s, blocks + (size_t)x * across)) return CCODECS_DECLINED;
    }
    for (uint32_t k = 0; !j->progressive && k < down && y * down + k < height; k++) {
      feed_row(j, rows, blocks + k * j->stride);
    }
  }
  // Over data left before the scan that follows libjpeg goes with a warning, as over a missing end.
  const bool over = e->ended && bits_left(e) < 8;
  const bool cut_short = e->ended && e->end - e->source < 2;
  return cut_short || (j->progressive && !over) ? CCODECS_DECLINED : CCODECS_OK;
}

// Memory for first coefficients: a row of units, or all, of which the last units may stand out.
static bool reserve_blocks(struct jpeg_eighth *j) {
  const size_t across = j->components[0].across, down = j->components[0].down;
  j->stride = (j->width + 8 * across - 1) / (8 * across) * across;
  const size_t rows = j->progressive ? (j->height + 8 * down - 1) / (8 * down) * down : down;
  const size_t bytes = j->stride * rows * sizeof(int16_t);
  j->blocks = (int16_t *)(void *)buffer_reserve(&j->block_buffer, bytes);
  return j->blocks != NULL && buffer_reserve(&j->row, j->stride) != NULL;
}

// Reads a scan or passes over it.
static ccodecs_status meet_scan(
    struct jpeg_eighth *j, const uint8_t *text, size_t count, sink *rows,
    const ccodecs_limits *limits) {
  scan s;
  if (j->component_count == 0 || !starts_with_gray(j)) return CCODECS_DECLINED;
  if (++j->scan_count > limits->scan_count) return CCODECS_DECLINED;
  if (!read_scan(j, text, count, &s) || !is_sound(j, &s)) return CCODECS_DECLINED;
  if (!s.has_gray || s.first != 0) return CCODECS_OK;
  if (j->low < 0) {
    j->quantizer = s.members[0].quantizer;  // gray is the first of its scan
    if (!reserve_blocks(j)) return CCODECS_OUT_OF_MEMORY;
  }
  j->low = s.low;
  return decode_scan(j, &s, rows, limits);
}

static void forget_picture(struct jpeg_eighth *j) {
  for (size_t i = 0; i < 4; i++) {
    j->dc[i].known = j->ac[i].known = false;
    j->quantizers[i] = 0;
  }
  j->component_count = 0;
  j->progressive = j->jfif = j->adobe = false;
  j->restart_interval = 0;
  j->scan_count = 0;
  j->low = -1;
}

// Where the next marker is; NULL when there is none.
static const uint8_t *next_marker(const uint8_t *at, const uint8_t *end) {
  while ((at = memchr(at, 0xFF, (size_t)(end - at))) != NULL && end - at >= 2) {
    // Stuffing, and the restarts of a scan that is passed over.
    if (at[1] != 0 && at[1] != 0xFF && !(at[1] >= 0xD0 && at[1] <= 0xD7)) return at;
    at++;
  }
  return NULL;
}

// Takes a segment that is no scan; false for one that is odd.
static bool read_segment(
    struct jpeg_eighth *j, uint8_t marker, const uint8_t *data, size_t count) {
  switch (marker) {
  case 0xC2: j->progressive = true;  // fall through
  case 0xC0:
  case 0xC1: return read_frame(j, data, count);
  case 0xC4: return huffman_read(j->dc, j->ac, data, count);
  case 0xDB: return read_quantizers(j, data, count);
  case 0xDD:
    if (count != 2) return false;
    j->restart_interval = big16(data);
    return true;
  case 0xE0:
    j->jfif |= count >= 14 && memcmp(data, "JFIF", 5) == 0;
    return true;
  case 0xEE:
    if (count < 12 || memcmp(data, "Adobe", 5) != 0) return true;
    j->adobe = true;
    j->transform = data[11];
    return true;
  default: return (marker >= 0xE1 && marker <= 0xEF) || marker == 0xFE;
  }
}

ccodecs_status jpeg_eighth_decode(
    struct jpeg_eighth *j, const uint8_t *bytes, size_t count, const ccodecs_header *header,
    const ccodecs_limits *limits, sink *rows) {
  forget_picture(j);
  j->width = header->width;
  j->height = header->height;
  if (count < 2 || big16(bytes) != 0xFFD8) return CCODECS_DECLINED;
  const uint8_t *at = bytes + 2, *end = bytes + count;
  j->data.end = end;
  while ((at = next_marker(at, end)) != NULL) {
    const uint8_t marker = at[1];
    at += 2;
    if (marker == 0xD9) {
      if (j->low < 0) return CCODECS_DECLINED;
      const size_t height = (j->height + 7) / 8;
      for (size_t y = 0; y < height; y++) feed_row(j, rows, j->blocks + y * j->stride);
      return CCODECS_OK;
    }
    if (is_past(limits->deadline_nanoseconds)) return CCODECS_OUT_OF_TIME;
    if (end - at < 2 || big16(at) < 2 || big16(at) > end - at) return CCODECS_DECLINED;
    const uint8_t *data = at + 2;
    const size_t data_count = big16(at) - 2;
    at += 2 + data_count;
    if (marker != 0xDA) {
      if (!read_segment(j, marker, data, data_count)) return CCODECS_DECLINED;
      continue;
    }
    j->data.source = at;
    const ccodecs_status status = meet_scan(j, data, data_count, rows, limits);
    if (status != CCODECS_OK || !j->progressive) return status;
    at = j->data.source;
  }
  return CCODECS_DECLINED;
}

struct jpeg_eighth *jpeg_eighth_new(void) { return calloc(1, sizeof(struct jpeg_eighth)); }

void jpeg_eighth_free(struct jpeg_eighth *j) {
  if (j == NULL) return;
  jpeg_eighth_trim(j, 0);
  free(j);
}

size_t jpeg_eighth_trim(struct jpeg_eighth *j, size_t keep_bytes) {
  return buffer_trim(&j->block_buffer, keep_bytes) + buffer_trim(&j->row, keep_bytes);
}
