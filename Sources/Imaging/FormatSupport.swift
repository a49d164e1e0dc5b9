import CCodecs
import CVips

/// Whether and how this machine reads a format.
public struct FormatSupport: Hashable, Sendable {
  /// The format.
  public let format: ImageFormat
  /// What reads it first; nil when nothing does.
  ///
  /// What a fast lane declines goes on to libvips.
  public let lane: DecodedImage.Lane?
  /// The library and its version; empty when nothing reads it.
  public let decoder: String
  /// Whether it is read only when `DecodeSettings.extraFormats` names it.
  public let isExtra: Bool
  /// What it would take to read it; empty when it is read.
  public let wayIn: String
}

/// Every known format, and whether and how this machine reads it.
///
/// Starts libvips in this process, which need be done only once; meant for a command that prints it.
public func readableFormats() -> [FormatSupport] {
  let isStarted = cvips_start() == 0
  return ImageFormat.allCases.map { format in
    let isInstalled = isStarted && format.loader.map { cvips_has($0) != 0 } == true
    let lane = format.lane ?? (isInstalled ? .vips : nil)
    return FormatSupport(
      format: format, lane: lane, decoder: lane.map(\.library) ?? "", isExtra: format.isExtra,
      wayIn: lane == nil || format.isExtra ? format.refusal : "")
  }
}

extension DecodedImage.Lane {
  // These two say no version when they run: it is that of their headers, which this program was built
  // with.
  private static let jpegLibrary = unsafe "libjpeg-turbo \(String(cString: ccodecs_jpeg_version()))"
  // Raised when a raster of any file changes.
  private static let bmpLibrary = "BMP lane 1"
  private static let pngLibrary = unsafe "libdeflate \(String(cString: ccodecs_deflate_version()))"

  /// The library that decodes in this lane, with its version; libvips' once it is opened.
  var library: String {
    switch self {
    case .jpeg: Self.jpegLibrary
    case .png: Self.pngLibrary
    case .bmp: Self.bmpLibrary
    case .vips: Self.libvips(version: (0..<3).map { cvips_version($0) })
    }
  }

  /// libvips with the three parts of a version.
  static func libvips(version parts: [some FixedWidthInteger]) -> String {
    "libvips " + parts.map { "\($0)" }.joined(separator: ".")
  }

  /// What this machine has of a library that decoded once, with the version; nil when it has none.
  ///
  /// libvips is asked in a decoder process, whose start takes as long as several images.
  public static func libraryInUse(insteadOf library: String, decoderExecutable: String) -> String? {
    let lane = allCases.first { library.hasPrefix($0.decoder.rawValue + " ") }
    guard lane == .vips else { return lane?.library }
    let client = DecoderClient(
      executable: decoderExecutable, memoryBytes: DecodeSettings().decoderMemoryBytes)
    return try? client.start(Deadline(afterSeconds: DecodeSettings().secondsPerImage))
  }
}

extension ImageFormat {
  /// The fast lane of this format, if it has one.
  var lane: DecodedImage.Lane? {
    switch self {
    case .jpeg: .jpeg
    case .png: .png
    case .bmp: .bmp
    default: nil
    }
  }

  /// Whether anything here decodes it, on a machine that has the library.
  public var hasDecoder: Bool { lane != nil || loader != nil }

  /// Whether it is read only on request: its libraries have had less hostile input to grow up on.
  var isExtra: Bool { self == .jpegXL || self == .jpeg2000 }

  /// Whether it holds instructions for drawing and no pixels.
  var isDrawing: Bool { self == .svg || self == .pdf || self == .postScript }

  /// Whether files of this format are decoded under these settings.
  func isRead(_ settings: DecodeSettings) -> Bool {
    hasDecoder && (!isExtra || settings.extraFormats.contains(self))
  }
}
