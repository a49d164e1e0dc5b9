import Clustering
import Storage
import Synchronization
import TestArchives
import Testing

@testable import Pipeline

/// The merge pass in many tiles, which a few images make only when a test asks for small ones.
@Suite struct MergeTests {
  private struct Killed: Error {}

  /// The tiles that were written, and an end of the process before one of them is recorded.
  private final class TileWatch: Sendable {
    private let tiles = Mutex<Set<String>>([])
    private let limit: Int
    init(endsAfter limit: Int = .max) { self.limit = limit }

    /// The names of the files, `tile-3.npy` and so on.
    var written: Set<String> { tiles.withLock { $0 } }

    var files: DurableFiles {
      DurableFiles { operation, path in
        guard operation == .write, let slash = path.lastIndex(of: "/"),
          path[slash...].hasPrefix("/tile-"), !path.hasSuffix("-counts.npy")
        else { return }
        try self.tiles.withLock { tiles in
          if tiles.count == self.limit { throw Killed() }
          tiles.insert(String(path[slash...].dropFirst()))
        }
      }
    }
  }

  private func open(_ runs: TestRuns, _ files: DurableFiles = DurableFiles()) throws -> Session {
    var environment = Session.Environment(decoderExecutable: TestRuns.executable)
    environment.files = files
    // One worker takes the tiles in their order.
    var layer = SettingLayer()
    layer.setFlag(.workers, ["1"])
    return try Session.open(runs.path("run"), layers: [layer], environment: environment)
  }

  /// The plan in force, cut into tiles of eight rows.
  private func smallTiles(_ session: Session) throws -> MergePlan {
    let plan = try session.plan()
    return MergePlan(
      session.settings, measure: plan.measure, threshold: session.settings.link.threshold,
      batches: plan.batches, images: plan.images, leastBlockSize: 4)
  }

  /// The forest by small tiles, of a session of its own.
  private func merged(
    _ runs: TestRuns, _ files: DurableFiles = DurableFiles()
  ) throws -> SpanningForest {
    let session = try open(runs, files)
    defer { try? session.close() }
    return try MergePass(context: session.context).forest(smallTiles(session), stage: 1, of: 1)
  }

  /// A run whose merge was killed with five of many tiles done.
  private func killedRun(_ more: [SettingKey: [String]]) throws -> TestRuns {
    let runs = try TestRuns(of: .whole, more)
    try runs.run("run")
    #expect(throws: Killed.self) { try merged(runs, TileWatch(endsAfter: 5).files) }
    return runs
  }

  private func mergeFiles(_ runs: TestRuns) throws -> [String] {
    try Snapshot(runs.path("run") + "/merge").entries.filter { $0.value != .folder }.keys
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private static let tileNames = Set((0..<5).map { "tile-\($0).npy" })

  @Test(arguments: ["exhaustive", "representatives"])
  func `a merge killed between tiles goes on with the others, to the forest of one tile`(
    merge: String
  ) throws {
    let runs = try killedRun([.merge: [merge]])
    // Also after a resume, which makes the forest of the plan in force.
    try runs.resume("run")
    let watch = TileWatch()
    let forest = try merged(runs, watch.files)
    #expect(watch.written.count >= 10)
    #expect(watch.written.isDisjoint(with: Self.tileNames))
    let session = try open(runs)
    let (plan, whole) = try session.storedForest()
    #expect(forest == whole && !forest.links.isEmpty)
    let database = session.context.database
    #expect(
      try database.linkCounts(plan: plan.name)
        == database.linkCounts(plan: try smallTiles(session).name))
  }

  @Test func `a damaged tile is found, stops the merge, and is computed again alone`() throws {
    let runs = try killedRun([:])
    let tile = try #require(try mergeFiles(runs).first { $0.hasSuffix("tile-3.npy") })
    let path = runs.path("run/merge/\(tile)")
    var bytes = try contents(ofFile: path)
    bytes[bytes.count - 1] ^= 1
    try DurableFiles().write(bytes, to: path)
    let error = #expect(throws: DamagedFile.self) { try merged(runs) }
    #expect(error?.description.hasPrefix("\(path): is damaged: ") == true)

    do {
      let session = try open(runs)
      let complaints = try session.check()
      #expect(
        complaints.map(\.description) == ["\(path): is missing or not what was recorded"])
      _ = try session.repair(complaints)
    }
    let watch = TileWatch()
    let forest = try merged(runs, watch.files)
    #expect(watch.written == ["tile-3.npy"])
    #expect(try runs.read("run") { try $0.storedForest().1 } == forest)
  }

  @Test func `tiles of batches as they were, and what no row names, are removed`() throws {
    let runs = try killedRun([:])
    #expect(try mergeFiles(runs).count > 10)
    let tree = FileTree(runs.path("run"))
    try tree.write([1], to: "merge/nobodys/tile-1.npy")
    let forest = try #require(try mergeFiles(runs).first { $0.hasSuffix("/forest.npy") })
    let left = forest.replacing("forest", with: "tile-0")
    try tree.write([1], to: "merge/\(left)")
    try runs.resume("run")
    let kept = try mergeFiles(runs)
    #expect(!kept.contains("nobodys/tile-1.npy") && !kept.contains(left))
    #expect(kept.contains(forest) && kept.contains { $0.hasSuffix("tile-4.npy") })

    try runs.archiveTree.write(PictureArchive.plain.files[0].bytes, to: "new.png")
    try runs.run("run")
    let now = try mergeFiles(runs)
    #expect(now.count == 1 && now[0].hasSuffix("/forest.npy") && now[0] != forest)
    #expect(try runs.read("run") { try $0.context.database.tiles() } == [])
  }

  @Test func `a file that cannot be read again and again leaves the forest alone`() throws {
    let runs = try TestRuns()
    try runs.run("run", until: .scan)
    try runs.archiveTree.remove(
      String(decoding: PictureArchive.whole.files[1].name, as: UTF8.self))
    #expect(try runs.resume("run").notReadCount == 1)
    let before = try Snapshot(runs.path("run") + "/merge")
    #expect(try runs.resume("run").notReadCount == 1)
    let after = try Snapshot(runs.path("run") + "/merge")
    #expect(!before.entries.isEmpty)
    #expect(after.differences(from: before, withIdentities: true) == [])
  }

  @Test func `a measure more leaves the forest of the other alone`() throws {
    let runs = try TestRuns()
    try runs.run("run")
    let before = try Snapshot(runs.path("run") + "/merge")
    try runs.resume("run", [.measure: ["dhash"]])
    let after = try Snapshot(runs.path("run") + "/merge")
    #expect(after.entries.count == 2 * before.entries.count)
    for (path, identity) in before.identities { #expect(after.identities[path] == identity) }
  }

  @Test(arguments: ["average", "complete"])
  func `linkage finds the features of every image though numbers have a gap`(linkage: String)
    throws
  {
    let runs = try TestRuns(of: .plain, [.linkage: [linkage]])
    try runs.run("run")
    let expected = PathPartition(try runs.result("run"))
    // A batch that is lost with the database gets new numbers at the end.
    for name in ["run.sqlite", "batches/000001.1"] {
      try DurableFiles().removeTree(runs.path("run/\(name)"))
    }
    let (session, complaints, isRestored) = try Session.openForRepair(
      runs.path("run"), environment: Session.Environment(decoderExecutable: TestRuns.executable))
    try #require(isRestored)
    #expect(try session.scan(acceptMissing: false).newCount == 7)
    _ = try session.repair(complaints)
    #expect(try session.plan().batches.map(\.firstImage.rawValue).sorted()[1] == 14)
    try session.close()
    #expect(PathPartition(try runs.result("run")) == expected)
  }
}
