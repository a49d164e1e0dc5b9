#include "cvips.h"
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>
#include <vips/vector.h>

struct cvips_image {
  VipsImage *image;
  VipsRegion *region;
  int next_row;
};

// By class for the allow-list, by operation for the call. `VipsForeignLoadNsgif` is GIF's.
static const struct {
  const char *class_name;
  const char *operation;
} loaders[] = {
    [CVIPS_JPEG] = {"VipsForeignLoadJpeg", "jpegload_source"},
    [CVIPS_PNG] = {"VipsForeignLoadPng", "pngload_source"},
    [CVIPS_GIF] = {"VipsForeignLoadNsgif", "gifload_source"},
    [CVIPS_WEBP] = {"VipsForeignLoadWebp", "webpload_source"},
    [CVIPS_TIFF] = {"VipsForeignLoadTiff", "tiffload_source"},
    [CVIPS_HEIF] = {"VipsForeignLoadHeif", "heifload_source"},
    [CVIPS_JPEG_XL] = {"VipsForeignLoadJxl", "jxlload_source"},
    [CVIPS_JPEG_2000] = {"VipsForeignLoadJp2k", "jp2kload_source"},
};

static void drop_log(
    const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
  (void)domain, (void)level, (void)message, (void)data;
}

int32_t cvips_start(void) {
  g_log_set_default_handler(drop_log, NULL);
  if (VIPS_INIT("likeness") != 0) return -1;
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_vector_set_enabled(FALSE);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  return 0;
}

int32_t cvips_has(cvips_loader loader) {
  return vips_type_find("VipsOperation", loaders[loader].operation) != 0;
}

int32_t cvips_version(int32_t part) { return vips_version(part); }

static void take_message(char *message, size_t capacity) {
  g_strlcpy(message, vips_error_buffer(), capacity);
  vips_error_clear();
  g_strchomp(message);
}

cvips_image *cvips_open(
    int32_t descriptor, cvips_loader loader, char *message, size_t message_capacity) {
  vips_operation_block_set(loaders[loader].class_name, FALSE);
  VipsImage *image = NULL;
  VipsSource *source = NULL;
  if (lseek(descriptor, 0, SEEK_SET) == 0) source = vips_source_new_from_descriptor(descriptor);
  if (source != NULL) {
    vips_call(
        loaders[loader].operation, source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
        VIPS_FAIL_ON_ERROR, NULL);
    g_object_unref(source);
  }
  vips_operation_block_set(loaders[loader].class_name, TRUE);
  if (image == NULL) {
    take_message(message, message_capacity);
    return NULL;
  }
  vips_error_clear();
  cvips_image *opened = g_new0(cvips_image, 1);
  opened->image = image;
  return opened;
}

void cvips_close(cvips_image *image) {
  if (image == NULL) return;
  if (image->region != NULL) g_object_unref(image->region);
  g_object_unref(image->image);
  g_free(image);
}

int32_t cvips_width(const cvips_image *image) { return vips_image_get_width(image->image); }
int32_t cvips_height(const cvips_image *image) { return vips_image_get_height(image->image); }
int32_t cvips_orientation(const cvips_image *image) {
  return vips_image_get_orientation(image->image);
}

// Replaces the image by `next` unless the operation failed.
static int replace(cvips_image *image, int failed, VipsImage *next) {
  if (failed) return -1;
  g_object_unref(image->image);
  image->image = next;
  return 0;
}

// Whether samples are gray or sRGB already, but for their width.
static gboolean is_display(VipsInterpretation interpretation) {
  switch (interpretation) {
  case VIPS_INTERPRETATION_B_W:
  case VIPS_INTERPRETATION_sRGB:
  case VIPS_INTERPRETATION_RGB:
  case VIPS_INTERPRETATION_RGB16:
  case VIPS_INTERPRETATION_GREY16:
  case VIPS_INTERPRETATION_MULTIBAND:
    return TRUE;
  default:
    return FALSE;
  }
}

int32_t cvips_convert(cvips_image *image, char *message, size_t message_capacity) {
  VipsImage *next = NULL;
  int failed = 0;
  const gboolean display = is_display(vips_image_guess_interpretation(image->image));
  // 16 bits keep their high byte, as in the PNG lane.
  if (display && vips_image_get_format(image->image) == VIPS_FORMAT_USHORT) {
    failed = replace(image, vips_msb(image->image, &next, NULL), next);
  } else if (!display || vips_image_get_format(image->image) != VIPS_FORMAT_UCHAR) {
    failed = replace(
        image, vips_colourspace(image->image, &next, VIPS_INTERPRETATION_sRGB, NULL), next);
    if (!failed) failed = replace(image, vips_cast_uchar(image->image, &next, NULL), next);
  }
  // More channels than red, green, blue and alpha: the first three are the picture.
  const int bands = vips_image_get_bands(image->image);
  if (!failed && bands > 4) {
    failed = replace(
        image, vips_extract_band(image->image, &next, 0, "n", 3, NULL), next);
  }
  if (!failed) {
    image->region = vips_region_new(image->image);
    failed = image->region == NULL;
  }
  if (failed) {
    take_message(message, message_capacity);
    return -1;
  }
  return vips_image_get_bands(image->image);
}

int32_t cvips_next_rows(
    cvips_image *image, const uint8_t **rows, size_t *stride, char *message,
    size_t message_capacity) {
  const int width = vips_image_get_width(image->image);
  const int left = vips_image_get_height(image->image) - image->next_row;
  if (left <= 0) return 0;
  // About a megabyte a strip; a strip of 16 rows or more also suits JPEG's and TIFF's blocks.
  const int row_bytes = width * vips_image_get_bands(image->image);
  const int fitting = CLAMP((1 << 20) / row_bytes, 16, 256);
  const VipsRect strip = {0, image->next_row, width, MIN(fitting, left)};
  if (vips_region_prepare(image->region, &strip) != 0) {
    take_message(message, message_capacity);
    return -1;
  }
  *rows = VIPS_REGION_ADDR(image->region, 0, image->next_row);
  *stride = VIPS_REGION_LSKIP(image->region);
  image->next_row += strip.height;
  return strip.height;
}
