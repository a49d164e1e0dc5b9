import Catalog

/// What became of an image.
///
/// The raw values are stored.
public enum OutcomeCode: UInt8, Hashable, Sendable, CaseIterable {
  /// Not yet looked at.
  case waiting = 0
  /// Decoded; its features are stored.
  case done = 1
  /// Its bytes cannot be decoded.
  case quarantined = 2
  /// Its bytes could not be had: a matter of storage or time, tried again by `resume`.
  case notRead = 3
  /// Not an image by its bytes.
  case skipped = 4

  /// The outcome as a person says it.
  public var words: String {
    switch self {
    case .waiting: "waiting"
    case .done: "done"
    case .quarantined: "quarantined"
    case .notRead: "not read"
    case .skipped: "skipped"
    }
  }
}

/// One image of the catalog.
public struct CatalogImage: Hashable, Sendable {
  /// The number.
  public let id: ImageID
  /// The batch it was assigned to.
  public let batch: BatchID
  /// The first of its names.
  public let path: ArchivePath
  /// Length of the file in bytes, at the scan.
  public let sizeBytes: Int64
  /// Time of the last modification, at the scan.
  public let modifiedNanoseconds: Int64
  /// Whether a scan no longer found it.
  public let isGone: Bool
  /// What became of it.
  public let outcome: OutcomeCode
  /// The hash of its bytes, once read.
  public let content: ContentHash?
  /// Columns as shown, 0 until decoded.
  public let width: Int
  /// Rows as shown, 0 until decoded.
  public let height: Int
}

/// What reading an image gave, as the catalog records it.
public struct ImageResult: Sendable {
  /// The number.
  public let id: ImageID
  /// What became of it.
  public let outcome: OutcomeCode
  /// The hash of its bytes, if they were read.
  public let content: ContentHash?
  /// Columns as shown, 0 if not decoded.
  public let width: Int
  /// Rows as shown, 0 if not decoded.
  public let height: Int
  /// Why it was left out, if it was.
  public let failure: ImageFailure?

  /// Makes the result for one image.
  public init(
    id: ImageID, outcome: OutcomeCode, content: ContentHash?, width: Int, height: Int,
    failure: ImageFailure?
  ) {
    self.id = id
    self.outcome = outcome
    self.content = content
    self.width = width
    self.height = height
    self.failure = failure
  }
}

/// Why an image was left out.
public struct ImageFailure: Hashable, Sendable {
  /// Where it failed: "read", "length", "identify", "format", "header", "decode", ...
  public let stage: String
  /// The library that failed, without its version; empty where none was at work.
  public let decoder: String
  /// One line for a person.
  public let message: String

  /// Makes a failure.
  public init(stage: String, decoder: String, message: String) {
    self.stage = stage
    self.decoder = decoder
    self.message = message
  }
}

/// What made the features of a measure in one batch.
public struct FeatureOrigin: Hashable, Sendable {
  /// The version of the method.
  public let version: Int
  /// The libraries that decoded the images, each with its version, in order.
  public let decoders: [String]

  /// Makes an origin of its parts.
  public init(version: Int, decoders: Set<String>) {
    self.version = version
    self.decoders = decoders.sorted()
  }
}

/// A measure whose features and links a batch has.
public struct MeasureRecord: Hashable, Sendable {
  /// The digest of what a merge by it reads of the batch.
  public let digest: String
  /// What made its features; of no account for a merge.
  public let origin: FeatureOrigin

  /// Makes a record of its parts.
  public init(digest: String, origin: FeatureOrigin) {
    self.digest = digest
    self.origin = origin
  }
}

/// One batch of the catalog.
public struct BatchRecord: Hashable, Sendable {
  /// The number.
  public let id: BatchID
  /// Its first image; the others follow without a gap.
  public let firstImage: ImageID
  /// How many images were assigned to it.
  public let imageCount: Int
  /// The generation of its folder; 0 when it is not done.
  public let generation: Int
  /// The digest of that folder.
  public let digest: String?
  /// How often it was begun and not finished.
  public let begunCount: Int
  /// Whether an image of it is gone since its links were made.
  public let isStale: Bool
  /// The measures whose features and links it has, by name.
  public let measures: [String: MeasureRecord]

  /// The numbers of its images.
  public var images: Range<UInt32> {
    firstImage.rawValue..<(firstImage.rawValue + UInt32(imageCount))
  }
}

/// How many living images there are of each outcome.
public struct OutcomeCounts: Hashable, Sendable {
  private var counts: [OutcomeCode: Int]

  init(_ counts: [OutcomeCode: Int]) { self.counts = counts }

  /// The number of images with an outcome.
  public subscript(outcome: OutcomeCode) -> Int { counts[outcome] ?? 0 }
  /// The number of all living images.
  public var total: Int { counts.values.reduce(0, +) }
}
