import Pipeline
import TestArchives
import Testing

@Suite struct IndifferenceTests {
  @Test(arguments: ["exhaustive", "representatives"])
  func `neither workers nor memory change a byte of what is published`(merge: String) throws {
    let runs = try TestRuns(of: .whole, [.merge: [merge], .publish: ["folders"]])
    try runs.run("reference", [.workers: ["1"]])
    let expected = try runs.result("reference")
    #expect(expected["report.html"] != nil)
    for (workers, memory) in [("2", "256MiB"), ("8", "1GiB"), ("8", "64GiB")] {
      let name = "run-\(workers)-\(memory)"
      try runs.run(name, [.workers: [workers], .memory: [memory]])
      #expect(try runs.result(name).differences(from: expected) == [], "\(name)")
    }
  }

  // The features of all but the first are too wide to be kept in memory.
  @Test(
    arguments: [
      "pdq", "phash-64", "mse", "tm", "ssim", "cwssim", "pdq-turned", "minhash", "brushstrokes",
      "crophash", "sift",
    ])
  func `an exhaustive merge gives the same bytes for any batch size`(measure: String) throws {
    let runs = try TestRuns(
      of: .whole, [.merge: ["exhaustive"], .publish: ["pages"], .measure: [measure]])
    try runs.run("reference")
    let expected = try runs.result("reference")
    for size in ["3", "10", "1000"] {
      try runs.run("run-\(size)", [.batchSize: [size]])
      #expect(try runs.result("run-\(size)").differences(from: expected) == [], "size \(size)")
    }
  }

  @Test(arguments: ["exhaustive", "representatives"], ["single", "complete", "average"])
  func `no history of merges shows in a result`(merge: String, linkage: String) throws {
    let fixed: [SettingKey: [String]] = [
      .merge: [merge], .linkage: [linkage], .batchThreshold: ["0.8"],
    ]
    let runs = try TestRuns(of: .whole, fixed)
    try runs.run("moved", [.threshold: ["0.8"]])
    for threshold in ["0.95", "0.7", "0.85"] {
      try runs.merge("moved", [.threshold: [threshold]])
      try runs.run("direct-\(threshold)", [.threshold: [threshold]])
      #expect(
        try runs.result("moved").differences(from: runs.result("direct-\(threshold)")) == [],
        "\(threshold)")
    }
  }

  @Test func `what a merge leaves behind does not change the next one`() throws {
    let runs = try TestRuns(of: .whole, [.merge: ["representatives"]])
    try runs.run("run")
    let expected = try runs.result("run")
    try runs.merge("run", [.merge: ["exhaustive"], .linkage: ["average"], .threshold: ["0.9"]])
    try runs.merge("run", [.merge: ["representatives"], .representative: ["medoid"]])
    try runs.merge(
      "run",
      [
        .merge: ["representatives"], .representative: ["first"], .linkage: ["single"],
        .threshold: ["0.85"],
      ])
    #expect(try runs.result("run").differences(from: expected) == [])
  }

  // Distances of a short hash are often equal: there the order of ties decides.
  @Test(arguments: ["single", "complete", "average"])
  func `an exhaustive merge gives the same clusters of paths for any history of scans`(
    linkage: String
  ) throws {
    let settings: [SettingKey: [String]] = [
      .merge: ["exhaustive"], .linkage: [linkage], .measure: ["ahash"], .threshold: ["0.7"],
    ]
    let whole = try TestRuns(of: .whole, settings)
    try whole.run("run")
    let grown = try TestRuns(
      of: PictureArchive(seed: 9, familyCount: 0, withOddFiles: false), settings)
    let files = PictureArchive.whole.files.sorted { $1.name.lexicographicallyPrecedes($0.name) }
    for part in [files[..<20], files[20..<21], files[21...]] {
      for file in part { try grown.archiveTree.write(file.bytes, to: file.name) }
      try grown.run("run")
    }
    let expected = try whole.result("run")
    let result = try grown.result("run")
    #expect(PathPartition(result) == PathPartition(expected))
    let listed = [result, expected].map { result in
      let table = ResultTable(result["clusters.csv"] ?? [])
      return Set(zip(table.texts("cluster"), table.texts("path")).map { "\($0) \($1)" })
    }
    #expect(listed[0] == listed[1], "clusters are numbered by size, then first path")
  }

  @Test func `files that went and names that changed leave what was never there`() throws {
    let runs = try TestRuns(of: .plain, [.merge: ["exhaustive"]])
    let tree = runs.archiveTree
    let other = PictureArchive(seed: 77, familyCount: 3, withOddFiles: false)
    for (index, file) in other.files.enumerated() {
      try tree.write(file.bytes, to: "other-\(index).png")
    }
    let name = String(decoding: PictureArchive.plain.files[3].name, as: UTF8.self)
    try tree.move(name, to: "moved.png")
    try runs.run("run")
    for index in other.files.indices { try tree.remove("other-\(index).png") }
    try tree.move("moved.png", to: name)
    let outcome = try runs.run("run")
    #expect(outcome.scan?.goneCount == other.files.count && outcome.scan?.renamedCount == 1)
    try runs.run("fresh")
    #expect(
      PathPartition(try runs.result("run")) == PathPartition(try runs.result("fresh")))
  }

  @Test func `one batch gives the same clusters by representatives as exhaustively`() throws {
    let runs = try TestRuns(of: .whole, [.batchSize: ["63"], .linkage: ["complete"]])
    try runs.run("exhaustive", [.merge: ["exhaustive"]])
    try runs.run("representatives", [.merge: ["representatives"]])
    for file in ["clusters.csv", "clusters.jsonl", "left-out.csv"] {
      #expect(
        try runs.result("exhaustive")[file] == runs.result("representatives")[file], "\(file)")
    }
  }
}
