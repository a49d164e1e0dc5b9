import Catalog
import Imaging
import TestImages
import Testing

struct OddFileTests {
  @Test func `every odd file becomes what the table says, read one after another`() throws {
    let archive = try TemporaryArchive()
    for file in OddFile.all { try archive.write(file.bytes, as: file.name) }
    let reader = try archive.reader()
    for file in OddFile.all {
      let read = reader.read(ArchivePath(bytes: file.name))
      switch (read.outcome, file.expected) {
      case (.decoded(let image), .decoded): #expect(image.warningCount == 0, "\(file)")
      case (.decoded(let image), .warned): #expect(image.warningCount > 0, "\(file)")
      case (.skipped, .skipped), (.quarantined, .quarantined): break
      default: Issue.record("\(file): \(read.outcome)")
      }
      #expect(read.sizeBytes == file.bytes.count, "\(file)")
      #expect(read.content == ContentHash(of: file.bytes), "\(file)")
    }
  }

  @Test func `the table holds more than 45 files of different names`() {
    #expect(OddFile.all.count >= 45)
    #expect(Set(OddFile.all.map(\.name)).count == OddFile.all.count)
  }

  @Test func `no odd file changes what a sound one gives after it`() throws {
    let archive = try TemporaryArchive()
    let sound = OddFile.all.first { $0.description.hasPrefix("interlaced.png") }
    let name = try #require(sound?.name)
    for file in OddFile.all { try archive.write(file.bytes, as: file.name) }
    let alone = try archive.reader().read(ArchivePath(bytes: name))
    let reader = try archive.reader()
    for file in OddFile.all {
      _ = reader.read(ArchivePath(bytes: file.name))
      #expect(reader.read(ArchivePath(bytes: name)) == alone, "after \(file)")
    }
  }
}
