import Catalog
import Foundation
import Imaging

/// A folder of made files, removed with it.
final class TemporaryArchive {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file under a name of any bytes.
  func write(_ bytes: [UInt8], as name: [UInt8]) throws {
    let path = Array(folder.path.utf8) + [UInt8(ascii: "/")] + name + [0]
    let file = unsafe path.withUnsafeBufferPointer { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) {
        unsafe $0.baseAddress.flatMap { unsafe fopen($0, "w") }
      }
    }
    guard let file = unsafe file else { throw CocoaError(.fileWriteUnknown) }
    defer { unsafe fclose(file) }
    guard unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw CocoaError(.fileWriteUnknown)
    }
  }

  /// A reader of this folder.
  func reader(
    _ rasters: [RasterSpecification] = [.small], _ settings: DecodeSettings = DecodeSettings(),
    decoderExecutable: String = builtCommand
  ) throws -> ImageReader {
    try ImageReader(
      archive: Array(folder.path.utf8), rasters: rasters.map(RasterForm.exactly),
      settings: settings,
      decoderExecutable: decoderExecutable)
  }

  /// Writes and reads one file.
  func read(
    _ bytes: [UInt8], as name: String = "image", _ rasters: [RasterSpecification] = [.small],
    _ settings: DecodeSettings = DecodeSettings()
  ) throws -> ImageOutcome {
    try write(bytes, as: Array(name.utf8))
    return try reader(rasters, settings).read(ArchivePath(name)).outcome
  }
}

/// The command, built beside the tests.
let builtCommand = Bundle.main.bundleURL.appending(path: "likeness").path

extension RasterSpecification {
  static let small = RasterSpecification(width: 9, height: 8, channels: .gray)
}

extension ImageOutcome {
  /// The image, when there is one.
  var image: DecodedImage? {
    if case .decoded(let image) = self { image } else { nil }
  }

  /// Why the image was quarantined, when it was.
  var failure: DecodeFailure? {
    if case .quarantined(let failure) = self { failure } else { nil }
  }
}

/// The largest difference of two rasters' samples.
func difference(_ left: [UInt8], _ right: [UInt8]) -> Int {
  zip(left, right).map { abs(Int($0) - Int($1)) }.max() ?? 0
}
