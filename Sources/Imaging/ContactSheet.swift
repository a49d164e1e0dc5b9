/// Small pictures in a grid, so that a cluster can be seen at a glance.
///
/// The cells are squares as large as the longest side of any picture; pictures stand in the middle of
/// theirs, row by row in the order given, at their own size.
public struct ContactSheet: Hashable, Sendable {
  /// Pictures in a row, at least 1; nil for half as many rows again as makes a sheet wider than high.
  public var columnCount: Int?
  /// Pixels between cells and around them.
  public var gap = 6
  /// What is not covered by a picture.
  public var background = DecodeSettings.Color.white

  /// Makes a sheet that chooses its number of columns, six pixels apart, on white.
  public init() {}

  /// The sheet of some pictures, gray or in colour, as one raster in colour.
  ///
  /// The same pictures give the same bytes. ``Raster/jpegFile()`` makes a file of it.
  ///
  /// - Precondition: there is at least one picture.
  /// - Complexity: O(pixels of the sheet) time and memory, three bytes each.
  public func raster(of pictures: [Raster]) -> Raster {
    precondition(!pictures.isEmpty, "a contact sheet of no pictures")
    let side = pictures.map { max($0.specification.width, $0.specification.height) }.max() ?? 1
    let columnCount = min(self.columnCount ?? Self.columnCount(of: pictures.count), pictures.count)
    precondition(columnCount > 0 && gap >= 0, "\(columnCount) columns, \(gap) pixels apart")
    let rowCount = (pictures.count + columnCount - 1) / columnCount
    let specification = RasterSpecification(
      width: gap + columnCount * (side + gap), height: gap + rowCount * (side + gap),
      channels: .color)
    var pixels = [UInt8](repeating: background.red, count: specification.byteCount)
    if background != DecodeSettings.Color(background.red) {
      for pixel in stride(from: 0, to: pixels.count, by: 3) {
        pixels[pixel + 1] = background.green
        pixels[pixel + 2] = background.blue
      }
    }
    for (index, picture) in pictures.enumerated() {
      let picture = picture.inColor
      let size = picture.specification
      let left = gap + index % columnCount * (side + gap) + (side - size.width) / 2
      let top = gap + index / columnCount * (side + gap) + (side - size.height) / 2
      for y in 0..<size.height {
        let start = ((top + y) * specification.width + left) * 3
        let row = picture.pixels[(y * size.width * 3)..<((y + 1) * size.width * 3)]
        pixels.replaceSubrange(start..<(start + row.count), with: row)
      }
    }
    return Raster(specification: specification, pixels: pixels)
  }

  /// The fewest columns that are at least one and a half times as many as rows.
  private static func columnCount(of pictureCount: Int) -> Int {
    var columns = 1
    while columns * columns * 2 < pictureCount * 3 { columns += 1 }
    return columns
  }
}

extension DecodeSettings.Color {
  /// A gray.
  fileprivate init(_ value: UInt8) { self.init(red: value, green: value, blue: value) }
}
