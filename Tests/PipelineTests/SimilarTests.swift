import Catalog
import Foundation
import Pipeline
import Storage
import TestArchives
import TestImages
import Testing

@Suite struct SimilarTests {
  private func name(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test(arguments: ["pdq", "pca", "hog", "mse", "orb"])
  func `an image is most similar to its copy, whatever is compared`(measure: String) throws {
    let runs = try TestRuns(of: .whole, [.measure: [measure], .threshold: ["0.9"]])
    try runs.run("run", until: .batches)
    let copied = name(PictureArchive.whole.files[0].name)
    let query = SimilarityQuery(count: 3, radius: nil, significance: nil)
    let found = try runs.read("run") { try $0.similar(to: [copied], query) }
    #expect(found.count == 1 && (1...3).contains(found[0].neighbors.count))
    let first = try #require(found[0].neighbors.first)
    #expect(first.similarity == 1 && first.distance == 0)
    #expect(found[0].neighbors.prefix(2).contains { $0.path == ArchivePath("copies/again.png") })
    #expect(!found[0].neighbors.contains { $0.path == ArchivePath(copied) })
    #expect(found[0].neighbors.allSatisfy { (0...1).contains($0.pValue) })
    let similarities = found[0].neighbors.map(\.similarity)
    #expect(similarities == similarities.sorted(by: >))
  }

  @Test func `a file that is not in the archive is looked for too`() throws {
    let runs = try TestRuns(of: .whole, ClusterTests.clusters.filter { $0.key != .result })
    try runs.run("run", until: .batches)
    try FileTree(runs.folder.path).write(PictureArchive.whole.files[3].bytes, to: "new.png")
    let found = try runs.read("run") {
      try $0.similar(
        to: [runs.folder("new.png")], .init(count: nil, radius: 0, significance: nil))
    }
    #expect(
      found[0].neighbors.map(\.path) == [ArchivePath(bytes: PictureArchive.whole.files[3].name)])
    #expect(throws: Session.UnknownImage.self) {
      try runs.read("run") {
        try $0.similar(to: ["no such.png"], .init(count: 1, radius: nil, significance: nil))
      }
    }
    try FileTree(runs.folder.path).write(Array("text".utf8), to: "letter.png")
    #expect(throws: Session.QueryFailure.self) {
      try runs.read("run") {
        try $0.similar(
          to: [runs.folder("letter.png")], .init(count: 1, radius: nil, significance: nil))
      }
    }
  }

  @Test(arguments: [KeepRule.first, .medoid, .largest, .sharpest])
  func `one image of each cluster is kept, and every outlier`(rule: KeepRule) throws {
    let byRepresentatives = [SettingKey.merge: ["representatives"], .batchSize: ["16"]]
    for settings in [[:], byRepresentatives, ClusterTests.clusters] {
      let runs = try TestRuns(of: .plain, settings)
      try runs.run("run")
      let table = ResultTable(try #require(try runs.result("run")["clusters.csv"]))
      let (kept, outliers) = try runs.read("run") { try $0.unique(rule) }
      let clusters = zip(table.texts("cluster"), table.values("path")).filter { !$0.0.isEmpty }
      let numberOfPath = Dictionary(uniqueKeysWithValues: clusters.map { ($0.1, $0.0) })
      #expect(kept.compactMap { numberOfPath[$0.bytes] } == (1...kept.count).map { "\($0)" })
      #expect(Set(numberOfPath.values).count == kept.count)
      #expect(outliers.count + clusters.count == 40)
      if rule == .first {
        let firsts = Dictionary(clusters.map { ($0.0, $0.1) }) { first, _ in first }
        #expect(Set(kept.map(\.bytes)) == Set(firsts.values))
      }
    }
  }

  @Test func `the sharpest of a cluster is not the blurred one`() throws {
    let none = PictureArchive(seed: 1, familyCount: 0, withOddFiles: false)
    let runs = try TestRuns(of: none, [.measure: ["ahash"], .threshold: ["0.7"]])
    func picture(_ contrast: Int) -> [UInt8] {
      PNGFile(width: 64, height: 64, colorType: 0) { x, y, _ in
        128 + (x < 32 ? contrast : -contrast) + ((x + y) % 2) * contrast / 2
      }.bytes
    }
    for (file, contrast) in [("a.png", 10), ("b.png", 60), ("c.png", 20)] {
      try runs.archiveTree.write(picture(contrast), to: file)
    }
    try runs.run("run")
    let unique = try runs.read("run") { try $0.unique(.sharpest) }
    #expect(unique.kept == [ArchivePath("b.png")] && unique.outliers == [])
  }

  @Test(arguments: EmbeddingMethod.allCases)
  func `a layout stays, and new images are placed into it`(method: EmbeddingMethod) throws {
    let runs = try TestRuns(of: .plain, ClusterTests.clusters)
    try runs.run("run")
    let first = try runs.embed("run", method)
    #expect(first.imageCount == 40 && first.placedCount == 0)
    let points = try points(first.folder)
    #expect(FileManager.default.fileExists(atPath: first.folder + "/scatter.svg"))
    for file in PictureArchive(seed: 8, familyCount: 1, withOddFiles: false).files {
      try runs.archiveTree.write(file.bytes, to: Array("new/".utf8) + file.name)
    }
    try runs.run("run")
    let second = try runs.embed("run", method)
    #expect(second.imageCount == 45 && second.placedCount == 5)
    let now = try self.points(second.folder)
    #expect(now.count == 45)
    #expect(points.allSatisfy { now[$0.key] == $0.value })
  }

  /// The points of a layout by image.
  private func points(_ folder: String) throws -> [UInt32: [Float]] {
    let images = try NumpyFile(path: folder + "/images.npy", type: .uint32)
    let points = try NumpyFile(path: folder + "/points.npy", type: .float32)
    let values = unsafe Array(points.bytes.bindMemory(to: Float.self))
    let numbers = unsafe Array(images.bytes.bindMemory(to: UInt32.self))
    return Dictionary(
      uniqueKeysWithValues: numbers.enumerated().map {
        ($0.element, Array(values[2 * $0.offset...2 * $0.offset + 1]))
      })
  }

  @Test func `the tree of the links cut at a height has the clusters of the threshold`() throws {
    let runs = try TestRuns()
    let outcome = try runs.run("run")
    let tree = try runs.read("run") {
      try $0.dendrogram(nil, cut: .height((1 - 0.85).nextUp))
    }
    let summary = try #require(outcome.result?.summary)
    #expect(tree.cut?.clusterSizes.count == summary.clusterCount)
    #expect(tree.cut?.clusterSizes.reduce(0, +) == summary.outcomes.clustered)
    #expect(tree.imageCount == 60)
    #expect(String(decoding: tree.svg, as: UTF8.self).hasPrefix("<svg "))
  }

  @Test func `the tree of vectors is cut into as many parts as asked for`() throws {
    let runs = try TestRuns(of: .plain, ClusterTests.clusters)
    try runs.run("run", until: .batches)
    for count in [2, 7, 39] {
      let tree = try runs.read("run") { try $0.dendrogram(.ward, cut: .count(count)) }
      let sizes = tree.cut?.clusterSizes ?? []
      // Clusters of one are not told.
      #expect(sizes.count + 40 - sizes.reduce(0, +) == count)
    }
    #expect(throws: SettingFailure.self) {
      try runs.read("run") { try $0.dendrogram(.ward, cut: .count(41)) }
    }
    #expect(throws: SettingFailure.self) {
      try runs.read("run") { try $0.dendrogram(.kMeans, cut: .suggested) }
    }
  }
}
