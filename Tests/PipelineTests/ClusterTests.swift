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
        .clusterMerge: [merge], .batchSize: ["15"], .clusters: ["4"],
        .method: ["kmeans", "ward"], .publish: ["pages"],
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

  @Test(arguments: ["exhaustive", "representatives"])
  func `images of the same bytes are in one cluster, and count once in the search`(
    merge: String
  ) throws {
    let runs = try TestRuns(
      of: .plain,
      Self.clusters.merging([
        .clusterMerge: [merge], .batchSize: ["25"], .clusters: ["4"],
        .method: ["kmeans", "ward"],
      ]) { $1 })
    try runs.run("run")
    let alone = try #require(try runs.result("run")["models.csv"])
    for (index, file) in PictureArchive.plain.files.enumerated() {
      // Copies after all others, so that the numbers of these stay as they are.
      try runs.archiveTree.write(file.bytes, to: Array("zz/\(index % 3)/".utf8) + file.name)
    }
    try runs.run("run")
    let result = try runs.result("run")
    if merge == "exhaustive" { #expect(result["models.csv"] == alone) }
    let table = ResultTable(try #require(result["clusters.csv"]))
    #expect(table.rows.count == 80)
    var clusters: [[UInt8]: Set<String>] = [:]
    for (path, cluster) in zip(table.values("path"), table.texts("cluster")) {
      let name = path.starts(with: Array("zz/".utf8)) ? Array(path.dropFirst(5)) : path
      clusters[name, default: []].insert(cluster)
    }
    #expect(
      clusters.count == 40 && clusters.values.allSatisfy { $0.count == 1 && !$0.contains("") })
  }

  @Test func `copies of one image are one cluster`() throws {
    let runs = try TestRuns(of: .plain, Self.clusters)
    try DurableFiles().removeTree(runs.archive)
    try FileTree(runs.folder.path).makeFolder("archive")
    for index in 0..<12 {
      try runs.archiveTree.write(
        PictureArchive.plain.files[0].bytes, to: Array("\(index).png".utf8))
    }
    let summary = try #require(try runs.run("run").result?.summary)
    #expect(summary.clusterCount == 1 && summary.outcomes.outliers == 0)
  }

  @Test(
    arguments: [
      (
        [.method: ["ward", "hdbscan"], .clusters: ["12"]],
        "'hdbscan' cannot be told how many clusters"
      ),
      ([.method: ["kmeans"], .choose: ["derivative"]], "says nothing of 'kmeans'"),
      ([.method: ["ward", "dbscan"], .choose: ["elbow"]], "says nothing of 'dbscan'"),
      ([.method: ["affinity"], .choose: ["gap"]], "says nothing of 'affinity'"),
      ([.method: ["ward"], .choose: ["elbow"], .clusters: ["12"]], "needs 3 counts of clusters"),
      ([.method: ["ward"], .choose: ["gap"], .clusters: ["7"]], "needs 2 counts of clusters"),
    ] as [([SettingKey: [String]], String)])
  func `a choice that cannot be made is refused before anything is made`(
    settings: [SettingKey: [String]], message: String
  ) throws {
    let runs = try TestRuns(of: .plain, Self.clusters)
    let failure = #expect(throws: SettingFailure.self) { try runs.run("run", settings) }
    #expect(failure?.description.contains(message) == true, "\(failure?.description ?? "")")
    #expect(!FileManager.default.fileExists(atPath: runs.path("run")))
  }

  @Test func `clustering that is killed is gone on with`() throws {
    let runs = try TestRuns(of: .plain, [.measure: ["pca"], .threshold: ["0.9"], .floor: ["0.8"]])
    try runs.run("run")
    let settings = Self.clusters.filter { $0.key != .threshold && $0.key != .floor }
    for count in [4, 8, 12] {
      #expect(throws: FailingStorage.InjectedFault.self) {
        try runs.merge(
          "run", settings, files: FailingStorage(afterOperations: count).files, keepsSettings: false
        )
      }
    }
    try runs.resume("run")
    try runs.run("expected", settings)
    #expect(try runs.result("run").differences(from: runs.result("expected")) == [])
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
      #expect(summary.method.model == "ward")
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
