import Imaging

/// `crophash`: a difference hash of each bright and each dark segment, so that a part of a picture
/// shares hashes with the whole (Steinebach, Liu and Yannikos 2014).
///
/// The picture is resized to 300 x 300, blurred and cut at gray 128 (`Segmentation`); of each segment
/// of more than 500 pixels the picture's pixels inside the segment's box are hashed: resized to 9 x 8,
/// 64 bits, is a pixel brighter than its left neighbour. Where there is no segment the whole picture
/// is hashed. ImageHash's `crop_resistant_hash`, bit for bit and segment for segment in its order.
enum CropHash {
  static let hashByteCount = 8

  /// The hashes of the segments, 8 bytes each; at least one.
  static func feature(of raster: Raster) -> [UInt8] {
    let (width, height) = (raster.specification.width, raster.specification.height)
    let side = Segmentation.side
    let small = LanczosResize.resized(raster.pixels, width: width, toWidth: side, height: side)
    var boxes = Segmentation.boxes(of: small)
    if boxes.isEmpty { boxes = [Segmentation.Box(columns: 0...side - 1, rows: 0...side - 1)] }
    return boxes.flatMap { box in
      hash(
        raster.pixels, width: width,
        columns: scaled(box.columns, to: width), rows: scaled(box.rows, to: height))
    }
  }

  /// The pixels of the picture under those of the small one, halves of a pixel to the even edge.
  ///
  /// In a picture that was enlarged for the segments there may be none: then the one beside.
  private static func scaled(_ places: ClosedRange<Int>, to count: Int) -> Range<Int> {
    let scale = Double(count) / Double(Segmentation.side)
    let first = Int((Double(places.lowerBound) * scale).rounded(.toNearestOrEven))
    let end = Int((Double(places.upperBound + 1) * scale).rounded(.toNearestOrEven))
    return first < end ? first..<end : min(first, count - 1)..<min(first, count - 1) + 1
  }

  private static func hash(
    _ pixels: [UInt8], width: Int, columns: Range<Int>, rows: Range<Int>
  ) -> [UInt8] {
    let part = rows.flatMap { row in
      pixels[row * width + columns.lowerBound..<row * width + columns.upperBound]
    }
    let small = LanczosResize.resized(part, width: columns.count, toWidth: 9, height: 8)
    return BitString.packedBytes(count: 64) { bit in
      let left = bit + bit / 8
      return small[left + 1] > small[left]
    }
  }
}
