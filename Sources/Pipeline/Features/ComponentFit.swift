import LinearAlgebra
import Storage

/// Fits principal components to the stored features of a run, in a pass of its own, and keeps the fit
/// in `RUN/fits`, so that images that come later are put along the same axes.
struct ComponentFit {
  let context: RunContext

  private func folder(_ measure: Measure) -> SealedFolder {
    SealedFolder(path: "\(context.directory.fitsFolder)/\(measure.name)", context: context)
  }

  private static let files = ["means.npy", "axes.npy", "variances.npy"]

  /// The fit of a measure as it is kept, nil where there is none.
  ///
  /// - Throws: `DamagedFile` when it is not what was written.
  func stored(_ measure: Measure) throws -> (fit: PrincipalComponents, identity: String)? {
    let folder = folder(measure)
    guard try folder.isThere else { return nil }
    let digest = try folder.checkedDigest()
    let paths = Self.files.map { "\(folder.path)/\($0)" }
    return try readRecorded {
      let (means, axes, variances) = (
        try matrix(paths[0]), try matrix(paths[1]), try matrix(paths[2])
      )
      return (
        PrincipalComponents(means: means.values, axes: axes, variances: variances.values),
        Self.identity(digest)
      )
    }
  }

  /// What names a fit as the maker of features.
  private static func identity(_ digest: String) -> String { "components \(digest)" }

  private func matrix(_ path: String) throws -> Matrix {
    let file = try NumpyFile(path: path, type: .float64)
    return unsafe Matrix(
      rowCount: file.shape.rows, columnCount: file.shape.columns,
      values: Array(file.bytes.bindMemory(to: Double.self)))
  }

  /// Fits the components to every image that is done, and keeps them; nil, and nothing kept, where no two
  /// images differ.
  ///
  /// Bits depend on the features alone, taken in order of the image numbers: not on batches, workers or
  /// memory.
  ///
  /// - Throws: `Interrupted` when a stop was asked for; nothing is kept then. `SettingFailure` when
  ///   the sums do not fit the memory.
  func fit(
    _ measure: Measure, stage: Int, of stageCount: Int
  ) throws -> (fit: PrincipalComponents, identity: String)? {
    guard let basis = measure.basis else { preconditionFailure("'\(measure.name)' has no basis") }
    let images = try context.database.livingImages(.done)
    context.progress.begin(
      stage, of: stageCount, "Fitting", unit: "images", total: images.count)
    let fit = try { () throws in
      defer { context.progress.end() }
      return try self.fit(basis, images: images)
    }()
    guard let fit, fit.variances.contains(where: { $0 > 0 }) else { return nil }
    let folder = folder(measure)
    try folder.make { path in
      for (name, matrix) in zip(
        Self.files,
        [
          Matrix(rowCount: fit.means.count, columnCount: 1, values: fit.means), fit.axes,
          Matrix(rowCount: fit.variances.count, columnCount: 1, values: fit.variances),
        ])
      {
        try context.files.writeNumpy(
          matrix.values, type: .float64, rows: matrix.rowCount,
          columns: matrix.columnCount == 1 && name != Self.files[1] ? nil : matrix.columnCount,
          to: "\(path)/\(name)")
      }
    }
    context.log.info(
      "\(measure.name): \(fit.axes.rowCount) components of \(images.count) images explain \(fit.explainedPart)"
    )
    return (fit, Self.identity(try folder.digest()))
  }

  private func fit(_ basis: Measure, images: [UInt32]) throws -> PrincipalComponents? {
    var sum: CovarianceSum?
    var few: Rows?
    try forEachBlock(basis, images) { block in
      if images.count <= CovarianceSum.blockRowCount {
        few = block
      } else {
        let sums = try sum ?? empty(basis, dimension: block.dimension)
        sum = sums
        let rows = sums.begin(block)
        try context.pool.forEach(Array(0..<sums.tileCount)) { sums.add(rows, toTile: $0) }
      }
      context.progress.advance(block.count)
    }
    if let few { return try PrincipalComponents(few: few, count: context.settings.components) }
    return try sum.map { try PrincipalComponents($0, count: context.settings.components) }
  }

  /// Calls `body` with the vectors of all images that have one, in order of the numbers, a block at a time.
  private func forEachBlock(
    _ basis: Measure, _ images: [UInt32], _ body: (Rows) throws -> Void
  ) throws {
    var values: [Float] = []
    var count = 0
    func giveBlock() throws {
      try body(Rows(count: count, dimension: values.count / count, values: values))
      values.removeAll(keepingCapacity: true)
      count = 0
    }
    var living = images[...]
    for batch in try context.database.batches() {
      let column = try StoredBatch(batch, measure: basis, context: context).arrays.columns[basis]
      while let image = living.first, batch.images.contains(image) {
        living.removeFirst()
        let row = Int(image - batch.images.lowerBound)
        guard let column, column.hasDetail[row] == 1 else { continue }
        values += basis.vector(try column.feature(ofRow: row)).values
        count += 1
        if count == CovarianceSum.blockRowCount { try giveBlock() }
      }
    }
    if count > 0 { try giveBlock() }
  }

  private func empty(_ basis: Measure, dimension: Int) throws -> CovarianceSum {
    let needed = CovarianceSum.memoryBytes(
      dimension: dimension, workerCount: context.settings.workerCount)
    guard needed <= context.settings.memoryLimitBytes else {
      throw SettingFailure(
        "'\(basis.name)': the covariance of \(dimension) values takes \(needed >> 20) MiB, and "
          + "'--memory' allows \(context.settings.memoryLimitBytes >> 20) MiB; give more memory, or "
          + "take 'pca-color' or 'pca-hog', which have fewer")
    }
    return CovarianceSum(dimension: dimension, center: basis.layout.isOfBytes ? 128 : 0)
  }
}

extension FeatureLayout {
  /// Whether each value is a byte.
  fileprivate var isOfBytes: Bool { if case .bytes = self { true } else { false } }
}
