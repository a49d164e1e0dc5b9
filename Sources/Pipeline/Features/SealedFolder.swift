import Storage

/// A folder of NumPy files that is put in place whole, with their digest in a file beside them, by which
/// damage is noticed.
struct SealedFolder {
  let path: String
  let context: RunContext

  private static let seal = "digest"

  /// The folder that holds it, and others of its kind.
  private var parent: String { path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } }

  /// Whether it was made.
  var isThere: Bool { get throws { try !DurableFiles.entries(of: path).isEmpty } }

  /// The digest of its NumPy files.
  func digest() throws -> String {
    let names = try DurableFiles.entries(of: path).filter { $0.hasSuffix(".npy") }
    return try Storage.digest(ofFiles: names.sorted().map { "\(path)/\($0)" })
  }

  /// Compares it with its digest, which it returns.
  ///
  /// - Throws: `DamagedFile` when it is missing, or not what was written.
  func checkedDigest() throws -> String {
    let digest = try digest()
    guard try readRecorded({ try contents(ofFile: "\(path)/\(Self.seal)") }) == Array(digest.utf8)
    else { throw DamagedFile(path: path, detail: "it is not what was written") }
    return digest
  }

  /// Makes it in place of one that is there.
  ///
  /// - Parameter write: writes the NumPy files into a folder.
  func make(_ write: (String) throws -> Void) throws {
    let unfinished = SealedFolder(path: "\(parent)/\(Self.unfinished)", context: context)
    try context.files.makeFolder(parent)
    try context.files.sync(folder: context.directory.path)
    try context.files.removeTree(unfinished.path)
    try context.files.makeFolder(unfinished.path)
    try write(unfinished.path)
    try context.files.write(
      Array(unfinished.digest().utf8), to: "\(unfinished.path)/\(Self.seal)")
    try context.files.publishFolder(unfinished.path, inPlaceOf: path)
  }

  private static let unfinished = "unfinished"

  /// All that are finished in a folder.
  static func all(in parent: String, context: RunContext) throws -> [SealedFolder] {
    try DurableFiles.entries(of: parent).filter { $0 != unfinished }.sorted()
      .map { SealedFolder(path: "\(parent)/\($0)", context: context) }
  }
}
