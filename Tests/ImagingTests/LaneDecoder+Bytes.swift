@testable import Imaging

extension LaneDecoder {
  /// The header of a file in memory.
  func header(of lane: DecodedImage.Lane, _ file: [UInt8]) throws -> Header {
    try unsafe withPadding(file) { unsafe try header(of: lane, $0) }
  }

  /// The rasters of a file in memory.
  func decode(
    _ lane: DecodedImage.Lane, _ file: [UInt8], _ specifications: [RasterSpecification]
  ) throws -> [Raster] {
    try unsafe withPadding(file) {
      unsafe try decode(
        lane, $0, header: try header(of: lane, $0), specifications: specifications,
        deadline: Deadline(afterSeconds: 100)
      ).rasters
    }
  }

  private func withPadding<Result>(
    _ file: [UInt8], _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    var bytes = file + [UInt8](repeating: 0, count: 64)
    return try unsafe bytes.withUnsafeMutableBytes {
      unsafe try body(UnsafeMutableRawBufferPointer(rebasing: $0[..<file.count]))
    }
  }
}
