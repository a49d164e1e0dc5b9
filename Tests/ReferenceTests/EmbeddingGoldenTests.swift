import Embedding
import Foundation
import LinearAlgebra
import TestImages
import Testing

/// Lines of `Golden/embedding.txt`.
struct GoldenEmbedding {
  /// The principal axes of a set.
  private(set) var axes: [String: [[Double]]] = [:]
  /// By set, method and number of neighbours.
  private(set) var trustworthiness: [[String]: Double] = [:]

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/embedding.txt")
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    where !line.hasPrefix("#") {
      let fields = line.split(separator: " ").map(String.init)
      if fields[0] == "axes" {
        axes[fields[1], default: []].append(try fields[2...].map { try #require(Double($0)) })
      } else {
        let value: Double = try #require(Double(fields[4]))
        trustworthiness[Array(fields[1...3])] = value
      }
    }
  }
}

@Suite struct EmbeddingGoldenTests {
  static let sets = ["digits", "blobs", "moons", "circles"]

  /// Our trustworthiness less the reference's, at each number of neighbours.
  private func advantages(
    _ embedding: PlaneEmbedding, _ set: String, _ method: String
  ) throws -> [Double] {
    let (golden, rows) = (try GoldenEmbedding(), try PointSet(set).rows)
    return try [5, 15].map { count in
      let reference = try #require(golden.trustworthiness[[set, method, String(count)]])
      return embedding.trustworthiness(of: rows, neighborCount: count) {} - reference
    }
  }

  @Test(arguments: sets)
  func `principal axes are scikit-learn's`(set: String) throws {
    let plane = try PrincipalComponents.plane(of: PointSet(set).rows) {}
    let golden = try #require(GoldenEmbedding().axes[set])
    #expect(golden.count == 2)
    for (axis, wanted) in golden.enumerated() {
      for (found, wanted) in zip(plane.axes[row: axis], wanted) {
        #expect(abs(found - wanted) < 1e-8)
      }
    }
  }

  // Ties: of the digits' distances many are equal, and scikit-learn takes those in no order of their own.
  @Test(arguments: sets)
  func `trustworthiness is scikit-learn's`(set: String) throws {
    let rows = try PointSet(set).rows
    var numbers = SplitMix(seed: UInt64(rows.count))
    let random = PlaneEmbedding((0..<2 * rows.count).map { _ in Float(numbers.next() >> 40) })
    for advantage in try advantages(random, set, "random") { #expect(abs(advantage) < 1e-5) }
    let plane = try PrincipalComponents.plane(of: rows) {}
    let projected = PlaneEmbedding(of: rows, in: plane)
    for advantage in try advantages(projected, set, "pca") { #expect(abs(advantage) < 1e-5) }
  }

  @Test(arguments: sets)
  func `t-SNE is as trustworthy as scikit-learn's`(set: String) throws {
    let embedding = try TSNE().embedding(of: PointSet(set).rows) {}
    for advantage in try advantages(embedding, set, "tsne") { #expect(advantage >= -0.01) }
  }

  @Test(arguments: sets)
  func `UMAP is as trustworthy as umap-learn's`(set: String) throws {
    let embedding = try UMAP().embedding(of: PointSet(set).rows) {}
    for advantage in try advantages(embedding, set, "umap") { #expect(advantage >= -0.01) }
  }
}
