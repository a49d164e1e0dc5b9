// For any processor.
#include <stdint.h>

#define TARGET
#define KERNELS ckernels_pairs_portable
#define LANES_OF(lanes) lanes_of((const uint8_t *)&(lanes))

static uint32_t lanes_of(const uint8_t *lanes) {
  uint32_t bits = 0;
  for (uint32_t lane = 0; lane < 32; lane++) bits |= (uint32_t)(lanes[lane] & 1) << lane;
  return bits;
}

#include "pairs_bounds.h"
