// The formulas for any processor.
#define TARGET
#define FORMULAS ckernels_portable_formulas
#include "raster_formulas.h"
