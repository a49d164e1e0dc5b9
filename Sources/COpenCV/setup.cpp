#include <opencv2/core.hpp>
#include <opencv2/core/version.hpp>

#include "guard.h"
#include "library.h"

// Debian's soname: major and minor version, the latter of two digits.
#if CV_VERSION_MINOR < 10
#define SONAME CVAUX_STR(CV_VERSION_MAJOR) "0" CVAUX_STR(CV_VERSION_MINOR)
#else
#define SONAME CVAUX_STR(CV_VERSION_MAJOR) CVAUX_STR(CV_VERSION_MINOR)
#endif

extern "C" const char *copencv_library(void) { return "libopencv_features2d.so." SONAME; }

extern "C" copencv_status copencv_open(
    const char *library, char *message, size_t message_capacity) {
  if (!copencv_resolve(library, message, message_capacity)) return COPENCV_FAILED;
  return copencv::guarded(message, message_capacity, [] {
    cv::setNumThreads(1);
    // Without the paths for newer processors SIFT and Harris' corners have the same bits on every
    // x86-64, for 25 % more time for ORB and 5 % for SIFT.
    cv::setUseOptimized(false);
  });
}
