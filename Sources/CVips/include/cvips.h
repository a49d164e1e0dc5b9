#ifndef CVIPS_H
#define CVIPS_H
#include <stddef.h>
#include <stdint.h>
#define CVIPS_EXPORT __attribute__((visibility("default")))
CVIPS_EXPORT int32_t cvips_version(int32_t part);
#endif
