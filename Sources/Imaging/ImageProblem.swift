import Catalog

/// Why an image gave no rasters: every outcome but the good ones.
enum ImageProblem: Error {
  case skipped(reason: String)
  case quarantined(DecodeFailure)
  case outOfTime(DecodeFailure)
  case notRead(ReadFailure)

  var outcome: ImageOutcome {
    switch self {
    case .skipped(let reason): .skipped(reason: reason)
    case .quarantined(let failure): .quarantined(failure)
    case .outOfTime(let failure): .outOfTime(failure)
    case .notRead(let failure): .notRead(failure)
    }
  }

  /// The same as an error for callers that want an image and nothing else.
  func failure(_ path: ArchivePath) -> any Error {
    switch self {
    case .skipped:
      DecodeFailure(path: path, stage: .identify, decoder: .none, reason: .notAnImage)
    case .quarantined(let failure), .outOfTime(let failure): failure
    case .notRead(let failure): failure
    }
  }
}
