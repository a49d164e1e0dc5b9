import Catalog
import Testing

@Suite struct PathFilterTests {
  @Test(arguments: [
    ("*.png", "a.png", true), ("*.png", "deep/er/a.png", true), ("*.png", "a.PNG", false),
    ("*.png", ".png", true), ("scan?.tif", "x/scan1.tif", true), ("scan?.tif", "scan10.tif", false),
    ("[ab]*", "beta", true), ("[ab]*", "gamma", false),
    ("2019/*", "2019/a.png", true), ("2019/*", "2019/x/a.png", true),
    ("2019/*", "x/2019/a.png", false), ("*/raw/*", "x/raw/a.png", true),
    ("a\\*b", "a*b", true), ("a\\*b", "axb", false),
  ]) func `a pattern without a slash meets the name, one with a slash the whole path`(
    pattern: String, path: String, admitted: Bool
  ) {
    #expect(PathFilter(include: [pattern]).admits(file: ArchivePath(path)) == admitted)
    #expect(PathFilter(exclude: [pattern]).admits(file: ArchivePath(path)) == !admitted)
  }

  @Test(arguments: [
    ("raw/", "raw/a.png", true), ("raw/", "x/raw/y/a.png", true), ("raw/", "raw", false),
    ("x/raw/", "x/raw/a.png", true), ("x/raw/", "raw/a.png", false), ("/raw/", "raw/a.png", true),
    ("/raw/", "x/raw/a.png", false), ("./2019/*", "2019/a.png", true), ("/a.png", "a.png", true),
    ("/a.png", "x/a.png", false), ("r*/", "raw/a.png", true), ("/*", "x/a.png", true),
    (".*", ".a.png", true), ("...", "...", true),
  ]) func `a slash in front is the root of the archive, one at the end a folder`(
    pattern: String, path: String, isMet: Bool
  ) {
    let parts = path.split(separator: "/")
    let folders = (1..<parts.count).map { ArchivePath(parts[..<$0].joined(separator: "/")) }
    let including = PathFilter(include: [pattern])
    let excluding = PathFilter(exclude: [pattern])
    #expect(including.admits(file: ArchivePath(path)) == isMet)
    // A walk does not enter a folder that is left out.
    let isReached = folders.allSatisfy(excluding.admits(folder:))
    #expect((isReached && excluding.admits(file: ArchivePath(path))) == !isMet)
  }

  @Test func `excluding goes before including`() {
    let filter = PathFilter(include: ["*.png", "*.jpg"], exclude: ["thumb*"])
    #expect(filter.admits(file: ArchivePath("a.jpg")))
    #expect(!filter.admits(file: ArchivePath("thumb.jpg")))
    #expect(!filter.admits(file: ArchivePath("a.tif")))
  }

  @Test func `a folder need match no include pattern`() {
    let filter = PathFilter(include: ["*.png"], exclude: [".git"])
    #expect(filter.admits(folder: ArchivePath("2019")))
    #expect(!filter.admits(folder: ArchivePath("x/.git")))
  }

  @Test func `names that are not UTF-8 can be matched`() {
    let path = ArchivePath(bytes: [0x66, 0xFF, 0xFE] + Array(".png".utf8))
    #expect(PathFilter(include: ["*.png"]).admits(file: path))
    #expect(!PathFilter(exclude: ["*.png"]).admits(file: path))
  }
}
