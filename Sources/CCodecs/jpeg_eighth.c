// The gray of a JPEG at an eighth: one pixel a block, which its first coefficient alone decides.
//
// libjpeg decodes every coefficient to get there. Here the others are passed over: a table tells how
// many bits the next symbols take together and how far in the block they lead, and the scans of a
// progressive picture that refine them are not read at all. Pixels are those of libjpeg (JDCT_ISLOW,
// scale 1/8), bit for bit. Only sound data is read: at the first oddity the lane starts again with
// libjpeg, which repairs and counts.
//
// Method: ITU-T T.81, annexes F and G.
#include <stdlib.h>
#include <string.h>
#include "internal.h"

enum {
  LOOK_BITS = 11,
  // Entropy-coded bytes held without their stuffing, and the most that a unit (MCU) takes: ten
  // blocks of 64 symbols of 31 bits.
  WINDOW = 1 << 15,
  UNIT_BYTES = 10 * 64 * 31 / 8 + 8,
};

// A Huffman table with what the next LOOK_BITS bits mean.
typedef struct huffman {
  bool known;
  uint8_t counts[16];                // codes of each length
  uint8_t values[256];
  int32_t last_code[16], offset[16]; // of each length: the largest, and its values less its codes
  // DC: length << 8 | value. AC: the bits and the steps of all symbols seen whole, and of the first
  // alone (see `steps_of`). 0: a longer code.
  uint32_t look[1 << LOOK_BITS];
} huffman;

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
  int32_t low;                       // progressive: bits still missing; -1 before the first scan
  uint16_t quantizer;                // of gray, as it was at its first scan
  // The entropy-coded data.
  const uint8_t *source, *end;
  uint8_t *next;                     // in the window
  size_t filled;
  uint64_t bits;                     // the next ones, from the top
  int32_t bit_count;
  bool ended;                        // `source` is at a marker, or at the end
  int16_t *blocks;                   // first coefficients: a row of units, or all of a progressive
  size_t stride;
  buffer block_buffer, row;
  uint8_t window[WINDOW + UNIT_BYTES + 64];
};

// What a symbol of an AC table takes and where it leads: bits, and steps in the block. The end of a
// block is a step of its own kind.
enum { BLOCK_ENDS = 1 << 7 };

static uint32_t steps_of(uint8_t symbol) {
  if ((symbol & 15) != 0) return (symbol >> 4) + 1u;
  return symbol == 0xF0 ? 16 : BLOCK_ENDS;
}

static inline uint32_t first_bits(uint32_t entry) { return entry >> 24; }
static inline uint32_t first_steps(uint32_t entry) { return entry >> 16 & 0xFF; }
static inline uint32_t all_bits(uint32_t entry) { return entry >> 8 & 0xFF; }
static inline uint32_t all_steps(uint32_t entry) { return entry & 0xFF; }

// Fills the table of single symbols; false for codes that do not exist.
static bool place_codes(huffman *h, bool is_ac) {
  memset(h->look, 0, sizeof h->look);
  int32_t code = 0, at = 0;
  for (int32_t length = 1; length <= 16; length++, code <<= 1) {
    const int32_t count = h->counts[length - 1];
    if (code + count > 1 << length) return false;
    h->offset[length - 1] = at - code;
    for (int32_t i = 0; i < count; i++, at++, code++) {
      const uint8_t symbol = h->values[at];
      if (!is_ac && symbol > 15) return false;
      if (length > LOOK_BITS) continue;
      const uint32_t bits = (uint32_t)length + (symbol & 15);
      const uint32_t entry = is_ac ? bits << 24 | steps_of(symbol) << 16
                                   : (uint32_t)length << 8 | symbol;
      const int32_t room = 1 << (LOOK_BITS - length);
      for (int32_t k = 0; k < room; k++) h->look[(code << (LOOK_BITS - length)) + k] = entry;
    }
    h->last_code[length - 1] = count == 0 ? -1 : code - 1;
  }
  return true;
}

// Adds to each entry the symbols that follow the first within its bits.
static void join_symbols(huffman *h) {
  for (uint32_t i = 0; i < 1 << LOOK_BITS; i++) {
    const uint32_t entry = h->look[i];
    uint32_t bits = first_bits(entry), steps = first_steps(entry);
    while (bits < LOOK_BITS && steps < BLOCK_ENDS) {
      const uint32_t following = h->look[(i << bits) & ((1 << LOOK_BITS) - 1)];
      if (following == 0 || bits + first_bits(following) > LOOK_BITS) break;
      if (steps + first_steps(following) > 0xFF) break;
      bits += first_bits(following);
      steps += first_steps(following);
    }
    h->look[i] = entry | bits << 8 | steps;
  }
}

// Takes the tables of a DHT segment. One that is the same as before costs nothing.
static bool read_tables(struct jpeg_eighth *j, const uint8_t *data, size_t count) {
  while (count >= 17) {
    const bool is_ac = data[0] >> 4 == 1;
    if (data[0] >> 4 > 1 || (data[0] & 15) > 3) return false;
    huffman *h = &(is_ac ? j->ac : j->dc)[data[0] & 15];
    size_t symbols = 0;
    for (size_t i = 1; i <= 16; i++) symbols += data[i];
    if (symbols > 256 || count < 17 + symbols) return false;
    const bool same = memcmp(h->counts, data + 1, 16) == 0 && symbols > 0
        && memcmp(h->values, data + 17, symbols) == 0;
    if (!same) {
      memcpy(h->counts, data + 1, 16);
      memcpy(h->values, data + 17, symbols);
      if (!place_codes(h, is_ac)) {
        memset(h->counts, 0, 16);
        return false;
      }
      if (is_ac) join_symbols(h);
    }
    h->known = true;
    data += 17 + symbols;
    count -= 17 + symbols;
  }
  return count == 0;
}

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
  j->component_count = count >= 6 ? data[5] : 0;
  if (j->component_count != 1 && j->component_count != 3) return false;
  if (data[0] != 8 || count != 6 + 3 * (size_t)j->component_count) return false;
  j->height = big16(data + 1);
  j->width = big16(data + 3);
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

// Takes more entropy-coded bytes into the window, up to the next marker.
static void fill_window(struct jpeg_eighth *j) {
  uint8_t *window = j->window;
  const size_t used = (size_t)(j->next - window);
  if (used > j->filled) return;  // more was read than there is, which is told after the unit
  j->filled -= used;
  memmove(window, j->next, j->filled);
  j->next = window;
  while (j->filled < WINDOW) {
    const size_t left = (size_t)(j->end - j->source);
    const size_t room = WINDOW - j->filled < left ? WINDOW - j->filled : left;
    const uint8_t *mark = memchr(j->source, 0xFF, room);
    const size_t plain = mark == NULL ? room : (size_t)(mark - j->source);
    memcpy(window + j->filled, j->source, plain);
    j->filled += plain;
    j->source += plain;
    if (mark == NULL && plain < left) return;
    if (mark == NULL || plain + 1 >= left || mark[1] != 0) {
      j->ended = true;
      return;
    }
    window[j->filled++] = 0xFF;
    j->source += 2;
  }
}

static void start_data(struct jpeg_eighth *j) {
  j->next = j->window;
  j->filled = 0;
  j->bits = 0;
  j->bit_count = 0;
  j->ended = false;
  fill_window(j);
}

// Bits of the window that were not taken; negative when more were taken than there are.
static int64_t bits_left(const struct jpeg_eighth *j) {
  return 8 * (int64_t)(j->window + j->filled - j->next) + j->bit_count;
}

// Makes 32 bits or more ready.
static inline void need(struct jpeg_eighth *j) {
  if (j->bit_count >= 32) return;
  uint64_t word;
  memcpy(&word, j->next, sizeof word);
  j->bits |= __builtin_bswap64(word) >> j->bit_count;
  j->next += (63 - j->bit_count) >> 3;
  j->bit_count |= 56;
}

static inline uint32_t peek(const struct jpeg_eighth *j, uint32_t count) {
  return (uint32_t)(j->bits >> (64 - count));
}

static inline void take(struct jpeg_eighth *j, uint32_t count) {
  j->bits <<= count;
  j->bit_count -= (int32_t)count;
}

// The symbol of a code longer than LOOK_BITS, with its length; -1 if there is none.
static int32_t long_symbol(const struct jpeg_eighth *j, const huffman *h, uint32_t *length) {
  for (uint32_t n = LOOK_BITS + 1; n <= 16; n++) {
    const int32_t code = (int32_t)peek(j, n);
    if (code > h->last_code[n - 1]) continue;
    *length = n;
    return h->values[(code + h->offset[n - 1]) & 0xFF];
  }
  return -1;
}

// Reads the difference of a first coefficient.
static inline bool read_difference(struct jpeg_eighth *j, const huffman *h, int32_t *difference) {
  need(j);
  const uint32_t entry = h->look[peek(j, LOOK_BITS)];
  uint32_t length = entry >> 8;
  uint32_t size = entry & 0xFF;
  if (entry == 0) {
    const int32_t symbol = long_symbol(j, h, &length);
    if (symbol < 0) return false;
    size = (uint32_t)symbol;
  }
  take(j, length);
  *difference = 0;
  if (size == 0) return true;
  const int32_t value = (int32_t)peek(j, size);
  take(j, size);
  *difference = value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  return true;
}

// Passes over the other coefficients of a block.
static inline bool skip_others(struct jpeg_eighth *j, const huffman *h) {
  uint32_t at = 1;
  while (at < 64) {
    need(j);
    const uint32_t entry = h->look[peek(j, LOOK_BITS)];
    uint32_t bits = all_bits(entry), steps = all_steps(entry);
    const uint32_t plain = steps & (BLOCK_ENDS - 1);
    if (at + plain + (steps >> 7) > 64) {
      // Some of these symbols are the next block's.
      bits = first_bits(entry);
      steps = first_steps(entry);
    } else if (entry == 0) {
      uint32_t length = 0;
      const int32_t symbol = long_symbol(j, h, &length);
      if (symbol < 0) return false;
      bits = length + (symbol & 15);
      steps = steps_of((uint8_t)symbol);
    }
    take(j, bits);
    if (steps >= BLOCK_ENDS) return true;
    at += steps;
  }
  return at == 64;
}

static inline bool read_block(
    struct jpeg_eighth *j, const scan *s, member *m, int16_t *block) {
  if (s->high != 0) {
    need(j);
    if (m->is_gray) *block = (int16_t)(*block | (int32_t)peek(j, 1) << s->low);
    take(j, 1);
    return true;
  }
  int32_t difference;
  if (!read_difference(j, m->dc, &difference)) return false;
  m->last_dc += difference;
  if (m->last_dc < INT16_MIN || m->last_dc > INT16_MAX) return false;
  if (m->is_gray) *block = (int16_t)((uint32_t)m->last_dc << s->low);
  return j->progressive || skip_others(j, m->ac);
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
  return bits_left(j) >= 0;
}

// Passes the restart marker that must be here.
static bool restart(struct jpeg_eighth *j, scan *s, uint32_t number) {
  const bool at_end = j->ended && bits_left(j) < 8 && j->end - j->source >= 2;
  if (!at_end || j->source[1] != 0xD0 + (number & 7)) return false;
  j->source += 2;
  for (int32_t i = 0; i < s->member_count; i++) s->members[i].last_dc = 0;
  start_data(j);
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
  uint32_t count = 0, restart_number = 0;
  start_data(j);
  for (uint32_t y = 0; y < units_down; y++) {
    if (is_past(limits->deadline_nanoseconds)) return CCODECS_OUT_OF_TIME;
    int16_t *blocks = j->blocks + (j->progressive ? (size_t)y * down * j->stride : 0);
    for (uint32_t x = 0; x < units_across; x++, count++) {
      if (j->restart_interval != 0 && count == j->restart_interval) {
        if (!restart(j, s, restart_number++)) return CCODECS_DECLINED;
        count = 0;
      }
      if (!j->ended && j->window + j->filled - j->next < UNIT_BYTES) fill_window(j);
      if (!read_unit(j, s, blocks + (size_t)x * across)) return CCODECS_DECLINED;
    }
    for (uint32_t k = 0; !j->progressive && k < down && y * down + k < height; k++) {
      feed_row(j, rows, blocks + k * j->stride);
    }
  }
  // Over data left before the scan that follows libjpeg goes with a warning, as over a missing end.
  const bool over = j->ended && bits_left(j) < 8;
  const bool cut_short = j->ended && j->end - j->source < 2;
  return cut_short || (j->progressive && !over) ? CCODECS_DECLINED : CCODECS_OK;
}

// Memory for first coefficients: a row of units, or all, of which the last units may stand out.
static bool reserve_blocks(struct jpeg_eighth *j, const ccodecs_limits *limits) {
  const size_t across = j->components[0].across, down = j->components[0].down;
  j->stride = (j->width + 8 * across - 1) / (8 * across) * across;
  const size_t rows = j->progressive ? (j->height + 8 * down - 1) / (8 * down) * down : down;
  const size_t bytes = j->stride * rows * sizeof(int16_t);
  if (bytes > limits->working_bytes) return false;
  j->blocks = (int16_t *)(void *)buffer_reserve(&j->block_buffer, bytes);
  return j->blocks != NULL && buffer_reserve(&j->row, j->stride) != NULL;
}

// Whether a progressive scan may be.
static bool is_lawful(const scan *s) {
  const bool band = s->first == 0 ? s->last == 0
                                  : s->first <= s->last && s->last < 64 && s->member_count == 1;
  return band && s->low <= 13 && (s->high == 0 || s->low == s->high - 1);
}

// Reads a scan or passes over it. `*done` when the picture needs no further one.
static ccodecs_status meet_scan(
    struct jpeg_eighth *j, const uint8_t *data, size_t count, sink *rows,
    const ccodecs_limits *limits, bool *done) {
  scan s;
  if (j->component_count == 0 || !starts_with_gray(j)) return CCODECS_DECLINED;
  if (++j->scan_count > limits->scan_count) return CCODECS_DECLINED;
  if (!read_scan(j, data, count, &s)) return CCODECS_DECLINED;
  const bool whole = s.first == 0 && s.last == 63 && s.high == 0 && s.low == 0;
  if (j->progressive ? !is_lawful(&s) : !whole) return CCODECS_DECLINED;
  for (int32_t i = 0; i < s.member_count; i++) {
    const member *m = &s.members[i];
    const bool needs_dc = s.first == 0 && s.high == 0, needs_ac = s.last > 0;
    const bool has_tables = (!needs_dc || m->dc->known) && (!needs_ac || m->ac->known);
    if (!has_tables || m->quantizer == 0) return CCODECS_DECLINED;
  }
  if (!s.has_gray || s.first != 0) return CCODECS_OK;
  const bool opens = j->low < 0;
  if (s.high != (opens ? 0 : j->low)) return CCODECS_DECLINED;
  if (opens) j->quantizer = s.members[0].quantizer;  // gray is the first of its scan
  if (opens && !reserve_blocks(j, limits)) return CCODECS_DECLINED;
  j->low = s.low;
  *done = !j->progressive;
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

ccodecs_status jpeg_eighth_decode(
    struct jpeg_eighth *j, const uint8_t *bytes, size_t count, const ccodecs_limits *limits,
    sink *rows) {
  forget_picture(j);
  if (count < 2 || big16(bytes) != 0xFFD8) return CCODECS_DECLINED;
  const uint8_t *at = bytes + 2, *end = bytes + count;
  j->end = end;
  while ((at = next_marker(at, end)) != NULL) {
    const uint8_t marker = at[1];
    at += 2;
    if (marker == 0xD9) {
      if (j->low < 0) return CCODECS_DECLINED;
      const size_t height = (j->height + 7) / 8;
      for (size_t y = 0; y < height; y++) feed_row(j, rows, j->blocks + y * j->stride);
      return CCODECS_OK;
    }
    if (end - at < 2 || big16(at) < 2 || big16(at) > end - at) return CCODECS_DECLINED;
    const uint8_t *data = at + 2;
    const size_t data_count = big16(at) - 2;
    at += 2 + data_count;
    bool sound = true;
    switch (marker) {
    case 0xC2: j->progressive = true;  // fall through
    case 0xC0:
    case 0xC1: sound = j->component_count == 0 && read_frame(j, data, data_count); break;
    case 0xC4: sound = read_tables(j, data, data_count); break;
    case 0xDB: sound = read_quantizers(j, data, data_count); break;
    case 0xDD:
      sound = data_count == 2;
      if (sound) j->restart_interval = big16(data);
      break;
    case 0xE0: j->jfif |= data_count >= 14 && memcmp(data, "JFIF", 5) == 0; break;
    case 0xEE:
      if (data_count < 12 || memcmp(data, "Adobe", 5) != 0) break;
      j->adobe = true;
      j->transform = data[11];
      break;
    case 0xDA: {
      bool done = false;
      j->source = at;
      const ccodecs_status status = meet_scan(j, data, data_count, rows, limits, &done);
      if (status != CCODECS_OK || done) return status;
      at = j->source;
      break;
    }
    default: sound = (marker >= 0xE1 && marker <= 0xEF) || marker == 0xFE;
    }
    if (!sound) return CCODECS_DECLINED;
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
