import CCodecs

/// What decides how images are decoded and which ones are refused.
///
/// Part of a run's settings: two runs with equal settings quarantine the same files, whatever the
/// machine, its memory and the number of workers.
public struct DecodeSettings: Hashable, Sendable {
  /// An sRGB colour.
  public struct Color: Hashable, Sendable {
    /// Each from 0 to 255.
    public let red, green, blue: UInt8

    /// Makes a colour of its parts.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
      (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// White, the default background.
    public static let white = Color(red: 255, green: 255, blue: 255)
  }

  /// What transparency is laid on.
  public var background = Color.white
  /// An image of more pixels (columns times rows, as its header says) is quarantined.
  public var maximumPixels = 1_000_000_000
  /// A longer file is quarantined without being read.
  public var maximumFileBytes = 8 << 30
  /// An image that takes longer is out of time; whole seconds.
  public var secondsPerImage = 120
  /// Address space that an image may take in its decoder process, besides libvips itself; an image
  /// that needs more is quarantined.
  public var decoderMemoryBytes = 2 << 30
  /// Formats that are read only when named here: `jpegXL` and `jpeg2000`.
  public var extraFormats: Set<ImageFormat> = []
  /// Whether the last component of a path may be a symbolic link.
  public var followsLinks = false

  /// Makes the default settings.
  public init() {}

  /// The longest side that any lane reads, in pixels.
  public static let maximumSide = Int(CCODECS_SIDE_LIMIT)
  /// Files up to this size are read into memory whole; longer ones go to the decoder process,
  /// which reads them from the open file.
  public static let wholeFileByteCount = 64 << 20
  /// The most that a PNG file's pixels, inflated, and the rows in flight may take in the PNG lane; more
  /// goes to the decoder process, row by row.
  public static let inflatedByteCount = 64 << 20
  /// The most memory for the coefficients of a progressive JPEG in the JPEG lane, enough for 16
  /// megapixels in full colour; more goes to the decoder process.
  public static let coefficientByteCount = 96 << 20
  /// The most scans of a progressive JPEG; encoders write about ten.
  public static let maximumScans = 100
}
