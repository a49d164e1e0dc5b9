/// `ahash`: which of the 8 x 8 pixels are brighter than their mean.
///
/// The reference compares with a mean in floating point; 64 p > sum is the same in integers.
func averageHashFeature(of pixels: [UInt8]) -> BitString {
  var sum = 0
  for pixel in pixels { sum += Int(pixel) }
  let bytes = BitString.packedBytes(count: 64) { Int(pixels[$0]) * 64 > sum }
  return BitString(bytes: bytes, hasDetail: hasVariance(pixels))
}
