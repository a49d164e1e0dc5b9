#include "library.h"

#include <dlfcn.h>
#include <stdio.h>

// OpenCV brings BLAS, TBB and X11 along: linked, it would make a start of the command, and of every
// decoder process, 14 ms longer. So the program is not linked with it, and the library is opened
// when a feature asks for it. The functions that key_points.cpp, edges.cpp and setup.cpp call, which
// the linker asks for by the names that C++ makes of them, are defined here: each is one jump to
// where the library has it. One that is called and not in this list is an error of the linker.
#define OPENCV_FUNCTIONS(X)                                                                       \
  X(_ZN2cv13setNumThreadsEi)                                                                      \
  X(_ZN2cv15setUseOptimizedEb)                                                                    \
  X(_ZN2cv19goodFeaturesToTrackERKNS_11_InputArrayERKNS_12_OutputArrayEiddS2_iibd)                \
  X(_ZN2cv3MatC1EiiiPvm)                                                                          \
  X(_ZN2cv3MatC1Ev)                                                                               \
  X(_ZN2cv3MatD1Ev)                                                                               \
  X(_ZN2cv3ORB6createEifiiiiNS0_9ScoreTypeEii)                                                    \
  X(_ZN2cv4SIFT6createEiiddd)                                                                     \
  X(_ZN2cv5CannyERKNS_11_InputArrayERKNS_12_OutputArrayEddib)                                     \
  X(_ZN2cv5SobelERKNS_11_InputArrayERKNS_12_OutputArrayEiiiiddi)                                  \
  X(_ZN2cv6ScharrERKNS_11_InputArrayERKNS_12_OutputArrayEiiiddi)                                  \
  X(_ZN2cv7noArrayEv)                                                                             \
  X(_ZN2cv9LaplacianERKNS_11_InputArrayERKNS_12_OutputArrayEiiddi)

// Registers of arguments stay as they are; r11 and x16 are free at a call.
#if defined(__x86_64__)
#define JUMP(place) "jmp *" place "(%rip)\n"
#elif defined(__aarch64__)
#define JUMP(place) "adrp x16, " place "\nldr x16, [x16, :lo12:" place "]\nbr x16\n"
#else
#error "no jump written for this processor"
#endif

#define PLACE(name) __attribute__((visibility("hidden"), used)) void *copencv_place_##name;
OPENCV_FUNCTIONS(PLACE)

#define FUNCTION(name)                                                                            \
  __asm__(                                                                                        \
      ".text\n.balign 16\n.globl " #name "\n.hidden " #name "\n.type " #name ", @function\n" #name \
      ":\n" JUMP("copencv_place_" #name) ".size " #name ", . - " #name "\n");
OPENCV_FUNCTIONS(FUNCTION)

int copencv_resolve(const char *library, char *message, size_t message_capacity) {
  void *opened = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (opened == NULL) {
    snprintf(message, message_capacity, "%s", dlerror());
    return 0;
  }
  // A handle finds what the libraries have that it needs, too: features2d needs imgproc and core.
#define FIND(name)                                                                                \
  void *found_##name = dlsym(opened, #name);                                                      \
  if (found_##name == NULL) {                                                                     \
    snprintf(message, message_capacity, "%s", dlerror());                                         \
    dlclose(opened);                                                                              \
    return 0;                                                                                     \
  }
  OPENCV_FUNCTIONS(FIND)
  // Only now, so that a library that will not do leaves one that does in use.
#define KEEP(name) copencv_place_##name = found_##name;
  OPENCV_FUNCTIONS(KEEP)
  return 1;
}
