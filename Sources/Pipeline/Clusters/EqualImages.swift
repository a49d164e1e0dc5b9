/// Images with the bytes of an earlier one: they are in its cluster, and count once where vectors are
/// clustered.
///
/// Memory: a few dozen bytes for each of them.
struct EqualImages {
  /// The first image of the same content, of each image that is not that itself, ascending.
  let firstOfImage: [(image: UInt32, first: UInt32)]

  /// - Parameter measure: vectors of the user's are of paths, and may differ where files are equal.
  init(_ measure: Measure, context: RunContext) throws {
    firstOfImage = measure == .given ? [] : try context.database.equalImages()
  }
}
