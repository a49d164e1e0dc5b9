import Foundation
import TestArchives
import Testing

/// Names that are not UTF-8, which a text cannot hold: each is refused or taken as it is shown, and
/// none is mistaken for another.
@Suite struct StrangeNameTests {
  let place: Workplace
  let likeness: Program

  init() throws {
    place = try Workplace(.little)
    likeness = place.likeness
  }

  /// The names in the folder where the program is run, as `ls` shows them.
  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: place.folder.path).sorted()
  }

  /// Starts the program in a shell, with `$strange` for a name that is not UTF-8.
  private func shell(_ script: String) -> [String] {
    ["/bin/sh", "-c", #"strange=$(printf '\375d'); "# + script]
  }

  @Test func `an image is found by the name it is shown with`() throws {
    try likeness("run", "pictures", "--publish", "tables")
    let images = ["copies/again.png", #"f\xFF\xFE\x80.png"#]
    let outcome = try likeness("why", "pictures.likeness", images[0], images[1])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\n\(images[1])\n"))
    let onDisk = try likeness("why", "pictures.likeness", images[0], "pictures/" + images[1])
    #expect(onDisk.output == outcome.output)
    let line = try likeness("why", "pictures.likeness", "blank/1.png", #"blank/new\nline.png"#)
    #expect(line.status == 0, "\(line.errors)")
  }

  @Test(arguments: [#""$0" run "$strange""#, #""$0" run pictures --into "$strange""#])
  func `an argument that is not UTF-8 is refused and nothing is made`(script: String) throws {
    let outcome = try likeness(by: shell("mkdir \"$strange\"; \(script)"))
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(
      outcome.errors
        == #"error: '\xFDd': is not UTF-8; give a folder through a symbolic link with a plain name, "#
        + "an image as it is written here\n")
    #expect(try names().count == 2)
  }

  @Test func `a working folder that is not UTF-8 is refused where a path begins there`() throws {
    let outcome = try likeness(
      "run", place.archive, by: shell(#"mkdir "$strange"; cd "$strange"; "$0" "$@""#))
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(
      outcome.errors
        == "error: \(place.folder.path)/\\xFDd: is not UTF-8; give the path through a symbolic link "
        + "with a plain name\n")
    #expect(try names().count == 2)
  }

  @Test func `a folder that is not UTF-8 is worked on through a link with a plain name`() throws {
    let outcome = try likeness(
      "run", "link/pictures", "--into", "link/run", "--publish", "tables",
      by: shell(#"mkdir "$strange"; mv pictures "$strange"; ln -s "$strange" link; "$0" "$@""#))
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(try names().count == 2)
    let inside = try likeness("run", place.folder("link/pictures"), "--into", "link/pictures/run")
    #expect(inside.status == 64 && inside.errors.contains("lies inside the archive"))
    #expect(
      try likeness("why", "link/run", "link/pictures/copies/again.png", #"f\xFF\xFE\x80.png"#)
        .status == 0)
  }
}
