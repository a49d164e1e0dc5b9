import Catalog
import Foundation
import Pipeline
import Report
import Storage
import TestArchives
import Testing

@Suite struct ClusterTests {
  /// Clusters of principal components, of counts that the batches of a few images have.
  static let clusters: [SettingKey: [String]] = [
    .measure: ["pca"], .threshold: ["0.9"], .floor: ["0.8"], .result: ["clusters"],
    .method: ["kmeans", "ward", "hdbscan"], .clusters: ["2...8"], .minimumClusterSize: ["2", "3"],
  ]

  @Test(arguments: ["exhaustive", "representatives"])
  func `neither workers nor memory change a byte of clusters of vectors`(merge: String) throws {
    let runs = try TestRuns(of: .whole, Self.clusters)
    let settings: [SettingKey: [String]] = [.clusterMerge: [merge], .publish: ["folders"]]
    try runs.run("reference", settings.merging([.workers: ["1"]]) { $1 })
    let expected = try runs.result("reference")
    for name in ["report.html", "models.csv", "plots/scores.svg", "sheets/means.jpg"] {
      #expect(expected[name] != nil, "\(name)")
    }
    for (workers, memory) in [("2", "300MiB"), ("8", "1GiB")] {
      let name = "run-\(workers)"
      try runs.run(
        name, settings.merging([.workers: [workers], .memory: [memory]]) { $1 })
      #expect(try runs.result(name).differences(from: expected) == [], "\(name)")
    }
  }

  @Test(arguments: ["pca", "pca-color", "pca-hog", "hog", "pixels"])
  func `all vectors at once give the same bytes for any batch size`(measure: String) throws {
    let runs = try TestRuns(
      of: .whole,
      Self.clusters.merging([.clusterMerge: ["exhaustive"], .measure: [measure]]) { $1 })
    try runs.run("reference")
    let expected = try runs.result("reference")
    for size in ["3", "1000"] {
      try runs.run("run-\(size)", [.batchSize: [size]])
      #expect(try runs.result("run-\(size)").differences(from: expected) == [], "size \(size)")
    }
  }

  @Test func `vectors are linked at a threshold like any feature, for any batch size`() throws {
    for metric in ["cosine", "euclidean:2000"] {
      let runs = try TestRuns(
        of: .whole,
        [
          .measure: ["pca"], .metric: [metric], .threshold: ["0.8"], .floor: ["0.5"],
          .merge: ["exhaustive"],
        ])
      try runs.run("reference")
      let expected = try runs.result("reference")
      #expect(ResultTable(try #require(expected["clusters.csv"])).texts("cluster").contains("1"))
      try runs.run("run", [.batchSize: ["1000"]])
      #expect(try runs.result("run").differences(from: expected) == [], "\(metric)")
    }
  }

  @Test func `clustering that stops after any third change resumes to the same result`() throws {
    let runs = try TestRuns(
      of: .little, Self.clusters.merging([.workers: ["1"], .clusters: ["2...3"]]) { $1 })
    try runs.run("expected")
    let expected = try runs.result("expected")
    for count in stride(from: 0, through: 1000, by: 3) {
      let name = "run-\(count)"
      do {
        try runs.run(name, files: FailingStorage(afterOperations: count).files)
        #expect(count > 60, "fewer changes than a run must make")
        return
      } catch is FailingStorage.InjectedFault {
        do { try runs.resume(name) } catch is Session.NoRun { try runs.run(name) }
        #expect(
          try runs.result(name).differences(from: expected) == [], "after \(count) changes")
      }
      try DurableFiles().removeTree(runs.path(name))
    }
    Issue.record("a run of two batches made more than 1000 changes")
  }

  @Test(arguments: ["exhaustive", "representatives"], ["kmeans", "hdbscan", "affinity", "dbscan"])
  func `every image is in a cluster or an outlier`(merge: String, method: String) throws {
    let runs = try TestRuns(of: .whole, Self.clusters)
    try runs.run("run", [.clusterMerge: [merge], .method: [method]])
    let result = try runs.result("run")
    let clusters = ResultTable(try #require(result["clusters.csv"]))
    let leftOut = ResultTable(try #require(result["left-out.csv"]))
    let told = clusters.values("path") + leftOut.values("path")
    #expect(told.count == PictureArchive.whole.files.count)
    #expect(Set(told) == Set(PictureArchive.whole.files.map(\.name)))
  }

  @Test(arguments: ["exhaustive", "representatives"])
  func `plots show every image with the number that its cluster has in the tables`(
    merge: String
  ) throws {
    let runs = try TestRuns(
      of: .plain,
      Self.clusters.merging([
        .clusterMerge: [merge], .batchSize: ["15"], .clusters: ["4"], .publish: ["pages"],
      ]) { $1 })
    try runs.run("run")
    let result = try runs.result("run")
    let scatter = String(decoding: try #require(result["plots/scatter.svg"]), as: UTF8.self)
    #expect(scatter.contains("40 images"))
    let table = ResultTable(try #require(result["clusters.csv"]))
    var sizes: [String: Int] = [:]
    for (cluster, role) in zip(table.texts("cluster"), table.texts("role")) where role != "outlier"
    {
      sizes[cluster, default: 0] += 1
    }
    // The legend: the number of a cluster, and how many images it has.
    for (cluster, size) in sizes {
      #expect(
        try Regex(">\(cluster)</text>\\s*<text[^>]*>\(size)</text>").firstMatch(in: scatter) != nil,
        "cluster \(cluster) of \(size)")
    }
  }

  @Test func `exactly as many clusters as asked for are found`() throws {
    let runs = try TestRuns(of: .plain, Self.clusters.merging([.method: ["ward"]]) { $1 })
    try runs.run("run", until: .batches)
    for (count, merge) in [(3, "exhaustive"), (5, "exhaustive"), (4, "representatives")] {
      let outcome = try runs.merge(
        "run",
        [.result: ["clusters"], .clusters: ["\(count)"], .clusterMerge: [merge]])
      let summary = try #require(outcome.result?.summary)
      // A cluster of one image is an outlier.
      #expect(summary.clusterCount + summary.outcomes.outliers == count, "\(merge)")
      #expect(summary.method.model?.hasPrefix("ward, \(count) clusters") == true)
    }
  }

  @Test func `clusters and links are published in turn, and no image is opened`() throws {
    let runs = try TestRuns(of: .whole, Self.clusters.filter { $0.key != .result })
    try runs.run("run")
    let links = try runs.result("run")
    try FileTree(runs.folder.path).move("archive", to: "elsewhere")
    try runs.merge("run", [.result: ["clusters"]])
    let clusters = try runs.result("run")
    #expect(clusters["models.csv"] != nil)
    try runs.merge("run", [.result: ["links"]])
    #expect(try runs.result("run").differences(from: links) == [])
    try runs.merge("run", [.result: ["clusters"]])
    #expect(try runs.result("run").differences(from: clusters) == [])
  }

  @Test func `clusters of what has no vectors are refused before anything is made`() throws {
    let runs = try TestRuns(of: .little)
    #expect {
      try runs.run("run", [.result: ["clusters"]])
    } throws: { error in
      "\(error)".hasPrefix("clusters are made of vectors, and 'pdq' has none; ask for")
    }
    #expect(!FileManager.default.fileExists(atPath: runs.path("run")))
  }
}

extension ResultSummary.Method {
  /// The model of clusters of vectors.
  var model: String? { if case .clustering(let settings) = self { settings.model } else { nil } }
}
