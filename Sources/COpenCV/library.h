// OpenCV's library, opened at run time.
#ifndef COPENCV_LIBRARY_H
#define COPENCV_LIBRARY_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Opens the library and finds every function of OpenCV that is called here. 1, or 0 with a message;
// then none of them may be called.
int copencv_resolve(const char *library, char *message, size_t message_capacity);

#ifdef __cplusplus
}
#endif
#endif
