import Foundation
import Storage
import TestArchives
import Testing

@Suite struct ExitTests {
  @Test func `a run without a fault ends with 0 and says where to look`() throws {
    let place = try Workplace(.plain)
    let outcome = try place.likeness("run", "pictures", "--floor", "0.7", "--threshold", "0.85")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines.first == "40 files found: 40 new")
    #expect(lines.last == "look at \(place.folder("pictures.likeness"))/result/report.html")
    #expect(
      outcome.errors.split(separator: "\n").map { $0.prefix { $0 != ":" } }
        == ["1/4 Scanning", "2/4 Reading", "3/4 Comparing", "4/4 Publishing", "4/4 Drawing"])
  }

  @Test func `quarantined images end a run with 3 and are pointed at`() throws {
    let place = try Workplace(.little)
    let outcome = try place.likeness("run", "pictures", "--publish", "tables")
    #expect(outcome.status == 3)
    #expect(
      outcome.output.contains(
        "2 quarantined, 1 skipped as no image: see "
          + "\(place.folder("pictures.likeness"))/result/left-out.csv\n"))
    #expect(try place.likeness("resume", "pictures.likeness").status == 3)
    #expect(try place.likeness("status", "pictures.likeness").status == 0)
  }

  @Test func `a run in use is refused to a second writer and open to readers`() throws {
    let place = try Workplace(.little)
    try place.likeness("run", "pictures", "--publish", "tables")
    let path = place.folder("pictures.likeness")
    let lock = try RunLock(RunDirectory(path: path))
    for arguments in [
      ["resume", path], ["merge", path], ["run", "pictures"], ["check", path, "--repair"],
    ] {
      let outcome = try Program.Running(
        arguments, environment: [:], directory: place.folder.path
      ).wait()
      #expect(outcome.status == 11, "\(arguments)")
      #expect(
        outcome.errors
          == "error: \(path): another likeness process is working on this run; wait for it or stop "
          + "it first\n")
    }
    for command in ["status", "thresholds", "check"] {
      #expect(try place.likeness(command, path).status == 0, "\(command)")
    }
    #expect(
      try place.likeness("status", path).output.contains("in use     yes, by another process"))
    withExtendedLifetime(lock) {}
  }

  @Test(arguments: ["exhaustive", "representatives"])
  func `every image to keep can be asked for, however batches were merged`(merge: String) throws {
    let place = try Workplace(.plain)
    try place.likeness(
      "run", "pictures", "--batch-size", "16", "--merge", merge, "--publish", "tables")
    for rule in ["first", "medoid", "largest", "sharpest"] {
      let outcome = try place.likeness("unique", "pictures.likeness", "--keep", rule)
      #expect(outcome.status == 0, "\(rule): \(outcome.errors)")
      #expect(!outcome.output.isEmpty)
    }
  }

  @Test func `an image that is in no catalog is a failure that says what to give`() throws {
    let place = try Workplace(.little)
    try place.likeness("run", "pictures", "--publish", "tables")
    let outcome = try place.likeness("why", "pictures.likeness", "nobody.png", "cut.png")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "error: nobody.png: is not in the catalog; give a path inside the archive, as "
        + "likeness shows it\n")
  }

  @Test func `a repair that misses most of the archive names the command that accepts it`() throws {
    let place = try Workplace(.plain)
    let path = place.folder("pictures.likeness")
    try place.likeness("run", "pictures", "--publish", "tables")
    try DurableFiles().removeTree(path + "/run.sqlite")
    try FileTree(place.folder.path).move("pictures", to: "away")
    try FileTree(place.folder.path).makeFolder("pictures")
    let outcome = try place.likeness("check", path, "--repair")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasSuffix(
        "error: 40 of the 40 known images are not there: is the archive mounted? Nothing was "
          + "changed; if they are really gone: likeness run ARCHIVE --into RUN --accept-missing\n"),
      "\(outcome.errors)")
    let accepted = try place.likeness("run", "pictures", "--into", path, "--accept-missing")
    #expect(accepted.status == 0 && accepted.output.contains("40 gone"), "\(accepted.output)")
    #expect(try place.likeness("check", path).status == 0)
  }

  @Test(arguments: [[], ["--verbose"]])
  func `another version of a decoder is told once to the person`(options: [String]) throws {
    let place = try Workplace(.plain)
    try place.likeness("run", "pictures", "--publish", "tables")
    let run = RunDirectory(path: place.folder("pictures.likeness"))
    let database = try RunDatabase(run, mode: .write)
    for batch in try database.batches() {
      let measures = batch.measures.mapValues {
        MeasureRecord(
          digest: $0.digest, origin: FeatureOrigin(version: 1, decoders: ["libdeflate 0.9"]))
      }
      try database.record(
        batch.id, generation: batch.generation, digest: #require(batch.digest),
        measures: measures, results: [])
    }
    try database.close()
    let outcome = try Program.Running(
      ["resume", run.path] + options, environment: [:], directory: place.folder.path
    ).wait()
    #expect(outcome.status == 0)
    let told = outcome.errors.components(
      separatedBy: "warning: images were decoded by libdeflate 0.9 (1 batch; now libdeflate ")
    #expect(told.count == 2, "\(outcome.errors)")
  }

  @Test func `damage is told by check and mended by repair`() throws {
    let place = try Workplace(.plain)
    try place.likeness("run", "pictures", "--publish", "tables", "--batch-size", "10")
    let expected = try place.result("pictures.likeness")
    let path = place.folder("pictures.likeness")
    let sound = try place.likeness("check", "pictures.likeness")
    #expect(sound.status == 0 && sound.output == "everything is as it was recorded\n")
    try FileTree(path).write([1, 2, 3], to: "batches/000002.1/features/pdq.npy")
    let found = try place.likeness("check", "pictures.likeness")
    #expect(found.status == 1)
    #expect(found.output == "\(path)/batches/000002.1: is not what was recorded\n")
    #expect(found.errors == "1 complaint; mend with: likeness check \(path) --repair\n")
    #expect(try place.likeness("check", "pictures.likeness", "--repair").status == 0)
    #expect(try place.likeness("check", "pictures.likeness").status == 0)
    #expect(try place.result("pictures.likeness").differences(from: expected) == [])
  }

  @Test func `a merge says which thumbnails it did not draw, and a resume draws them`() throws {
    let place = try Workplace(.plain)
    let likeness = place.likeness
    try likeness("run", "pictures", "--threshold", "1")
    let path = place.folder("pictures.likeness")
    let merged = try likeness("merge", path, "--threshold", "0.8")
    #expect(
      merged.output.contains(" not drawn, as no image was opened: likeness resume \(path) draws"),
      "\(merged.output)")
    #expect(try !likeness("resume", path).output.contains("not drawn"))
    #expect(try !likeness("merge", path, "--threshold", "0.8").output.contains("not drawn"))
  }

  @Test func `a run that lost its settings and their copy says that nothing tells them`() throws {
    let place = try Workplace(.little)
    let likeness = place.likeness
    try likeness("run", "pictures", "--publish", "tables")
    let path = place.folder("pictures.likeness")
    for file in ["run.yaml", "run.sqlite"] {
      try FileManager.default.removeItem(atPath: "\(path)/\(file)")
    }
    let outcome = try likeness("check", path, "--repair")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("put a run.yaml with the settings back, or delete the run"))
  }
}
