#ifndef JPEG_ENTROPY_H
#define JPEG_ENTROPY_H
// The entropy-coded data of a JPEG, read without keeping it: ITU-T T.81, annexes C and F.
#include <string.h>
#include "internal.h"

enum {
  LOOK_BITS = 11,
  // Entropy-coded bytes held without their stuffing, and the most that a unit (MCU) takes: ten
  // blocks of 64 symbols of 31 bits, and a word read ahead.
  WINDOW = 1 << 15,
  UNIT_BYTES = 10 * 64 * 31 / 8 + 8,
};

// A Huffman table with what the next LOOK_BITS bits mean.
typedef struct huffman {
  bool known;                        // set by the picture at hand
  uint8_t counts[16];                // codes of each length
  uint8_t values[256];
  int32_t last_code[16], offset[16]; // of each length: the largest, and its values less its codes
  // DC: length << 8 | value. AC: bits and steps of the first symbol, then of all symbols seen whole
  // (see `steps_of`), a byte each from the top. 0: a longer code.
  uint32_t look[1 << LOOK_BITS];
} huffman;

// The data of a scan, up to the next marker.
typedef struct entropy {
  const uint8_t *source, *end;       // what is not in the window yet
  uint8_t *next;                     // in the window
  size_t filled;
  uint64_t bits;                     // the next ones, from the top
  int32_t bit_count;
  bool ended;                        // `source` is at a marker, or at the end
  uint8_t window[WINDOW + UNIT_BYTES + 64];
} entropy;

// Takes the tables of a DHT segment. One that is the same as before costs nothing.
bool huffman_read(huffman dc[4], huffman ac[4], const uint8_t *data, size_t count);
// The symbol of a code longer than LOOK_BITS, with its length; -1 if there is none.
int32_t huffman_long_symbol(const huffman *h, const entropy *e, uint32_t *length);

// Starts at `source`.
void entropy_start(entropy *e);
// Takes more into the window. Before each unit where less than UNIT_BYTES are left.
void entropy_fill(entropy *e);

// Bits that were not taken; negative when more were taken than there are.
static inline int64_t bits_left(const entropy *e) {
  return 8 * (int64_t)(e->window + e->filled - e->next) + e->bit_count;
}

// Makes 32 bits or more ready.
static inline void need(entropy *e) {
  if (e->bit_count >= 32) return;
  uint64_t word;
  memcpy(&word, e->next, sizeof word);
  e->bits |= __builtin_bswap64(word) >> e->bit_count;
  e->next += (63 - e->bit_count) >> 3;
  e->bit_count |= 56;
}

static inline uint32_t peek(const entropy *e, uint32_t count) {
  return (uint32_t)(e->bits >> (64 - count));
}

static inline void take(entropy *e, uint32_t count) {
  e->bits <<= count;
  e->bit_count -= (int32_t)count;
}

// What a symbol of an AC table does: it leads some steps on in the block, or ends it.
enum { BLOCK_ENDS = 1 << 7 };

static inline uint32_t steps_of(uint8_t symbol) {
  if ((symbol & 15) != 0) return (symbol >> 4) + 1u;
  return symbol == 0xF0 ? 16 : BLOCK_ENDS;
}

static inline uint32_t first_bits(uint32_t entry) { return entry >> 24; }
static inline uint32_t first_steps(uint32_t entry) { return entry >> 16 & 0xFF; }
static inline uint32_t all_bits(uint32_t entry) { return entry >> 8 & 0xFF; }
static inline uint32_t all_steps(uint32_t entry) { return entry & 0xFF; }

// Reads the difference of a first coefficient; false for a code that does not exist.
static inline bool read_difference(entropy *e, const huffman *h, int32_t *difference) {
  need(e);
  const uint32_t entry = h->look[peek(e, LOOK_BITS)];
  uint32_t length = entry >> 8;
  uint32_t size = entry & 0xFF;
  if (entry == 0) {
    const int32_t symbol = huffman_long_symbol(h, e, &length);
    if (symbol < 0) return false;
    size = (uint32_t)symbol;
  }
  take(e, length);
  *difference = 0;
  if (size == 0) return true;
  const int32_t value = (int32_t)peek(e, size);
  take(e, size);
  *difference = value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  return true;
}

// Passes over the other coefficients of a block, several symbols a look.
static inline bool skip_others(entropy *e, const huffman *h) {
  uint32_t at = 1;
  while (at < 64) {
    need(e);
    const uint32_t entry = h->look[peek(e, LOOK_BITS)];
    uint32_t bits = all_bits(entry), steps = all_steps(entry);
    const bool ends = steps >= BLOCK_ENDS;
    if (at + (steps & (BLOCK_ENDS - 1)) + (ends ? 1 : 0) > 64) {
      // Some of these symbols are the next block's.
      bits = first_bits(entry);
      steps = first_steps(entry);
    } else if (entry == 0) {
      uint32_t length = 0;
      const int32_t symbol = huffman_long_symbol(h, e, &length);
      if (symbol < 0) return false;
      bits = length + (symbol & 15);
      steps = steps_of((uint8_t)symbol);
    }
    take(e, bits);
    if (steps >= BLOCK_ENDS) return true;
    at += steps;
  }
  return at == 64;
}
#endif
