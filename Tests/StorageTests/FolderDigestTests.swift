import Storage
import TestArchives
import Testing

@Suite struct FolderDigestTests {
  let folder: TemporaryFolder
  let tree: FileTree

  init() throws {
    folder = try TemporaryFolder()
    tree = FileTree(folder.path)
    try tree.write([1, 2, 3], to: "features/pdq.npy")
    try tree.write([4], to: "images.csv")
  }

  @Test func `a folder digests to the same again, whatever its times`() throws {
    let before = try digest(ofFolder: folder.path)
    try tree.write([4], to: "images.csv", modified: 5)
    #expect(try digest(ofFolder: folder.path) == before)
    #expect(before.count == 32)
  }

  @Test func `a flipped bit, a cut, a further file and another name each show`() throws {
    var digests = [try digest(ofFolder: folder.path)]
    func note() throws { digests.append(try digest(ofFolder: folder.path)) }
    try tree.write([1, 2, 2], to: "features/pdq.npy")
    try note()
    try tree.write([1, 2], to: "features/pdq.npy")
    try note()
    try tree.write([], to: "more")
    try note()
    try tree.move("more", to: "images")
    try note()
    try tree.move("images", to: "features/images")
    try note()
    #expect(Set(digests).count == digests.count)
  }

  @Test func `bytes moved from one file to the next show`() throws {
    try tree.write([1, 2], to: "features/pdq.npy")
    try tree.write([3, 4], to: "images.csv")
    let before = try digest(ofFolder: folder.path)
    try tree.write([1], to: "features/pdq.npy")
    try tree.write([2, 3, 4], to: "images.csv")
    #expect(try digest(ofFolder: folder.path) != before)
  }
}
