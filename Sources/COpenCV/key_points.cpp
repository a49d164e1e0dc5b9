#include <algorithm>
#include <array>
#include <opencv2/features2d.hpp>
#include <string.h>
#include <vector>

#include "guard.h"

namespace {

// A key point, in the order of the records.
template <size_t byte_count>
struct Record {
  float place[4];  // x, y, size, angle
  std::array<uint8_t, byte_count> descriptor;
  float response;

  bool operator<(const Record &other) const {
    for (int i = 0; i < 4; i++) {
      if (place[i] != other.place[i]) return place[i] < other.place[i];
    }
    return descriptor < other.descriptor;
  }
};

template <size_t byte_count>
bool is_stronger(const Record<byte_count> &a, const Record<byte_count> &b) {
  return a.response != b.response ? a.response > b.response : a < b;
}

// ORB's descriptors are bytes already; SIFT's are floats that OpenCV has rounded to 0...255.
template <size_t byte_count>
Record<byte_count> record(const cv::KeyPoint &point, const cv::Mat &descriptors, int row) {
  Record<byte_count> record = {};
  const float place[4] = {point.pt.x, point.pt.y, point.size, point.angle};
  std::copy(place, place + 4, record.place);
  record.response = point.response;
  for (size_t i = 0; i < byte_count; i++) {
    record.descriptor[i] = descriptors.depth() == CV_8U
                               ? descriptors.ptr<uint8_t>(row)[i]
                               : static_cast<uint8_t>(descriptors.ptr<float>(row)[i]);
  }
  return record;
}

template <size_t byte_count>
void find(
    cv::Feature2D &finder, const copencv_picture &picture, size_t wanted, uint8_t *records,
    int32_t *count) {
  std::vector<cv::KeyPoint> points;
  cv::Mat descriptors;
  finder.detectAndCompute(copencv::view(picture), cv::noArray(), points, descriptors);
  std::vector<Record<byte_count>> found;
  found.reserve(points.size());
  for (size_t i = 0; i < points.size(); i++) {
    found.push_back(record<byte_count>(points[i], descriptors, static_cast<int>(i)));
  }
  // Both finders return more where responses tie at the last place.
  std::sort(found.begin(), found.end(), is_stronger<byte_count>);
  found.resize(std::min(found.size(), wanted));
  std::sort(found.begin(), found.end());
  for (const Record<byte_count> &record : found) {
    memcpy(records, record.place, sizeof record.place);
    memcpy(records + sizeof record.place, record.descriptor.data(), byte_count);
    records += sizeof record.place + byte_count;
  }
  *count = static_cast<int32_t>(found.size());
}

}  // namespace

extern "C" copencv_status copencv_orb(
    copencv_picture picture, int32_t wanted, uint8_t *records, int32_t *count, char *message,
    size_t message_capacity) {
  return copencv::guarded(message, message_capacity, [&] {
    const cv::Ptr<cv::ORB> finder = cv::ORB::create(wanted);
    find<32>(*finder, picture, wanted, records, count);
  });
}

extern "C" copencv_status copencv_sift(
    copencv_picture picture, int32_t wanted, uint8_t *records, int32_t *count, char *message,
    size_t message_capacity) {
  return copencv::guarded(message, message_capacity, [&] {
    const cv::Ptr<cv::SIFT> finder = cv::SIFT::create(wanted);
    find<128>(*finder, picture, wanted, records, count);
  });
}
