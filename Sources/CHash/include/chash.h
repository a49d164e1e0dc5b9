#ifndef CHASH_H
#define CHASH_H
#include <stddef.h>
#include <stdint.h>

#define CHASH_EXPORT __attribute__((visibility("default")))

/// Writes the XXH3 128-bit hash of `size` bytes to `hash` in canonical (big-endian) order. Any thread.
CHASH_EXPORT void chash_bytes(const void *bytes, size_t size, uint8_t hash[16]);

/// A hash in the making, for content that is not in memory at once. One thread at a time.
typedef struct chash_stream chash_stream;

/// A new stream, or NULL when there is no memory; freed with `chash_stream_free`.
CHASH_EXPORT chash_stream *chash_stream_new(void);
/// Adds `size` bytes.
CHASH_EXPORT void chash_stream_add(chash_stream *stream, const void *bytes, size_t size);
/// Writes the hash of all bytes added so far; the stream may go on.
CHASH_EXPORT void chash_stream_digest(const chash_stream *stream, uint8_t hash[16]);
/// Frees a stream; NULL is allowed.
CHASH_EXPORT void chash_stream_free(chash_stream *stream);

#endif
