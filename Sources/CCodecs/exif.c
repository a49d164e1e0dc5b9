// EXIF orientation: tag 0x0112 of the first directory of a TIFF structure.
#include "internal.h"

static uint32_t read16(const uint8_t *p, bool big) {
  return big ? big16(p) : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t read32(const uint8_t *p, bool big) {
  return big ? big32(p)
             : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

int32_t ccodecs_exif_orientation(const uint8_t *bytes, size_t count) {
  if (count < 8) return 1;
  const bool big = bytes[0] == 'M' && bytes[1] == 'M';
  if (!big && !(bytes[0] == 'I' && bytes[1] == 'I')) return 1;
  if (read16(bytes + 2, big) != 42) return 1;
  const size_t directory = read32(bytes + 4, big);
  if (directory > count || count - directory < 2) return 1;
  const size_t entries = read16(bytes + directory, big);
  for (size_t i = 0; i < entries; i++) {
    const size_t at = directory + 2 + 12 * i;
    if (count < 12 || at > count - 12) return 1;
    if (read16(bytes + at, big) != 0x0112) continue;
    const uint32_t type = read16(bytes + at + 2, big);
    const uint32_t value = type == 4 ? read32(bytes + at + 8, big) : read16(bytes + at + 8, big);
    const bool sound = (type == 3 || type == 4) && read32(bytes + at + 4, big) == 1;
    return sound && value >= 1 && value <= 8 ? (int32_t)value : 1;
  }
  return 1;
}
