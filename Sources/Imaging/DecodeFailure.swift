import Catalog
import Glibc

/// An image that was left out because of its content, and why.
public struct DecodeFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// How far the image came.
  public enum Stage: String, Hashable, Sendable {
    /// Its length was looked at; no byte was read.
    case length
    /// Its first bytes were looked at.
    case identify
    /// Its format was known, and whether it is read.
    case format
    /// Its size and limits were checked; no pixel was read.
    case header
    /// Its pixels were being read.
    case decode
  }

  /// What was reading it.
  public enum Decoder: String, Hashable, Sendable {
    case none
    case libjpegTurbo = "libjpeg-turbo"
    case libdeflate
    /// Nothing but this program.
    case bitmap = "BMP lane"
    case libvips
  }

  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// The file has no bytes.
    case empty
    /// The bytes are no known format, though the name promises one.
    case notAnImage
    /// A format that is not read here.
    case unsupported(ImageFormat)
    /// The bytes break their format's rules.
    case damaged(detail: String)
    /// More pixels than `maximumPixels`.
    case tooManyPixels(width: Int, height: Int, limit: Int)
    /// A side longer than `DecodeSettings.maximumSide`.
    case tooLong(width: Int, height: Int)
    /// A longer file than `maximumFileBytes`.
    case fileTooLarge(byteCount: Int, limit: Int)
    /// The decoder process ended by itself, by the signal of this number.
    case decoderDied(signal: Int)
    /// The decoder process needed more than `decoderMemoryBytes`.
    case decoderOutOfMemory(limitBytes: Int)
    /// It took longer than `secondsPerImage`.
    case outOfTime(seconds: Int)
  }

  /// The file.
  public let path: ArchivePath
  /// How far it came.
  public let stage: Stage
  /// What was reading it.
  public let decoder: Decoder
  /// What is wrong.
  public let reason: Reason

  /// Makes a failure.
  public init(path: ArchivePath, stage: Stage, decoder: Decoder, reason: Reason) {
    (self.path, self.stage, self.decoder, self.reason) = (path, stage, decoder, reason)
  }

  /// Whether a process that this signal ended was ended by what it read.
  ///
  /// All others come from people, from the engine that runs jobs, or from a machine that is short of
  /// memory.
  public static func isJudgement(signal: Int32) -> Bool {
    [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGXFSZ].contains(signal)
  }

  /// The path, what happened and what to do, in one line.
  public var description: String { "\(path.displayName): \(message)" }

  /// What happened and what to do, without the path.
  public var message: String {
    switch reason {
    case .empty: "an empty file"
    case .notAnImage: "named like an image, but its bytes are none of the known formats"
    case .unsupported(let format): format.refusal
    case .damaged(let detail):
      // Decoders quote what they read, so this is text out of the file.
      "cannot be decoded (\(decoder.rawValue)): \(displayText(detail.utf8))"
    case .tooManyPixels(let width, let height, let limit):
      "\(width) x \(height) pixels, over the limit of \(limit); a new run with a higher "
        + "'maximumPixels' keeps it"
    case .tooLong(let width, let height):
      "\(width) x \(height) pixels: no side may be over \(DecodeSettings.maximumSide)"
    case .fileTooLarge(let byteCount, let limit):
      "\(byteCount) bytes, over the limit of \(limit); a new run with a higher "
        + "'maximumFileBytes' keeps it"
    case .decoderDied(let signal):
      "the decoder process ended by signal \(signal): the file is damaged, or needs more than "
        + "'decoderMemory'"
    case .decoderOutOfMemory(let limitBytes):
      "its decoder needs more than \(limitBytes) bytes; a new run with a higher 'decoderMemory' keeps "
        + "it"
    case .outOfTime(let seconds):
      "not decoded in \(seconds) s; a new run with a higher 'secondsPerImage' gives it longer"
    }
  }
}
