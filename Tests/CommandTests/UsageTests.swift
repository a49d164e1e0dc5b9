import Foundation
import TestArchives
import Testing

@Suite struct UsageTests {
  let place: Workplace
  let likeness: Program

  init() throws {
    place = try Workplace(.little)
    likeness = place.likeness
  }

  @Test func `help leads with an example and names every exit code`() throws {
    let help = try likeness("--help")
    #expect(help.status == 0 && help.errors == "")
    // Where lines break depends on the width of the terminal.
    let words = help.output.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    for text in [
      "USAGE: likeness run ARCHIVE", "likeness resume RUN", "0 done", "1 failed",
      "3 done but some images were quarantined", "10 no run there", "11 run in use",
      "64 wrong usage", "130 interrupted",
    ] {
      #expect(words.contains(text), "\(text)")
    }
  }

  @Test(arguments: [
    "run", "resume", "status", "thresholds", "merge", "publish", "why", "evaluate", "check",
    "formats", "cluster", "similar", "unique", "embed", "dendrogram", "preview",
  ]) func `every command has help`(command: String) throws {
    let help = try likeness(command, "--help")
    #expect(help.status == 0 && help.errors == "" && help.output.contains("OVERVIEW: "))
  }

  @Test func `no arguments print the help`() throws {
    #expect(try likeness().output == likeness("--help").output)
  }

  @Test(arguments: [
    (["run", "pictures", "--treshold", "0.9"], "Error: Unknown option '--treshold'"),
    (["run"], "Error: Missing expected argument '<archive>'"),
    (["why", "pictures.likeness", "a"], "Error: Name two images."),
    (["clutter", "pictures"], "Error: 2 unexpected arguments: 'clutter', 'pictures'"),
    (["similar", "pictures.likeness"], "Error: Missing expected argument '<images> ...'"),
    (
      ["embed", "pictures.likeness", "--method", "x"],
      "Error: '--method' must be umap, tsne or pca."
    ),
  ]) func `a command that cannot be understood ends with 64`(
    arguments: [String], message: String
  ) throws {
    let outcome = try Program.Running(arguments, environment: [:], directory: place.folder.path)
      .wait()
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(outcome.errors.hasPrefix(message), "\(outcome.errors)")
    #expect(outcome.errors.contains("Usage: "), "\(outcome.errors)")
  }

  @Test(arguments: [
    (
      ["--threshold", "1.5"],
      "'--threshold': is '1.5'; it must be a number from 0 to 1, or a measure's, such as pdq=0.9"
    ),
    (
      ["--threshold", "0.5", "--floor", "0.75"],
      "'--threshold': is 0.5, under the floor of 0.75, the lowest similarity that links are kept "
        + "for; give a threshold of at least 0.75, or make a run with a lower '--floor'"
    ),
    (["--until", "noon"], "'--until': is 'noon'; it must be scan or batches"),
    (["--workers", "0"], "'--workers': is '0'; it must be a whole number from 1 to 1024"),
    (["--linkage", "ward"], "'--linkage': is 'ward'; it must be one of single, average, complete"),
    (
      ["--formats", "ico"],
      "'--formats': is 'ico'; it must be one of jpeg, png, gif, webp, tiff, heif, avif, jpegXL, "
        + "jpeg2000, bmp"
    ),
    (["--include", ""], "'--include': is ''; it must be a pattern, such as *.jpg"),
    (
      ["--into", ""],
      "'': is no path, as of a shell variable that is not set; the working folder is '.'"
    ),
    (
      ["--config", "missing.yaml"],
      "missing.yaml: cannot be read: No such file or directory"
    ),
  ]) func `a value that cannot be used ends with 64 and makes no run`(
    arguments: [String], message: String
  ) throws {
    let outcome = try Program.Running(
      ["run", "pictures"] + arguments, environment: [:], directory: place.folder.path
    ).wait()
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(outcome.errors == "error: \(message)\n")
    #expect(!FileManager.default.fileExists(atPath: place.folder("pictures.likeness")))
  }

  @Test func `a measure that nobody knows is refused with those there are`() throws {
    let outcome = try likeness("run", "pictures", "--measure", "looks")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("'--measure'") && outcome.errors.contains("pdq"))
  }

  @Test func `an unknown key in a settings file is refused with its place`() throws {
    try FileTree(place.folder.path).write(Array("treshold: 0.9\n".utf8), to: "my.yaml")
    let outcome = try likeness("run", "pictures", "--config", "my.yaml")
    #expect(outcome.status == 64)
    #expect(
      outcome.errors
        == "error: my.yaml: 'treshold' is no setting; the settings are archive, include, exclude, "
        + "followLinks, batchSize, batchBytes, measure, floor, batchThreshold, candidates, "
        + "geometry, metric, components, featuresFrom, featurePaths, background, maximumPixels, "
        + "maximumFileBytes, secondsPerImage, decoderMemory, formats, threshold, linkage, merge, "
        + "representative, publish, result, method, clusters, choose, clusterMerge, standardize, "
        + "normalize, seed, minimumClusterSize, minimumSamples, radius, workers, memory\n")
  }

  @Test func `an unknown variable of ours is refused`() throws {
    let outcome = try likeness(
      "run", "pictures", environment: ["LIKENESS_TRESHOLD": "0.9"])
    #expect(outcome.status == 64)
    #expect(outcome.errors.hasPrefix("error: LIKENESS_TRESHOLD: is no setting; the settings are "))
  }

  @Test(
    arguments: ["resume", "status", "merge", "thresholds", "check"],
    ["nothing", "pictures/cut.png"])
  func `where there is no run every command ends with 10`(command: String, name: String) throws {
    let outcome = try likeness(command, name)
    let path = place.folder(name)
    #expect(outcome.status == 10 && outcome.output == "")
    #expect(
      outcome.errors
        == "error: \(path): there is no run here; 'likeness run ARCHIVE --into \(path)' makes one\n"
    )
  }

  @Test(arguments: [
    ("missing", "No such file or directory"), ("pictures/cut.png", "Not a directory"),
  ]) func `an archive that is no folder ends with 64 and makes no run`(
    archive: String, reason: String
  ) throws {
    let outcome = try likeness("run", archive, "--into", "run")
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(
      outcome.errors
        == "error: \(place.folder(archive)): cannot be opened as an archive: \(reason); name the "
        + "folder of images\n")
    #expect(!FileManager.default.fileExists(atPath: place.folder("run")))
  }

  @Test(arguments: [
    "pictures/run", "nowhere/../pictures/run", "./nowhere/deep/../../pictures/./run/",
    "nowhere/../link/run",
  ]) func `a run inside its archive is refused, however it is written`(path: String) throws {
    try FileTree(place.folder.path).makeLink("link", to: "pictures")
    let before = try Snapshot(place.archive)
    let outcome = try likeness("run", "pictures", "--into", path)
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(
      outcome.errors
        == "error: \(place.archive)/run: lies inside the archive \(place.archive), where nothing of "
        + "ours is written; name a folder outside it with '--into'\n")
    #expect(try Snapshot(place.archive).differences(from: before, withIdentities: true) == [])
  }

  @Test(arguments: [
    (["run", ""], "'': is no path, as of a shell variable that is not set"),
    (["status", ""], "'': is no path, as of a shell variable that is not set"),
    (["publish", "run", "--to", ""], "'': is no path, as of a shell variable that is not set"),
    (["publish", "run", "--to", "pictures/a"], "PLACE/pictures/a: lies inside the archive"),
    (["publish", "run", "--to", "file"], "PLACE/file: is there and was not made by likeness"),
    (["run", "pictures", "--into", "file"], "PLACE/file: is there and no folder"),
  ]) func `a folder that cannot be used ends with 64`(arguments: [String], message: String) throws {
    try likeness("run", "pictures", "--into", "run", "--publish", "tables")
    try FileTree(place.folder.path).write([1], to: "file")
    let before = try Snapshot(place.folder.path)
    let outcome = try Program.Running(arguments, environment: [:], directory: place.folder.path)
      .wait()
    #expect(outcome.status == 64 && outcome.output == "")
    let message = message.replacingOccurrences(of: "PLACE", with: place.folder.path)
    #expect(outcome.errors.hasPrefix("error: \(message)"), "\(outcome.errors)")
    // A run that was opened has a log, and its database one.
    let changes = try Snapshot(place.folder.path).differences(from: before)
    #expect(changes.filter { !$0.hasPrefix("run/run.") } == [])
  }

  @Test func `an archive that has gone ends with 1 and leaves the run as it is`() throws {
    try likeness("run", "pictures", "--publish", "tables")
    let before = try place.result("pictures.likeness")
    try FileTree(place.folder.path).move("pictures", to: "unmounted")
    let outcome = try likeness("run", "pictures", "--into", "pictures.likeness")
    #expect(outcome.status == 1 && outcome.output == "")
    #expect(
      outcome.errors.hasSuffix(
        "error: \(place.archive): cannot be opened: No such file or directory; bring the archive "
          + "back, then go on with 'likeness resume RUN'\n"), "\(outcome.errors)")
    #expect(try place.result("pictures.likeness").differences(from: before) == [])
  }
}
