// Huffman tables that answer for several symbols at once, and bytes without their stuffing.
#include "jpeg_entropy.h"

// Fills the table of single symbols; false for codes that libjpeg does not take either.
static bool place_codes(huffman *h, bool is_ac) {
  memset(h->look, 0, sizeof h->look);
  int32_t code = 0, at = 0;
  for (int32_t length = 1; length <= 16; length++, code <<= 1) {
    const int32_t count = h->counts[length - 1];
    // A code of ones only does not exist.
    if (count > 0 && code + count >= 1 << length) return false;
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

bool huffman_read(huffman dc[4], huffman ac[4], const uint8_t *data, size_t count) {
  while (count >= 17) {
    const bool is_ac = data[0] >> 4 == 1;
    if (data[0] >> 4 > 1 || (data[0] & 15) > 3) return false;
    huffman *h = &(is_ac ? ac : dc)[data[0] & 15];
    size_t symbols = 0;
    for (size_t i = 1; i <= 16; i++) symbols += data[i];
    if (symbols == 0 || symbols > 256 || count < 17 + symbols) return false;
    const bool same = memcmp(h->counts, data + 1, 16) == 0
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

int32_t huffman_long_symbol(const huffman *h, const entropy *e, uint32_t *length) {
  for (uint32_t n = LOOK_BITS + 1; n <= 16; n++) {
    const int32_t code = (int32_t)peek(e, n);
    if (code > h->last_code[n - 1]) continue;
    *length = n;
    return h->values[(code + h->offset[n - 1]) & 0xFF];
  }
  return -1;
}

void entropy_fill(entropy *e) {
  const size_t used = (size_t)(e->next - e->window);
  if (used > e->filled) return;  // more was taken than there is, which is told after the unit
  e->filled -= used;
  memmove(e->window, e->next, e->filled);
  e->next = e->window;
  while (e->filled < WINDOW) {
    const size_t left = (size_t)(e->end - e->source);
    const size_t room = WINDOW - e->filled < left ? WINDOW - e->filled : left;
    const uint8_t *mark = memchr(e->source, 0xFF, room);
    const size_t plain = mark == NULL ? room : (size_t)(mark - e->source);
    memcpy(e->window + e->filled, e->source, plain);
    e->filled += plain;
    e->source += plain;
    if (mark == NULL && plain < left) return;
    if (mark == NULL || plain + 1 >= left || mark[1] != 0) {
      e->ended = true;
      return;
    }
    e->window[e->filled++] = 0xFF;
    e->source += 2;
  }
}

void entropy_start(entropy *e) {
  e->next = e->window;
  e->filled = 0;
  e->bits = 0;
  e->bit_count = 0;
  e->ended = false;
  entropy_fill(e);
}
