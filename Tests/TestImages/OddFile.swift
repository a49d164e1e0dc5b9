/// A hostile or odd file, and what must become of it.
public struct OddFile: Sendable, CustomStringConvertible {
  /// What becomes of a file.
  public enum Expectation: Sendable {
    /// It is read, without or with warnings.
    case decoded
    case warned
    /// Not an image by its bytes, nor named like one.
    case skipped
    /// An image that cannot be used, with a reason.
    case quarantined
  }

  /// The file's name, any bytes but `/` and zero.
  public let name: [UInt8]
  /// Its content.
  public let bytes: [UInt8]
  /// What must become of it under the default settings.
  public let expected: Expectation
  /// What is odd about it.
  public let why: String

  init(_ name: [UInt8], _ bytes: [UInt8], _ expected: Expectation, _ why: String) {
    (self.name, self.bytes, self.expected, self.why) = (name, bytes, expected, why)
  }

  init(_ name: String, _ bytes: [UInt8], _ expected: Expectation, _ why: String) {
    self.init(Array(name.utf8), bytes, expected, why)
  }

  /// Name and oddity, for a test's output.
  public var description: String { "\(String(decoding: name, as: UTF8.self)): \(why)" }

  /// Every odd file; names differ, so that all fit in one folder.
  public static let all: [OddFile] =
    oddJPEGs + oddPNGs + damagedPNGs + oddOthers + foreignFiles + oddNames

  /// A small sound picture, the same for every name.
  static let soundPNG = PNGFile(width: 24, height: 16) { x, y, c in (x * 9 + y * 5 + c * 40) % 256 }
    .bytes
  static var soundJPEG: JPEGFile {
    JPEGFile(width: 48, height: 32, componentCount: 1) { x, y, _ in 20 * x + 30 * y + 10 }
  }
}
