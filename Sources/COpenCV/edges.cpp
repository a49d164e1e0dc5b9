#include <opencv2/imgproc.hpp>
#include <vector>

#include "guard.h"

namespace {

template <typename Value>
void add_up(const cv::Mat &output, int64_t *sum, int64_t *square) {
  *sum = 0;
  *square = 0;
  for (int y = 0; y < output.rows; y++) {
    const Value *row = output.ptr<Value>(y);
    for (int x = 0; x < output.cols; x++) {
      const int64_t value = row[x];
      *sum += value;
      *square += value * value;
    }
  }
}

}  // namespace

extern "C" copencv_status copencv_corners(
    copencv_picture picture, int32_t wanted, double floor, int32_t *corners, int32_t *count,
    char *message, size_t message_capacity) {
  return copencv::guarded(message, message_capacity, [&] {
    std::vector<cv::Point2f> points;
    // No least distance, no mask; block 2, aperture 3, Harris, k.
    cv::goodFeaturesToTrack(
        copencv::view(picture), points, wanted, floor, 0, cv::noArray(), 2, 3, true, 0.04);
    *count = static_cast<int32_t>(points.size());
    for (size_t i = 0; i < points.size(); i++) {
      corners[2 * i] = static_cast<int32_t>(points[i].x);
      corners[2 * i + 1] = static_cast<int32_t>(points[i].y);
    }
  });
}

extern "C" copencv_status copencv_edges(
    copencv_picture picture, int64_t sums[6], int64_t squares[6], char *message,
    size_t message_capacity) {
  return copencv::guarded(message, message_capacity, [&] {
    const cv::Mat pixels = copencv::view(picture);
    cv::Mat output;
    cv::Canny(pixels, output, 100, 200);
    add_up<uint8_t>(output, &sums[0], &squares[0]);
    // Of bytes every output is a whole number of at most 48 * 255: 16 bits hold what users of
    // OpenCV ask for in 64.
    cv::Sobel(pixels, output, CV_16S, 1, 0, 5);
    add_up<int16_t>(output, &sums[1], &squares[1]);
    cv::Sobel(pixels, output, CV_16S, 0, 1, 5);
    add_up<int16_t>(output, &sums[2], &squares[2]);
    cv::Laplacian(pixels, output, CV_16S);
    add_up<int16_t>(output, &sums[3], &squares[3]);
    cv::Scharr(pixels, output, CV_16S, 1, 0);
    add_up<int16_t>(output, &sums[4], &squares[4]);
    cv::Scharr(pixels, output, CV_16S, 0, 1);
    add_up<int16_t>(output, &sums[5], &squares[5]);
  });
}
