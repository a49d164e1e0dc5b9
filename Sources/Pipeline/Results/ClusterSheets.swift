import Clustering
import Features
import Imaging
import LinearAlgebra

/// A contact sheet of each of the largest clusters, and a sheet of the mean image of each.
///
/// Made of stored pixels: no image is opened. Pictures are squares, as the pixels are.
///
/// Memory: at most 48 rasters of each of 100 clusters.
struct ClusterSheets {
  /// `sheets/means.jpg`, the largest cluster first, and `sheets/00001.jpg` and so on; nothing where the run has
  /// no pixels.
  private(set) var files: [(name: String, bytes: [UInt8])] = []

  private static let clusterCount = 100
  private static let memberCount = 48

  init(
    _ plan: MergePlan, _ partition: Partition, isLiving: [Bool], context: RunContext
  ) throws {
    let methods = [VectorMethod.colorPixels, .pixels]
    guard
      let method = methods.first(where: { method in
        plan.batches.allSatisfy { $0.has(.vector(method)) }
      }), partition.clusterCount > 0
    else { return }
    let count = min(Self.clusterCount, partition.clusterCount)
    let cluster = partition.clusterOfImage(imageCount: isLiving.count)
    var means = [RasterMean](repeating: RasterMean(method.raster), count: count)
    var members = [[Raster]](repeating: [], count: count)
    for batch in plan.batches {
      let column = try StoredBatch(batch, measure: .vector(method), context: context)
        .arrays.columns[.vector(method)]
      for image in batch.images where isLiving[Int(image)] && cluster[Int(image)] < count {
        if context.stop.shouldStop { throw Interrupted() }
        let index = Int(cluster[Int(image)])
        guard means[index].count < RasterMean.countLimit,
          let pixels = try column?.feature(ofRow: Int(image - batch.images.lowerBound))
        else { continue }
        let raster = Raster(specification: method.raster, pixels: Array(pixels))
        means[index].add(raster)
        if members[index].count < Self.memberCount { members[index].append(raster) }
      }
    }
    let shown = means.compactMap(\.raster)
    guard !shown.isEmpty else { return }
    files.append(("sheets/means.jpg", ContactSheet().raster(of: shown).jpegFile()))
    for (index, rasters) in members.enumerated() where !rasters.isEmpty {
      files.append(
        (
          "sheets/\((index + 1).zeroPadded(5)).jpg",
          ContactSheet().raster(of: rasters).jpegFile()
        ))
    }
  }
}
