// A thumbnail's JPEG: baseline, 4:2:0, into memory of libjpeg's.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
#include "internal.h"

struct encoder {
  struct jpeg_compress_struct info;
  struct jpeg_error_mgr errors;
  jmp_buf escape;
  ccodecs_decoder *decoder;
};

static void on_error(j_common_ptr info) {
  struct encoder *encoder = info->client_data;
  (*info->err->format_message)(info, encoder->decoder->message);
  longjmp(encoder->escape, 1);
}

static void on_message(j_common_ptr info, int level) { (void)info, (void)level; }

ccodecs_status ccodecs_jpeg_encode(
    ccodecs_decoder *d, const uint8_t *pixels, int32_t width, int32_t height, int32_t quality,
    uint8_t **jpeg, size_t *jpeg_count) {
  struct encoder encoder = {.decoder = d};
  *jpeg = NULL;
  *jpeg_count = 0;
  // Two bytes a sample are more than quality 85 takes of noise. Where libjpeg has to grow the room
  // all the same, it leaves this one alone and tells of its own at the end, not before.
  unsigned long count = 3 * (size_t)(width + 15) * (size_t)(height + 15) + 2048;
  uint8_t *const room = malloc(count);
  if (room == NULL) return fail(d, CCODECS_OUT_OF_MEMORY, "no memory for a thumbnail");
  encoder.info.err = jpeg_std_error(&encoder.errors);
  encoder.errors.error_exit = on_error;
  encoder.errors.emit_message = on_message;
  encoder.info.client_data = &encoder;
  if (setjmp(encoder.escape) != 0) {
    jpeg_destroy_compress(&encoder.info);
    free(room);
    *jpeg = NULL;
    return CCODECS_OUT_OF_MEMORY;
  }
  *jpeg = room;
  jpeg_create_compress(&encoder.info);
  jpeg_mem_dest(&encoder.info, jpeg, &count);
  encoder.info.image_width = (JDIMENSION)width;
  encoder.info.image_height = (JDIMENSION)height;
  encoder.info.input_components = 3;
  encoder.info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&encoder.info);
  jpeg_set_quality(&encoder.info, quality, TRUE);
  jpeg_start_compress(&encoder.info, TRUE);
  while (encoder.info.next_scanline < encoder.info.image_height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)encoder.info.next_scanline * (size_t)width * 3);
    jpeg_write_scanlines(&encoder.info, &row, 1);
  }
  jpeg_finish_compress(&encoder.info);
  jpeg_destroy_compress(&encoder.info);
  if (*jpeg != room) free(room);
  *jpeg_count = count;
  return CCODECS_OK;
}

void ccodecs_jpeg_free(uint8_t *jpeg) { free(jpeg); }
