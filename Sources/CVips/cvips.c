#include "cvips.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>
#include <vips/vector.h>

// libvips brings a hundred libraries along: linked, it would cost every start of the command 30 ms,
// and most commands and workers never need it. So it is opened here, by the process that decodes.
#define CVIPS_LIBRARY "libvips.so.42"
#define CVIPS_FUNCTIONS(X)                                                                        \
  X(g_log_set_default_handler)                                                                    \
  X(g_object_unref)                                                                               \
  X(vips_cache_set_max)                                                                           \
  X(vips_call)                                                                                    \
  X(vips_cast_uchar)                                                                              \
  X(vips_colourspace)                                                                             \
  X(vips_concurrency_set)                                                                         \
  X(vips_error_buffer)                                                                            \
  X(vips_error_clear)                                                                             \
  X(vips_extract_band)                                                                            \
  X(vips_image_get_bands)                                                                         \
  X(vips_image_get_format)                                                                        \
  X(vips_image_get_height)                                                                        \
  X(vips_image_get_orientation)                                                                   \
  X(vips_image_get_width)                                                                         \
  X(vips_image_guess_interpretation)                                                              \
  X(vips_init)                                                                                    \
  X(vips_msb)                                                                                     \
  X(vips_operation_block_set)                                                                     \
  X(vips_region_new)                                                                              \
  X(vips_region_prepare)                                                                          \
  X(vips_source_new_from_descriptor)                                                              \
  X(vips_type_find)                                                                               \
  X(vips_vector_set_enabled)                                                                      \
  X(vips_version)

#define POINTER(name) __typeof__(&name) name;
static struct {
  CVIPS_FUNCTIONS(POINTER)
} vips;

static int open_library(void) {
  void *library = dlopen(CVIPS_LIBRARY, RTLD_NOW);
  if (library == NULL) return -1;
#define LOOK_UP(name)                                                                             \
  if ((vips.name = (__typeof__(&name))dlsym(library, #name)) == NULL) return -1;
  CVIPS_FUNCTIONS(LOOK_UP)
  return 0;
}

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
  if (vips.vips_init == NULL && open_library() != 0) return -1;
  vips.g_log_set_default_handler(drop_log, NULL);
  if (vips.vips_init("likeness") != 0) return -1;
  vips.vips_concurrency_set(1);
  vips.vips_cache_set_max(0);
  vips.vips_vector_set_enabled(FALSE);
  vips.vips_operation_block_set("VipsForeignLoad", TRUE);
  return 0;
}

int32_t cvips_has(cvips_loader loader) {
  return vips.vips_type_find("VipsOperation", loaders[loader].operation) != 0;
}

int32_t cvips_version(int32_t part) { return vips.vips_version(part); }

static void take_message(char *message, size_t capacity) {
  const char *text = vips.vips_error_buffer();
  size_t length = strnlen(text, capacity - 1);
  while (length > 0 && text[length - 1] == '\n') length--;
  memcpy(message, text, length);
  message[length] = 0;
  vips.vips_error_clear();
}

cvips_image *cvips_open(
    int32_t descriptor, cvips_loader loader, char *message, size_t message_capacity) {
  vips.vips_operation_block_set(loaders[loader].class_name, FALSE);
  VipsImage *image = NULL;
  VipsSource *source = NULL;
  if (lseek(descriptor, 0, SEEK_SET) == 0) source = vips.vips_source_new_from_descriptor(descriptor);
  if (source != NULL) {
    vips.vips_call(
        loaders[loader].operation, source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
        VIPS_FAIL_ON_ERROR, NULL);
    vips.g_object_unref(source);
  }
  vips.vips_operation_block_set(loaders[loader].class_name, TRUE);
  if (image == NULL) {
    take_message(message, message_capacity);
    return NULL;
  }
  vips.vips_error_clear();
  cvips_image *opened = calloc(1, sizeof *opened);
  if (opened == NULL) abort();
  opened->image = image;
  return opened;
}

void cvips_close(cvips_image *image) {
  if (image == NULL) return;
  if (image->region != NULL) vips.g_object_unref(image->region);
  vips.g_object_unref(image->image);
  free(image);
}

int32_t cvips_width(const cvips_image *image) { return vips.vips_image_get_width(image->image); }
int32_t cvips_height(const cvips_image *image) { return vips.vips_image_get_height(image->image); }
int32_t cvips_orientation(const cvips_image *image) {
  return vips.vips_image_get_orientation(image->image);
}

// Replaces the image by `next` unless the operation failed.
static int replace(cvips_image *image, int failed, VipsImage *next) {
  if (failed) return -1;
  vips.g_object_unref(image->image);
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
  const gboolean display = is_display(vips.vips_image_guess_interpretation(image->image));
  // 16 bits keep their high byte, as in the PNG lane.
  if (display && vips.vips_image_get_format(image->image) == VIPS_FORMAT_USHORT) {
    failed = replace(image, vips.vips_msb(image->image, &next, NULL), next);
  } else if (!display || vips.vips_image_get_format(image->image) != VIPS_FORMAT_UCHAR) {
    failed = replace(
        image, vips.vips_colourspace(image->image, &next, VIPS_INTERPRETATION_sRGB, NULL), next);
    if (!failed) failed = replace(image, vips.vips_cast_uchar(image->image, &next, NULL), next);
  }
  // More channels than red, green, blue and alpha: the first three are the picture.
  const int bands = vips.vips_image_get_bands(image->image);
  if (!failed && bands > 4) {
    failed = replace(
        image, vips.vips_extract_band(image->image, &next, 0, "n", 3, NULL), next);
  }
  if (!failed) {
    image->region = vips.vips_region_new(image->image);
    failed = image->region == NULL;
  }
  if (failed) {
    take_message(message, message_capacity);
    return -1;
  }
  return vips.vips_image_get_bands(image->image);
}

int32_t cvips_next_rows(
    cvips_image *image, const uint8_t **rows, size_t *stride, char *message,
    size_t message_capacity) {
  const int width = vips.vips_image_get_width(image->image);
  const int left = vips.vips_image_get_height(image->image) - image->next_row;
  if (left <= 0) return 0;
  // About a megabyte a strip; a strip of 16 rows or more also suits JPEG's and TIFF's blocks.
  const int row_bytes = width * vips.vips_image_get_bands(image->image);
  const int fitting = CLAMP((1 << 20) / row_bytes, 16, 256);
  const VipsRect strip = {0, image->next_row, width, MIN(fitting, left)};
  if (vips.vips_region_prepare(image->region, &strip) != 0) {
    take_message(message, message_capacity);
    return -1;
  }
  // VIPS_REGION_ADDR, for samples of a byte: the region may hold more than was asked for.
  const VipsRegion *region = image->region;
  const int bands = vips.vips_image_get_bands(image->image);
  *rows = region->data + (size_t)(image->next_row - region->valid.top) * region->bpl -
      (size_t)region->valid.left * bands;
  *stride = region->bpl;
  image->next_row += strip.height;
  return strip.height;
}
