// What every function over OpenCV does with its picture and with exceptions.
#ifndef COPENCV_GUARD_H
#define COPENCV_GUARD_H
#include <exception>
#include <opencv2/core.hpp>
#include <stdio.h>

#include "copencv.h"

namespace copencv {

// OpenCV's view of a picture; it reads these pixels and copies none.
inline cv::Mat view(const copencv_picture &picture) {
  return cv::Mat(
      picture.height, picture.width, CV_8UC1, const_cast<uint8_t *>(picture.pixels),
      static_cast<size_t>(picture.width));
}

// Runs `body`; an exception, out of memory among them, becomes a status and a message.
template <typename Body>
copencv_status guarded(char *message, size_t capacity, Body body) {
  try {
    body();
    return COPENCV_DONE;
  } catch (const std::exception &error) {
    snprintf(message, capacity, "%s", error.what());
  } catch (...) {
    snprintf(message, capacity, "an exception without a message");
  }
  return COPENCV_FAILED;
}

}  // namespace copencv
#endif
