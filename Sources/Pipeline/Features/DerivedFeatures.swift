import Catalog
import LinearAlgebra
import Storage

/// What makes the features that do not come from an image: principal components, vectors of the user's.
struct DerivedFeatures: Sendable {
  /// One measure's.
  private enum Source {
    case components(PrincipalComponents, of: Measure)
    case given(GivenVectors)
    /// No image differs from another, so that there is nothing to make a feature of.
    case nothing
  }

  private var sources: [Measure: Source] = [:]
  private var identities: [Measure: String] = [:]

  /// Adds a fit for the features of a measure.
  ///
  /// - Parameter identity: names the fit: features that another one made are made again.
  mutating func add(_ fit: PrincipalComponents, identity: String, for measure: Measure) {
    guard let basis = measure.basis else { preconditionFailure("'\(measure.name)' has no basis") }
    sources[measure] = .components(fit, of: basis)
    identities[measure] = identity
  }

  /// Adds the vectors that the user gives.
  mutating func add(_ vectors: GivenVectors) {
    sources[.given] = .given(vectors)
    identities[.given] = vectors.identity
  }

  /// Adds that nothing can be made for a measure, of the images that there are now.
  mutating func addNothing(for measure: Measure) {
    sources[measure] = .nothing
    identities[measure] = "components of nothing"
  }

  /// Whether the features of a measure can be made.
  func canMake(_ measure: Measure) -> Bool { sources[measure] != nil }

  /// What made the features of a measure that is derived, nil for another.
  func identity(_ measure: Measure) -> String? { identities[measure] }

  /// Whether what a batch has of a measure is as it would be made now.
  func fits(_ batch: BatchRecord, _ measure: Measure) -> Bool {
    guard batch.has(measure) else { return false }
    guard let identity = identities[measure] else { return true }
    return batch.measures[measure.name]?.origin.decoders == [identity]
  }

  /// The feature of an image of a batch.
  func feature(
    _ measure: Measure, row: Int, of image: CatalogImage, in arrays: BatchArrays
  ) throws -> Feature {
    switch sources[measure] {
    case .components(let fit, let basis):
      guard let column = arrays.columns[basis] else {
        preconditionFailure("'\(measure.name)' without '\(basis.name)'")
      }
      guard column.hasDetail[row] == 1 else { return Feature(bytes: [], hasDetail: false) }
      let vector = try basis.vector(column.feature(ofRow: row))
      return Feature(bytes: fit.project(vector).bytes, hasDetail: true)
    case .given(let vectors):
      let bytes = try vectors.bytes(of: image.path)
      return Feature(bytes: bytes ?? [], hasDetail: bytes != nil)
    case .nothing: return Feature(bytes: [], hasDetail: false)
    case nil: preconditionFailure("nothing makes '\(measure.name)'")
    }
  }
}

extension Measure {
  /// A stored feature as a row.
  func vector(_ feature: ArraySlice<UInt8>) -> Rows {
    if case .bytes(let count) = layout {
      return Rows(count: 1, dimension: count, values: feature.map(Float.init))
    }
    return Rows(bytes: Array(feature), count: 1)
  }
}
