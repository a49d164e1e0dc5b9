// What the libraries alone cost: reads every JPEG and PNG of a folder, decodes the JPEG to gray at the
// scale that likeness uses for dhash and inflates the PNG, on one thread; nothing else is done.
// Built and called by measure-peers. Prints one line of JSON for each format.
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <ftw.h>
#include <libdeflate.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jpeglib.h>

enum { LEAST_WIDTH = 36, LEAST_HEIGHT = 32, ROUNDS = 5 };  // twice the raster of dhash

static char **paths;
static size_t path_count;
static uint8_t *file_bytes, *inflated, *compressed;
static size_t file_room, inflated_room;

static int note(const char *path, const struct stat *status, int kind, struct FTW *walk) {
  (void)status, (void)walk;
  if (kind != FTW_F) return 0;
  paths = realloc(paths, (path_count + 1) * sizeof *paths);
  paths[path_count++] = strdup(path);
  return 0;
}

static size_t read_file(const char *path) {
  int descriptor = open(path, O_RDONLY);
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0) return 0;
  if ((size_t)status.st_size > file_room) {
    file_room = (size_t)status.st_size * 2;
    file_bytes = realloc(file_bytes, file_room);
    compressed = realloc(compressed, file_room);
  }
  ssize_t count = read(descriptor, file_bytes, (size_t)status.st_size);
  close(descriptor);
  return count < 0 ? 0 : (size_t)count;
}

struct failure {
  struct jpeg_error_mgr manager;
  jmp_buf jump;
};

static void fail(j_common_ptr info) { longjmp(((struct failure *)info->err)->jump, 1); }
static void hush(j_common_ptr info) { (void)info; }

static int decode_jpeg(size_t count) {
  static uint8_t row[65536];
  struct jpeg_decompress_struct info;
  struct failure failure;
  info.err = jpeg_std_error(&failure.manager);
  failure.manager.error_exit = fail;
  failure.manager.output_message = hush;
  if (setjmp(failure.jump)) {
    jpeg_destroy_decompress(&info);
    return 0;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, file_bytes, count);
  jpeg_read_header(&info, TRUE);
  info.out_color_space = JCS_GRAYSCALE;
  info.scale_denom = 8;
  for (info.scale_num = 1; info.scale_num < 8; info.scale_num *= 2) {
    if (info.image_width * info.scale_num / 8 >= LEAST_WIDTH &&
        info.image_height * info.scale_num / 8 >= LEAST_HEIGHT)
      break;
  }
  jpeg_start_decompress(&info);
  uint8_t *rows[] = {row};
  while (info.output_scanline < info.output_height) jpeg_read_scanlines(&info, rows, 1);
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return 1;
}

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int inflate_png(size_t count, struct libdeflate_decompressor *inflater) {
  static const uint8_t channels[] = {1, 0, 3, 1, 2, 0, 4};
  size_t total = 0;
  uint64_t wanted = 0;
  for (size_t at = 8; at + 12 <= count;) {
    size_t length = big_endian(file_bytes + at);
    const uint8_t *data = file_bytes + at + 8;
    if (length > count - at - 12) break;
    if (memcmp(file_bytes + at + 4, "IHDR", 4) == 0 && length == 13 && data[9] < 7) {
      uint64_t bits = (uint64_t)data[8] * channels[data[9]] * big_endian(data);
      wanted = ((bits + 7) / 8 + 1) * big_endian(data + 4);
      if (data[12] != 0) wanted += wanted / 2;  // interlaced rows have more filter bytes
    } else if (memcmp(file_bytes + at + 4, "IDAT", 4) == 0) {
      memcpy(compressed + total, data, length);
      total += length;
    }
    at += length + 12;
  }
  if (wanted == 0 || wanted > (uint64_t)1 << 28) return 0;
  if (wanted > inflated_room) {
    inflated_room = wanted * 2;
    inflated = realloc(inflated, inflated_room);
  }
  size_t made;
  return libdeflate_zlib_decompress(inflater, compressed, total, inflated, wanted, &made) ==
         LIBDEFLATE_SUCCESS;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b) {
  double first = *(const double *)a, second = *(const double *)b;
  return (first > second) - (first < second);
}

static void measure(const char *name, const uint8_t *magic, size_t magic_count) {
  struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
  double seconds[ROUNDS];
  size_t images = 0;
  for (int round = -1; round < ROUNDS; round++) {
    double taken = 0;
    images = 0;
    for (size_t i = 0; i < path_count; i++) {
      double start = now();
      size_t count = read_file(paths[i]);
      if (count < 33 || memcmp(file_bytes, magic, magic_count) != 0) continue;
      images += (size_t)(magic_count == 3 ? decode_jpeg(count) : inflate_png(count, inflater));
      taken += now() - start;
    }
    if (round >= 0) seconds[round] = taken;
  }
  qsort(seconds, ROUNDS, sizeof *seconds, ascending);
  printf("{\"workload\":\"%s\",\"images\":%zu,\"wallSeconds\":%.4f}\n", name, images,
         seconds[ROUNDS / 2]);
  libdeflate_free_decompressor(inflater);
}

int main(int argument_count, char **arguments) {
  if (argument_count != 2) return 64;
  nftw(arguments[1], note, 64, FTW_PHYS);
  measure("floor-jpeg", (const uint8_t *)"\xFF\xD8\xFF", 3);
  measure("floor-png", (const uint8_t *)"\x89PNG\r\n\x1A\n", 8);
  return 0;
}
