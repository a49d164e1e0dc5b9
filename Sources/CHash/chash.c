#include "chash.h"
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

struct chash_stream {
  XXH3_state_t *state;
};

static void write_canonical(XXH128_hash_t value, uint8_t hash[16]) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, value);
  memcpy(hash, canonical.digest, 16);
}

void chash_bytes(const void *bytes, size_t size, uint8_t hash[16]) {
  write_canonical(XXH3_128bits(bytes, size), hash);
}

chash_stream *chash_stream_new(void) {
  chash_stream *stream = malloc(sizeof *stream);
  if (stream == NULL) return NULL;
  stream->state = XXH3_createState();
  if (stream->state == NULL) {
    free(stream);
    return NULL;
  }
  XXH3_128bits_reset(stream->state);
  return stream;
}

void chash_stream_add(chash_stream *stream, const void *bytes, size_t size) {
  XXH3_128bits_update(stream->state, bytes, size);
}

void chash_stream_digest(const chash_stream *stream, uint8_t hash[16]) {
  write_canonical(XXH3_128bits_digest(stream->state), hash);
}

void chash_stream_free(chash_stream *stream) {
  if (stream == NULL) return;
  XXH3_freeState(stream->state);
  free(stream);
}
