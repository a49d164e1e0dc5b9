// JPEG through libjpeg-turbo: scaled in the DCT domain, rows reduced as they come.
//
// The scale is the smallest of 1/8, 1/4, 1/2 and 1 (the ones with SIMD transforms) that leaves at
// least twice the raster on both axes, and follows from that raster alone; targets that need the
// same scale and colours share a decode. Transforms are the accurate integer ones (JDCT_ISLOW: the
// same bits with and without SIMD); chroma is upsampled plainly, as an area mean follows. Gray at
// an eighth goes through jpeg_eighth.c first, which gives the same pixels sooner.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>
#include "internal.h"

struct jpeg_lane {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  ccodecs_decoder *decoder;
  ccodecs_status status;            // what the escape means
  int64_t deadline_nanoseconds;
  int32_t scan_limit;
  bool started;                     // entropy-coded data has been read
  struct jpeg_eighth *eighth;
  buffer rows;
};

static _Noreturn void leave(struct jpeg_lane *lane, ccodecs_status status) {
  lane->status = status;
  longjmp(lane->escape, 1);
}

static void on_error(j_common_ptr info) {
  struct jpeg_lane *lane = info->client_data;
  (*info->err->format_message)(info, lane->decoder->message);
  const int code = info->err->msg_code;
  const bool short_of_memory = code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE;
  leave(lane, short_of_memory ? CCODECS_DECLINED : CCODECS_DAMAGED);
}

// Ends a decode whose data ran out, unless half of the picture is there.
static void require_half(struct jpeg_lane *lane) {
  const struct jpeg_decompress_struct *info = &lane->info;
  // The first scan of a picture of several holds every block, if coarsely.
  const bool whole = info->input_scan_number > 1;
  const bool half = lane->started && 2 * info->input_iMCU_row >= info->total_iMCU_rows;
  if (whole || half) return;
  fail(lane->decoder, CCODECS_DAMAGED, "it is cut short: less than half of it is there");
  leave(lane, CCODECS_DAMAGED);
}

static void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  info->err->num_warnings++;
  // The entropy decoder met a marker and makes up the rest of the scan, or of the restart interval.
  struct jpeg_lane *lane = info->client_data;
  const bool restarts = lane->info.restart_interval != 0 && lane->info.unread_marker != JPEG_EOI;
  if (info->err->msg_code == JWRN_HIT_MARKER && !restarts) require_half(lane);
}

static void on_output(j_common_ptr info) { (void)info; }

// Called for each row of blocks: a bomb of many scans or a slow decode stops here.
static void on_progress(j_common_ptr info) {
  struct jpeg_lane *lane = info->client_data;
  if (info->is_decompressor && lane->info.input_scan_number > lane->scan_limit) {
    fail(lane->decoder, CCODECS_DAMAGED, "more than %d scans", lane->scan_limit);
    leave(lane, CCODECS_DAMAGED);
  }
  if (is_past(lane->deadline_nanoseconds)) leave(lane, CCODECS_OUT_OF_TIME);
}

static void source_start(j_decompress_ptr info) { (void)info; }
static void source_end(j_decompress_ptr info) { (void)info; }

// The data ran out: a picture of which half is there goes on with what libjpeg fills in.
static boolean source_fill(j_decompress_ptr info) {
  static const JOCTET end[2] = {0xFF, JPEG_EOI};
  struct jpeg_lane *lane = info->client_data;
  require_half(lane);
  WARNMS(info, JWRN_JPEG_EOF);
  info->src->next_input_byte = end;
  info->src->bytes_in_buffer = 2;
  return TRUE;
}

static void source_skip(j_decompress_ptr info, long count) {
  if (count <= 0) return;
  if ((size_t)count >= info->src->bytes_in_buffer) {
    info->src->bytes_in_buffer = 0;
    (void)source_fill(info);
    return;
  }
  info->src->next_input_byte += count;
  info->src->bytes_in_buffer -= (size_t)count;
}

struct jpeg_lane *jpeg_lane_new(ccodecs_decoder *decoder) {
  struct jpeg_lane *lane = calloc(1, sizeof *lane);
  if (lane == NULL) return NULL;
  lane->decoder = decoder;
  (void)jpeg_std_error(&lane->errors);
  lane->errors.error_exit = on_error;
  lane->errors.emit_message = on_message;
  lane->errors.output_message = on_output;
  lane->eighth = jpeg_eighth_new();
  if (lane->eighth == NULL) {
    jpeg_lane_free(lane);
    return NULL;
  }
  lane->source = (struct jpeg_source_mgr){
      .init_source = source_start,
      .fill_input_buffer = source_fill,
      .skip_input_data = source_skip,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = source_end,
  };
  lane->progress.progress_monitor = on_progress;
  return lane;
}

void jpeg_lane_free(struct jpeg_lane *lane) {
  if (lane == NULL) return;
  jpeg_eighth_free(lane->eighth);
  buffer_free(&lane->rows);
  free(lane);
}

size_t jpeg_lane_trim(struct jpeg_lane *lane, size_t keep_bytes) {
  return buffer_trim(&lane->rows, keep_bytes) + jpeg_eighth_trim(lane->eighth, keep_bytes);
}

// Eighths of the full size: the least that leaves twice the target on both axes.
static uint32_t scale_for(uint32_t width, uint32_t height, const ccodecs_target *target) {
  for (uint32_t eighths = 1; eighths < 8; eighths *= 2) {
    if ((uint64_t)width * eighths >= 16 * (uint64_t)target->width
        && (uint64_t)height * eighths >= 16 * (uint64_t)target->height) {
      return eighths;
    }
  }
  return 8;
}

static void decode_rows(struct jpeg_lane *lane, sink *rows_sink, bool color) {
  struct jpeg_decompress_struct *info = &lane->info;
  enum { ROWS = 8 };
  const size_t stride = (size_t)info->output_width * (color ? 3 : 1);
  uint8_t *rows = buffer_reserve(&lane->rows, stride * ROWS);
  if (rows == NULL) leave(lane, CCODECS_OUT_OF_MEMORY);
  JSAMPROW pointers[ROWS];
  for (size_t i = 0; i < ROWS; i++) pointers[i] = rows + i * stride;
  while (info->output_scanline < info->output_height) {
    const JDIMENSION count = jpeg_read_scanlines(info, pointers, ROWS);
    lane->started = true;
    for (JDIMENSION i = 0; i < count; i++) {
      if (color) sink_rgb(rows_sink, pointers[i]);
      else sink_gray(rows_sink, pointers[i]);
    }
  }
}

// Starts the rows of a picture of `eighths` of its size.
static void begin_rows(
    struct jpeg_lane *lane, const ccodecs_header *header, const ccodecs_limits *limits,
    const ccodecs_target *members, int32_t member_count, uint32_t eighths) {
  const ccodecs_status status = sink_begin(
      &lane->decoder->sink, members, member_count, (uint64_t)header->width * eighths,
      (uint64_t)header->height * eighths, 8, limits->background);
  if (status != CCODECS_OK) leave(lane, status);
}

// The shortest way to the gray of an eighth; false for a picture that needs libjpeg.
static bool decode_eighth(
    struct jpeg_lane *lane, const uint8_t *bytes, size_t count, const ccodecs_header *header,
    const ccodecs_limits *limits) {
  lane->errors.num_warnings = 0;
  const ccodecs_status status =
      jpeg_eighth_decode(lane->eighth, bytes, count, header, limits, &lane->decoder->sink);
  if (status != CCODECS_OK && status != CCODECS_DECLINED) leave(lane, status);
  lane->decoder->eighth_count += status == CCODECS_OK;
  return status == CCODECS_OK;
}

// One decode at one scale: `members` of the same scale and colours.
static void decode_once(
    struct jpeg_lane *lane, const uint8_t *bytes, size_t count, const ccodecs_header *header,
    const ccodecs_limits *limits, const ccodecs_target *members, int32_t member_count,
    uint32_t eighths) {
  struct jpeg_decompress_struct *info = &lane->info;
  begin_rows(lane, header, limits, members, member_count, eighths);
  if (eighths == 1 && members[0].channels == 1 && !lane->decoder->portable) {
    if (decode_eighth(lane, bytes, count, header, limits)) return;
    begin_rows(lane, header, limits, members, member_count, eighths);
  }
  // Anew for each picture: a picture without tables of its own would get those of the one before.
  info->err = &lane->errors;
  info->client_data = lane;
  jpeg_create_decompress(info);
  info->src = &lane->source;
  lane->source.next_input_byte = bytes;
  lane->source.bytes_in_buffer = count;
  lane->started = false;
  lane->errors.num_warnings = 0;
  // What the header announces was compared with the limit before; the rest is small.
  info->mem->max_memory_to_use = (long)limits->working_bytes + (16 << 20);
  jpeg_read_header(info, TRUE);
  const bool color = members[0].channels == 3;
  info->out_color_space = color ? JCS_RGB : JCS_GRAYSCALE;
  info->scale_num = eighths;
  info->scale_denom = 8;
  info->dct_method = JDCT_ISLOW;
  info->do_fancy_upsampling = FALSE;
  info->do_block_smoothing = FALSE;
  const bool several = info->progressive_mode || jpeg_has_multiple_scans(info);
  const bool large = (uint64_t)info->image_width * info->image_height > 1 << 24;
  info->progress = several || large ? &lane->progress : NULL;
  lane->started = true;
  jpeg_start_decompress(info);
  if (lane->decoder->sink.width != info->output_width) {
    fail(lane->decoder, CCODECS_DAMAGED, "an unexpected size after scaling");
    leave(lane, CCODECS_DAMAGED);
  }
  decode_rows(lane, &lane->decoder->sink, color);
  jpeg_destroy_decompress(info);
}

ccodecs_status ccodecs_jpeg_decode(
    ccodecs_decoder *d, const uint8_t *bytes, size_t count, const ccodecs_limits *limits,
    const ccodecs_target *targets, int32_t target_count, int32_t *warnings) {
  struct jpeg_lane *lane = d->jpeg;
  ccodecs_header header;
  ccodecs_status status = ccodecs_jpeg_header(d, bytes, count, &header);
  if (status != CCODECS_OK) return status;
  if (header.working_bytes > limits->working_bytes) {
    return fail(d, CCODECS_DECLINED, "it takes more than %zu bytes", limits->working_bytes);
  }
  lane->deadline_nanoseconds = limits->deadline_nanoseconds;
  lane->scan_limit = limits->scan_count;
  *warnings = header.warnings;
  if (setjmp(lane->escape) != 0) {
    jpeg_destroy_decompress(&lane->info);
    return lane->status;
  }
  ccodecs_target members[CCODECS_TARGET_LIMIT];
  for (uint32_t eighths = 1; eighths <= 8; eighths *= 2) {
    for (int32_t channels = 1; channels <= 3; channels += 2) {
      int32_t member_count = 0;
      for (int32_t i = 0; i < target_count; i++) {
        if (targets[i].channels != channels) continue;
        if (scale_for(header.width, header.height, &targets[i]) != eighths) continue;
        members[member_count++] = targets[i];
      }
      if (member_count == 0) continue;
      decode_once(lane, bytes, count, &header, limits, members, member_count, eighths);
      const int32_t repaired = (int32_t)lane->errors.num_warnings;
      *warnings = repaired > *warnings ? repaired : *warnings;
      if (!sink_finished(&d->sink)) return fail(d, CCODECS_DAMAGED, "it holds too few rows");
    }
  }
  return CCODECS_OK;
}

#define TEXT_OF(value) #value
#define TEXT(value) TEXT_OF(value)
const char *ccodecs_jpeg_version(void) { return TEXT(LIBJPEG_TURBO_VERSION); }
