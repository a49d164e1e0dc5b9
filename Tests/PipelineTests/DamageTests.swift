import Foundation
import Pipeline
import Storage
import TestArchives
import TestImages
import Testing

@Suite struct DamageTests {
  /// Every file of a run that `check` compares byte for byte, below the folder of the run: all but
  /// thumbnails, of which it looks at both ends, and the links of a result.
  private func recordedFiles(_ run: String) throws -> [String] {
    try ["batches", "merge", "result"].flatMap { part in
      try Snapshot("\(run)/\(part)").entries.compactMap { path, entry -> String? in
        guard case .file = entry else { return nil }
        return "\(part)/\(String(decoding: path, as: UTF8.self))"
      }
    }.sorted()
  }

  @discardableResult
  private func repair(_ runs: TestRuns, _ name: String) throws -> Int {
    let (session, complaints, _) = try Session.openForRepair(
      runs.path(name), environment: Session.Environment(decoderExecutable: TestRuns.executable))
    _ = try session.repair(complaints)
    try session.close()
    return complaints.count
  }

  @Test func `a sound run has nothing to complain of`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    try runs.resume("run", [.measure: ["ahash"]])
    #expect(try runs.read("run") { try $0.check() }.map(\.description) == [])
  }

  @Test(arguments: ["exhaustive", "representatives"])
  func `a flipped bit in any file that is compared whole is found, and mended to the same result`(
    merge: String
  ) throws {
    var random = SplitMix(seed: 8)
    let runs = try TestRuns(of: .little, [.merge: [merge]])
    try runs.run("run")
    let expected = try runs.result("run")
    let files = try recordedFiles(runs.path("run"))
    #expect(files.count > 10)
    for file in files {
      let path = "\(runs.path("run"))/\(file)"
      let sound = try contents(ofFile: path)
      for _ in 0..<8 {
        var damaged = sound
        damaged[Int.random(in: sound.indices, using: &random)] ^=
          1
          << Int.random(
            in: 0..<8, using: &random)
        try DurableFiles().write(damaged, to: path)
        #expect(try runs.read("run") { try $0.check() }.count == 1, "\(file)")
      }
      #expect(try repair(runs, "run") == 1, "\(file)")
      #expect(try runs.result("run").differences(from: expected) == [], "\(file)")
      #expect(try runs.read("run") { try $0.check() }.map(\.description) == [], "\(file)")
    }
  }

  @Test(arguments: [
    ("fits/pca", ["means.npy", "axes.npy", "variances.npy", "digest"]),
    ("embeddings/pca-pca", ["points.npy", "images.npy", "digest"]),
  ]) func `a fit or layout with a flipped bit is found, never used, and made again as it was`(
    folder: String, files: [String]
  ) throws {
    var random = SplitMix(seed: 9)
    let runs = try TestRuns(of: .plain, ClusterTests.clusters)
    try runs.run("run")
    _ = try runs.embed("run", .pca)
    let expected = try runs.result("run")
    let made = try Snapshot(runs.path("run/\(folder)"))
    for file in files {
      var damaged = try contents(ofFile: runs.path("run/\(folder)/\(file)"))
      damaged[Int.random(in: damaged.indices, using: &random)] ^= 1
      try DurableFiles().write(damaged, to: runs.path("run/\(folder)/\(file)"))
      #expect(
        try runs.read("run") { try $0.check() }.map(\.description)
          == ["\(runs.path("run/\(folder)")): is not what was written"])
      #expect(throws: DamagedFile.self) {
        if folder.hasPrefix("fits") {
          try runs.resume("run")
        } else {
          _ = try runs.embed("run", .pca)
        }
      }
      #expect(try repair(runs, "run") == 1, "\(file)")
      _ = try runs.embed("run", .pca)
      #expect(try Snapshot(runs.path("run/\(folder)")).differences(from: made) == [], "\(file)")
      #expect(try runs.result("run").differences(from: expected) == [], "\(file)")
      #expect(try runs.read("run") { try $0.check() }.map(\.description) == [], "\(file)")
    }
  }

  @Test(arguments: [
    ("result", "result", "is missing or not the result that was recorded"),
    ("results", "results/1", "its tables or pages are not what was recorded"),
    ("results/1/report.html", "results/1", "its tables or pages are not what was recorded"),
    ("thumbnails/0.jpg", "thumbnails", "1 of ALL thumbnails are missing or no pictures"),
    ("thumbnails", "thumbnails", "ALL of ALL thumbnails are missing or no pictures"),
  ]) func `what was published and is gone is missed, and a repair brings it back`(
    removed: String, complaint: String, reason: String
  ) throws {
    let runs = try TestRuns(of: .little, [.publish: ["folders"]])
    try runs.run("run")
    let expected = try runs.result("run")
    let thumbnails = try Snapshot(runs.path("run/thumbnails"))
    let reason = reason.replacingOccurrences(of: "ALL", with: "\(thumbnails.entries.count)")
    try DurableFiles().removeTree(runs.path("run/\(removed)"))
    #expect(
      try runs.read("run") { try $0.check() }.map(\.description)
        == ["\(runs.path("run"))/\(complaint): \(reason)"])
    try repair(runs, "run")
    #expect(try runs.read("run") { try $0.check() }.map(\.description) == [])
    #expect(try runs.result("run").differences(from: expected) == [])
    #expect(try Snapshot(runs.path("run/thumbnails")).differences(from: thumbnails) == [])
  }

  @Test func `a published file that is not what it was is found, and a repair makes it again`()
    throws
  {
    let runs = try TestRuns(of: .little, [.publish: ["pages"]])
    try runs.run("run")
    let expected = try runs.result("run")
    let thumbnails = try Snapshot(runs.path("run/thumbnails"))
    let tables = ["clusters.csv", "clusters.jsonl", "left-out.csv", "summary.json", "report.html"]
    for file in tables.map({ "result/" + $0 }) + ["thumbnails/0.jpg"] {
      let bytes = try contents(ofFile: runs.path("run/\(file)"))
      try DurableFiles().write(bytes.dropLast(1) + [1], to: runs.path("run/\(file)"))
      #expect(try repair(runs, "run") == 1, "\(file)")
      #expect(try runs.read("run") { try $0.check() }.map(\.description) == [], "\(file)")
      #expect(try runs.result("run").differences(from: expected) == [], "\(file)")
    }
    #expect(try Snapshot(runs.path("run/thumbnails")).differences(from: thumbnails) == [])
  }

  @Test func `a lost thumbnail is missed though there are as many as were recorded`() throws {
    let runs = try TestRuns(of: .little, [.publish: ["pages"]])
    try runs.run("run")
    let path = runs.path("run/thumbnails")
    let names = try DurableFiles.entries(of: path)
    let page = String(
      decoding: try contents(ofFile: runs.path("run/result/report.html")), as: UTF8.self)
    let shown = try #require(names.first { page.contains("thumbnails/\($0)\"") })
    try DurableFiles().removeTree("\(path)/\(shown)")
    // What a publication drew that was stopped, or a result before this one.
    try DurableFiles().write([0xFF, 0xD8, 0xFF, 0xD9], to: "\(path)/999.jpg")
    let complaint = try #require(try runs.read("run") { try $0.check() }.first)
    #expect(complaint.description.hasPrefix("\(path): 1 of "), "\(complaint)")
  }

  @Test(arguments: ["features/pdq.npy", "images/outcome.npy", "links/pdq.npy"])
  func `a file that was cut stops a merge with its name, and what is published stays`(
    file: String
  ) throws {
    let runs = try TestRuns(of: .little, [.merge: ["representatives"]])
    try runs.run("run")
    let result = try runs.result("run")
    let name = "batches/000001.1/\(file)"
    let bytes = try contents(ofFile: "\(runs.path("run"))/\(name)")
    try FileTree(runs.path("run")).write(Array(bytes.dropLast()), to: name)
    let error = #expect(throws: DamagedFile.self) {
      // Above the batch threshold other representatives are compared.
      try runs.merge("run", [.threshold: ["0.95"]])
    }
    #expect(
      error?.description
        == "\(runs.path("run"))/\(name): is damaged: its header or length is not what was written; "
        + "'likeness check RUN --repair' computes it again")
    #expect(try runs.result("run").differences(from: result) == [])
  }

  @Test(arguments: [
    ("features/pdq.npy", "complete"), ("features/pdq-detail.npy", "single"),
    ("links/pdq.npy", "single"), ("links/pdq-counts.npy", "single"),
    ("images/content.npy", "average"),
  ])
  func `a batch that is not what was recorded stops a merge before it is compared`(
    file: String, linkage: String
  ) throws {
    let runs = try TestRuns(of: .little, [.merge: ["representatives"]])
    try runs.run("run")
    let result = try runs.result("run")
    let folder = runs.path("run") + "/batches/000001.1"
    var bytes = try contents(ofFile: "\(folder)/\(file)")
    bytes[bytes.count - 1] ^= 0x80
    try FileTree(folder).write(bytes, to: file)
    for threshold in ["0.85", "0.95"] {
      let error = #expect(throws: DamagedFile.self) {
        try runs.merge("run", [.threshold: [threshold], .linkage: [linkage]])
      }
      #expect(error?.description.hasPrefix(folder) == true, "\(error?.description ?? "")")
    }
    #expect(try runs.result("run").differences(from: result) == [])
  }

  @Test func `a forest that is not what was recorded is not cut`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let name = try #require(try recordedFiles(runs.path("run")).first { $0.hasPrefix("merge/") })
    let path = runs.path("run") + "/" + name
    var bytes = try contents(ofFile: path)
    // Inside the last similarity: a number that could be one.
    bytes[bytes.count - 8] ^= 1
    try DurableFiles().write(bytes, to: path)
    let error = #expect(throws: DamagedFile.self) { try runs.merge("run", [.threshold: ["0.9"]]) }
    #expect(
      error?.description
        == "\(path): is damaged: it is not what was recorded; 'likeness check RUN --repair' "
        + "computes it again")
    #expect(throws: DamagedFile.self) { try runs.read("run") { try $0.thresholds() } }
    for folder in ["merge", "batches/000000.1"] {
      try DurableFiles().removeTree(runs.path("run/\(folder)"))
      let error = #expect(throws: DamagedFile.self) {
        try runs.merge("run", [.threshold: ["0.9"], .linkage: ["complete"]])
      }
      #expect(
        error?.description.hasSuffix(
          ": is damaged: it is missing; 'likeness check RUN --repair' computes it again") == true)
      try repair(runs, "run")
    }
  }

  @Test func `a batch folder that was removed is computed again, and no other`() throws {
    let runs = try TestRuns()
    try runs.run("run")
    let before = try runs.batches("run")
    let expected = try runs.result("run")
    try DurableFiles().removeTree(runs.path("run") + "/batches/000003.1")
    #expect(
      try runs.read("run") { try $0.check() }.map(\.description)
        == ["\(runs.path("run"))/batches/000003.1: is missing"])
    try repair(runs, "run")
    let after = try runs.batches("run")
    #expect(after.differences(from: before) == [])
    let touched = after.differences(from: before, withIdentities: true)
    #expect(!touched.isEmpty && touched.allSatisfy { $0.hasPrefix("000003.1") })
    #expect(try runs.result("run").differences(from: expected) == [])
  }

  @Test func `repairing a later generation leaves one folder a batch`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    try runs.resume("run", [.measure: ["ahash"]])
    let expected = try runs.result("run")
    let name = "batches/000001.2/features/ahash.npy"
    let bytes = try contents(ofFile: "\(runs.path("run"))/\(name)")
    try FileTree(runs.path("run")).write(bytes.map { ~$0 }, to: name)
    try repair(runs, "run")
    let folders = try DurableFiles.entries(of: runs.path("run") + "/batches")
    #expect(folders.map { $0.prefix(6) } == ["000000", "000001"])
    #expect(try runs.result("run").differences(from: expected) == [])
    #expect(try runs.read("run") { try $0.check() }.map(\.description) == [])
  }

  @Test(arguments: [0, 100, 5000]) func `a database that is lost or cut is made again`(
    length: Int
  ) throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let expected = try runs.result("run")
    let file = runs.path("run") + "/run.sqlite"
    let bytes = try contents(ofFile: file)
    if length == 0 {
      try DurableFiles().removeTree(file)
    } else {
      try DurableFiles().write(Array(bytes.prefix(length)), to: file)
    }
    let environment = Session.Environment(decoderExecutable: TestRuns.executable)
    let (session, complaints, isRestored) = try Session.openForRepair(
      runs.path("run"), environment: environment)
    #expect(isRestored)
    #expect(try session.scan(acceptMissing: false).newCount == 0)
    _ = try session.repair(complaints)
    try session.close()
    #expect(try runs.result("run").differences(from: expected) == [])
  }
}
