import Catalog
import Features
import Imaging
import Storage

/// What reading one image gave: a row of a batch in the making.
struct ImageReading: Sendable {
  let outcome: OutcomeCode
  let content: ContentHash?
  var width = 0
  var height = 0
  var failure: ImageFailure?
  /// The lane that decoded it and what it warned of, for `images.csv`.
  var lane = ""
  var warningCount = 0
  /// The library that decoded it, with its version.
  var library = ""
  /// One for each measure that was asked for, until the batch has taken them.
  var features: [Feature] = []
  /// Whether it was decoded itself, and not found to be of the same content as another row.
  private(set) var isDecoded = false
  /// Whether it was not decoded because another row of the batch has the same content.
  var repeatsContent = false
  /// Whether its time ran out, so that it is tried once alone.
  var ranOutOfTime = false
  /// Whether the archive itself may be in trouble: an error of storage, not of one file.
  var isStorageError = false

  /// Reads what an `ImageReader` said of the file.
  ///
  /// - Parameter forms: what it was asked for, in order.
  /// - Throws: `FeatureFailure` where what extracts a feature cannot be had.
  init(_ read: ReadImage, measures: [Measure], forms: [RasterForm]) throws {
    content = read.content
    switch read.outcome {
    case .decoded(let image):
      outcome = .done
      (width, height) = (image.width, image.height)
      lane = image.lane.rawValue
      warningCount = image.warningCount
      library = image.library
      let rasters = image.rasters
      isDecoded = true
      features = try measures.map { measure in
        guard let raster = measure.raster, let form = forms.firstIndex(of: raster) else {
          preconditionFailure("no raster for '\(measure.name)'")
        }
        return try measure.extract(from: rasters[form])
      }
    case .known:
      outcome = .done
      repeatsContent = true
    case .skipped(let reason):
      outcome = .skipped
      failure = ImageFailure(stage: "identify", decoder: "", message: reason)
    case .quarantined(let reason):
      outcome = .quarantined
      failure = ImageFailure(reason)
    case .outOfTime(let reason):
      outcome = .notRead
      ranOutOfTime = true
      failure = ImageFailure(reason)
    case .notRead(let reason):
      outcome = .notRead
      // Files vanish one by one when they are removed, and all at once when a mount is lost.
      switch reason.reason {
      case .storage, .vanished: isStorageError = true
      default: break
      }
      failure = ImageFailure(stage: "read", decoder: "", message: reason.message)
    }
  }

  /// Takes what decoding gave from a reading of the same content.
  mutating func takeDecoded(from other: ImageReading) {
    (width, height) = (other.width, other.height)
    (lane, warningCount, library) = (other.lane, other.warningCount, other.library)
  }

  /// The reading of a file that is no longer what the scan saw.
  static let changedSinceScan = ImageReading(
    .notRead, stage: "read",
    message: "it changed since the scan; 'likeness run' scans again")

  /// The reading of a file that ended the process that decoded it.
  static let endsProcess = ImageReading(
    .quarantined, stage: "decode",
    message: "ends the process that decodes it; the file is hostile or the decoder has a fault")

  /// The reading of a file whose process was killed from outside each time.
  static let killedFromOutside = ImageReading(
    .notRead, stage: "read",
    message: "the process that read it was killed from outside; the machine may be short of memory")

  private init(_ outcome: OutcomeCode, stage: String, message: String) {
    self.outcome = outcome
    content = nil
    failure = ImageFailure(stage: stage, decoder: "", message: message)
  }
}

extension ImageFailure {
  init(_ failure: DecodeFailure) {
    self.init(
      stage: failure.stage.rawValue, decoder: failure.decoder.rawValue, message: failure.message)
  }
}
