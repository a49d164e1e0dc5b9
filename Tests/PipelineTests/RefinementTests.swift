import Pipeline
import TestArchives
import Testing

@Suite struct RefinementTests {
  private static let thresholds = ["0.7", "0.75", "0.8", "0.85", "0.9", "0.95", "1"]

  @Test(arguments: ["single", "complete", "average"])
  func `raising the threshold only splits clusters`(linkage: String) throws {
    let runs = try TestRuns(of: .whole, [.linkage: [linkage], .merge: ["exhaustive"]])
    try runs.run("run")
    var coarser: PathPartition?
    for threshold in Self.thresholds {
      try runs.merge("run", [.threshold: [threshold]])
      let partition = PathPartition(try runs.result("run"))
      if let coarser { #expect(partition.refines(coarser), "\(threshold)") }
      coarser = partition
    }
  }

  @Test func `with representatives it only splits clusters up to the batch threshold`() throws {
    let runs = try TestRuns(
      of: .whole, [.merge: ["representatives"], .batchThreshold: ["0.9"], .batchSize: ["20"]])
    try runs.run("run")
    var coarser: PathPartition?
    for threshold in Self.thresholds.prefix(5) {
      try runs.merge("run", [.threshold: [threshold]])
      let partition = PathPartition(try runs.result("run"))
      if let coarser { #expect(partition.refines(coarser), "\(threshold)") }
      coarser = partition
    }
  }

  @Test(arguments: ["complete", "average"])
  func `other linkages refine single linkage at the same threshold`(linkage: String) throws {
    let runs = try TestRuns()
    try runs.run("run")
    for threshold in Self.thresholds {
      try runs.merge("run", [.threshold: [threshold], .linkage: ["single"]])
      let single = PathPartition(try runs.result("run"))
      try runs.merge("run", [.threshold: [threshold], .linkage: [linkage]])
      #expect(PathPartition(try runs.result("run")).refines(single), "\(threshold)")
    }
  }

  @Test(arguments: ["single", "complete", "average"])
  func `a cluster's weakest link is one of its members' links, or not told`(
    linkage: String
  ) throws {
    let runs = try TestRuns(of: .whole, [.linkage: [linkage]])
    try runs.run("run")
    for threshold in Self.thresholds {
      try runs.merge("run", [.threshold: [threshold]])
      let table = ResultTable(try #require(try runs.result("run")["clusters.csv"]))
      let rows = zip(
        table.texts("cluster"), zip(table.texts("cluster_weakest"), table.texts("weakest")))
      for (cluster, rows) in Dictionary(grouping: rows, by: \.0) where !cluster.isEmpty {
        let told = Set(rows.compactMap { Double($0.1.0) })
        let weakest = rows.compactMap { Double($0.1.1) }.min()
        #expect(told.isEmpty && linkage != "single" || told == [weakest], "\(cluster)")
      }
    }
  }

  @Test(arguments: ["exhaustive", "representatives"])
  func `identical files share a cluster at every threshold`(merge: String) throws {
    let runs = try TestRuns(of: .whole, [.merge: [merge], .batchSize: ["3"]])
    try runs.run("run")
    for threshold in Self.thresholds {
      try runs.merge("run", [.threshold: [threshold]])
      let clusters = PathPartition(try runs.result("run")).clusters
      for names in Self.identicalNames {
        #expect(clusters.contains { $0.isSuperset(of: names) }, "\(threshold)")
      }
    }
  }

  private static var identicalNames: [Set<[UInt8]>] {
    let decodable = PictureArchive.whole.files.filter { $0.name.suffix(4) == Array(".png".utf8) }
    return Dictionary(grouping: decodable, by: \.bytes).values.map { Set($0.map(\.name)) }
      .filter { $0.count > 1 }
  }

  @Test func `a threshold under the floor is refused and names the floor`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let before = try runs.result("run")
    let error = #expect(throws: SettingFailure.self) {
      try runs.merge("run", [.threshold: ["0.65"]])
    }
    #expect(
      error?.description
        == "'--threshold': is 0.65, under the floor of 0.7, the lowest similarity that links are "
        + "kept for; give a threshold of at least 0.7, or make a run with a lower '--floor'")
    #expect(try runs.result("run").differences(from: before) == [])
  }
}
