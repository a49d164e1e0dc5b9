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
  /// The library that decodes in this lane, with its version; libvips' once it is opened.
  fileprivate var library: String {
    switch self {
    case .jpeg: unsafe "libjpeg-turbo \(String(cString: ccodecs_jpeg_version()))"
    case .png: unsafe "libdeflate \(String(cString: ccodecs_deflate_version()))"
    case .vips: "libvips \(cvips_version(0)).\(cvips_version(1)).\(cvips_version(2))"
    }
  }
}

extension ImageFormat {
  /// The fast lane of this format, if it has one.
  var lane: DecodedImage.Lane? {
    switch self {
    case .jpeg: .jpeg
    case .png: .png
    default: nil
    }
  }

  /// Whether anything here decodes it, on a machine that has the library.
  public var hasDecoder: Bool { loader != nil }

  /// Whether it is read only on request: its libraries have had less hostile input to grow up on.
  var isExtra: Bool { self == .jpegXL || self == .jpeg2000 }

  /// Whether it holds instructions for drawing and no pixels.
  var isDrawing: Bool { self == .svg || self == .pdf || self == .postScript }

  /// Whether files of this format are decoded under these settings.
  func isRead(_ settings: DecodeSettings) -> Bool {
    hasDecoder && (!isExtra || settings.extraFormats.contains(self))
  }
}
