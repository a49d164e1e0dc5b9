#include "cvips.h"
#include <vips/vips.h>
int32_t cvips_version(int32_t part) { return vips_version(part); }
