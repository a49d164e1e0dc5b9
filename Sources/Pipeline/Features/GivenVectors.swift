import Catalog
import Storage

/// Vectors that the user has for the images of an archive: the rows of a NumPy file, and a list of the
/// paths that they are of.
///
/// Memory: 16 bytes a path, and more for what a hash table leaves empty. Rows stay in their file.
struct GivenVectors: Sendable {
  /// Names the files as they are now.
  let identity: String
  private let path: String
  private let rows: NumpyRows
  private let isDouble: Bool
  private let rowOfPath: [UInt64: UInt32]

  /// Opens the files.
  ///
  /// - Parameters:
  ///   - path: a NumPy file of rows x dimension, in single or double precision.
  ///   - list: as many lines, each a path in the archive, `./` before it or not; a line may end in a
  ///     carriage return.
  /// - Throws: `SettingFailure` naming the file, what it is and what it must be.
  init(_ path: String, paths list: String) throws {
    self.path = path
    let single = try? NumpyRows(path: path, type: .float32)
    isDouble = single == nil
    do {
      rows = try single ?? NumpyRows(path: path, type: .float64)
    } catch let error as DamagedFile {
      throw SettingFailure(
        "'--features-from': \(error.path) is \(NumpyRows.kind(ofFile: path)), and must be a whole NumPy file of "
          + "float32 or float64 in two dimensions, rows as C has them: "
          + "numpy.save(file, numpy.ascontiguousarray(vectors, dtype='float32'))")
    } catch let error as StorageFailure {
      throw SettingFailure("'--features-from': \(error)")
    }
    var rowOfPath: [UInt64: UInt32] = [:]
    var count: UInt32 = 0
    do {
      var bytes = try contents(ofFile: list)[...]
      // What some editors put before a text.
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
      for line in bytes.split(separator: 0x0A) {
        var line = line.last == 0x0D ? line.dropLast() : line
        while line.starts(with: Array("./".utf8)) { line = line.dropFirst(2) }
        guard rowOfPath.updateValue(count, forKey: Self.hash(Array(line))) == nil else {
          throw SettingFailure(
            "'--feature-paths': \(list), line \(count + 1): names a path for the second time")
        }
        count += 1
      }
    } catch let error as StorageFailure {
      throw SettingFailure("'--feature-paths': \(error)")
    }
    guard rows.shape.columns > 0 else {
      throw SettingFailure("'--features-from': \(path) has vectors of no component")
    }
    guard count == rows.shape.rows else {
      throw SettingFailure(
        "'--feature-paths': \(list) has \(count) lines, and \(path) \(rows.shape.rows) rows; there "
          + "must be a path for each row")
    }
    self.rowOfPath = rowOfPath
    identity = "vectors " + (try digest(ofFiles: [path, list]))
  }

  /// The vector of a path in single precision, as it is stored; nil where there is none, or nothing
  /// but zeros.
  ///
  /// - Throws: `SettingFailure` for a value that is no number.
  func bytes(of image: ArchivePath) throws -> [UInt8]? {
    guard let row = rowOfPath[Self.hash(image.bytes)] else { return nil }
    let width = isDouble ? 8 : 4
    let start = Int(row) * rows.shape.columns * width
    let bytes = try rows.bytes(in: start..<start + rows.shape.columns * width)
    let values = unsafe bytes.withUnsafeBytes { bytes in
      (0..<rows.shape.columns).map { column in
        isDouble
          ? unsafe Float(bytes.loadUnaligned(fromByteOffset: 8 * column, as: Double.self))
          : unsafe bytes.loadUnaligned(fromByteOffset: 4 * column, as: Float.self)
      }
    }
    // Distances are products in single precision, of which none may overflow.
    let squared = values.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard squared < 1e36 else {
      throw SettingFailure(
        "'--features-from': \(path), row \(row + 1): has a value that is no number, or is longer than "
          + "1e18; bring the vectors to another scale")
    }
    guard squared > 0 else { return nil }
    return unsafe values.withUnsafeBytes { unsafe Array($0) }
  }

  /// How many vectors there are.
  var count: Int { rowOfPath.count }

  /// Whether there is a row for a path.
  func hasRow(of image: ArchivePath) -> Bool { rowOfPath[Self.hash(image.bytes)] != nil }

  private static func hash(_ path: [UInt8]) -> UInt64 {
    ContentHash(of: path).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
