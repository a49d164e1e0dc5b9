#define XXH_INLINE_ALL
#include <xxhash.h>
#include <stdlib.h>
#include <string.h>
#include "ccodecs.h"

void ccodecs_hash128(const uint8_t *bytes, size_t count, uint8_t *digest16) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, count));
  memcpy(digest16, canonical.digest, 16);
}

struct ccodecs_hasher {
  XXH3_state_t state;
};

ccodecs_hasher *ccodecs_hasher_new(void) {
  ccodecs_hasher *hasher = NULL;
  if (posix_memalign((void **)&hasher, 64, sizeof *hasher) != 0) return NULL;
  XXH3_128bits_reset(&hasher->state);
  return hasher;
}

void ccodecs_hasher_add(ccodecs_hasher *hasher, const uint8_t *bytes, size_t count) {
  XXH3_128bits_update(&hasher->state, bytes, count);
}

void ccodecs_hasher_finish(ccodecs_hasher *hasher, uint8_t *digest16) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&hasher->state));
  memcpy(digest16, canonical.digest, 16);
}

void ccodecs_hasher_free(ccodecs_hasher *hasher) { free(hasher); }
