import Catalog
import Features
import Foundation
import Glibc
import Imaging
import Storage

/// Finds the images that end the process that decodes them.
///
/// A batch that was in flight at two unclean ends of the process is read by a child process first. Where
/// the child ends by a signal, its images are halved until those are found that do it; they are left
/// out, and the rest of the batch is read as always.
public struct CrashProbe: Sendable {
  /// So many unclean ends with a batch in flight make it suspect; one may be a power cut.
  static let suspectCount = 2

  let context: RunContext

  /// The images, of those given, that end a process, each with what is recorded of it.
  ///
  /// One whose child was killed from outside, as by a machine that is short of memory, is not read.
  func culprits(among images: [CatalogImage]) throws -> [ImageID: ImageReading] {
    guard !images.isEmpty, let signal = try endingSignal(images) else { return [:] }
    guard images.count > 1 else {
      return [
        images[0].id: DecodeFailure.isJudgement(signal: signal) ? .endsProcess : .killedFromOutside
      ]
    }
    let middle = images.count / 2
    return try culprits(among: Array(images[..<middle]))
      .merging(culprits(among: Array(images[middle...]))) { first, _ in first }
  }

  /// The signal that ends a child process which reads the images; nil when it ends by itself.
  private func endingSignal(_ images: [CatalogImage]) throws -> Int32? {
    // A file and not a pipe: writing to a child that ended early would end this process.
    let list = context.directory.path + "/probe-paths"
    try context.files.write(images.flatMap { $0.path.bytes + [0] }, to: list)
    defer { _ = unsafe unlink(list) }
    let child = Process()
    child.executableURL = URL(filePath: context.decoderExecutable)
    child.arguments = [Self.mode, context.directory.settingsFile]
    child.environment = ProcessInfo.processInfo.environment.merging(
      ["SWIFT_BACKTRACE": "enable=no"]) { _, new in new }
    child.standardInput = try FileHandle(forReadingFrom: URL(filePath: list))
    child.standardOutput = FileHandle.nullDevice
    child.standardError = FileHandle.nullDevice
    try child.run()
    child.waitUntilExit()
    return child.terminationReason == .exit ? nil : child.terminationStatus
  }

  /// The hidden mode of the command in which it is such a child.
  public static let mode = "probe-process"

  /// Reads the images whose paths come on standard input, each ended by a zero, and ends the process.
  ///
  /// What comes of an image does not matter here, but that the process is there afterwards.
  public static func serve(settingsFile: String, decoderExecutable: String) throws {
    let settings = try Settings([SettingLayer(file: settingsFile)])
    let reader = try ImageReader(
      archive: Array(settings.archive.utf8), rasters: settings.measures.rasters,
      settings: settings.decoding,
      decoderExecutable: decoderExecutable)
    for path in FileHandle.standardInput.readDataToEndOfFile().split(separator: 0) {
      // The features too: what makes them may be what ends the process.
      _ = try ImageReading(
        reader.read(ArchivePath(bytes: Array(path))),
        measures: settings.measures.filter { !$0.isDerived },
        forms: settings.measures.rasters)
    }
  }
}
