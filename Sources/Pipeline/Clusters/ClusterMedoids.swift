import Clustering
import LinearAlgebra
import Storage

/// The member of each cluster that is nearest to the mean of its vectors, ties to the lower number; the
/// first where a cluster has none.
///
/// Memory: 8 bytes a cluster and component.
struct ClusterMedoids {
  /// One a cluster.
  private(set) var images: [UInt32]

  init(_ plan: MergePlan, _ partition: Partition, context: RunContext) throws {
    images = (0..<partition.clusterCount).map { partition.cluster($0).first ?? 0 }
    let cluster = partition.clusterOfImage(imageCount: try context.database.imageNumberLimit())
    let isLiving = plan.livingFlags(count: cluster.count)
    var sums: [Double] = []
    var counts = [Int](repeating: 0, count: partition.clusterCount)
    func forEach(_ body: (BatchVectors) -> Void) throws {
      for batch in plan.batches {
        let read = try BatchVectors(
          batch, plan.measure, isLiving: { isLiving[Int($0)] }, context: context)
        if read.rows.count > 0 { body(read) }
      }
    }
    try forEach { read in
      let dimension = read.rows.dimension
      if sums.isEmpty { sums = Array(repeating: 0, count: dimension * counts.count) }
      for (row, image) in read.images.enumerated() where cluster[Int(image)] != .max {
        let index = Int(cluster[Int(image)])
        counts[index] += 1
        for (column, value) in read.rows[row].enumerated() {
          sums[index * dimension + column] += Double(value)
        }
      }
    }
    guard !sums.isEmpty else { return }
    let dimension = sums.count / counts.count
    let means = Rows(
      count: counts.count, dimension: dimension,
      values: sums.indices.map { Float(sums[$0] / Double(max(1, counts[$0 / dimension]))) })
    var best = [Double](repeating: .infinity, count: counts.count)
    try forEach { read in
      for (row, image) in read.images.enumerated() where cluster[Int(image)] != .max {
        let index = Int(cluster[Int(image)])
        let distance = read.rows.squaredDistance(row, means, index)
        if distance < best[index] { (best[index], images[index]) = (distance, image) }
      }
    }
  }
}
