import Foundation
import TestArchives
import Testing

/// Folders that may not be read, or not be written.
@Suite struct ClosedFolderTests {
  let place: Workplace
  let likeness: Program

  init() throws {
    place = try Workplace(.little)
    likeness = place.likeness
  }

  @Test func `a folder that the scan cannot look at is told in the result and by status`() throws {
    try FileTree(place.archive).makeFolder("closed: \u{1F512}")
    let closed = place.archive + "/closed: \u{1F512}"
    unsafe chmod(closed, 0)
    defer { unsafe chmod(closed, 0o755) }
    let outcome = try likeness("run", "pictures", "--publish", "pages", by: Program.ordinaryUser)
    #expect(outcome.output.contains(" new (1 not looked at)\nnot looked at: closed: \u{1F512}: "))
    #expect(outcome.output.contains(", 1 not looked at: see "), "\(outcome.output)")
    let result = try place.result("pictures.likeness")
    func text(_ file: String) throws -> String {
      String(decoding: try #require(result[file]), as: UTF8.self)
    }
    #expect(
      try text("left-out.csv").contains(
        "\"not looked at\",\"the scan could not look there\",\"Permission denied\","
          + "\"closed: \u{1F512}\"\r\n"))
    #expect(
      try text("summary.json").contains(
        "{\"outcome\": \"unseen\", \"reason\": \"the scan could not look there\", \"files\": 1}"))
    #expect(try text("report.html").contains("that the scan could not look at: 1."))
    #expect(try likeness("resume", "pictures.likeness").output.contains("1 not looked at"))
    let status = try likeness("status", "pictures.likeness")
    #expect(status.output.contains("not looked at: closed: \u{1F512}: Permission denied\n"))
    let objects = [
      try likeness("status", "pictures.likeness", "--json").output,
      try likeness("run", "pictures", "--json", by: Program.ordinaryUser).output,
    ]
    #expect(
      objects[0].contains(
        "\"unseen\":[{\"message\":\"Permission denied\",\"path\":\"closed: \u{1F512}\"}]"))
    #expect(objects[1].contains("\"unseen\":1"))
    unsafe chmod(closed, 0o755)
    try likeness("run", "pictures", by: Program.ordinaryUser)
    #expect(try !likeness("status", "pictures.likeness").output.contains("not looked at"))
  }

  @Test func `a run where nothing can be written is read`() throws {
    try likeness("run", "pictures", "--publish", "tables")
    let path = place.folder("pictures.likeness")
    unsafe chmod(path, 0o555)
    defer { unsafe chmod(path, 0o755) }
    let images = ["copies/again.png", "2019/9e24-0.1.png"]
    for arguments in [
      ["status", path], ["thresholds", path], ["check", path], ["why", path] + images,
    ] {
      let outcome = try Program.Running(
        arguments, environment: [:], directory: place.folder.path, by: Program.ordinaryUser
      ).wait()
      #expect(outcome.status == 0 && outcome.errors == "", "\(arguments[0]): \(outcome.errors)")
    }
  }

  @Test func `a run that cannot be read without writing says why`() throws {
    try likeness("run", "pictures", "--publish", "tables")
    let path = place.folder("pictures.likeness")
    try FileTree(path).write(Array(repeating: 1, count: 100), to: "run.sqlite-wal")
    unsafe chmod(path, 0o555)
    defer { unsafe chmod(path, 0o755) }
    let outcome = try likeness("status", path, by: Program.ordinaryUser)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "error: \(path)/run.sqlite: cannot be opened where nothing can be written, because "
        + "run.sqlite-wal holds the last changes; copy the run to where it can be written\n")
  }
}
