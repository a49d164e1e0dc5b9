import Catalog
import Foundation
import Report
import Storage

/// A folder that the user asked for, made beside its place until it is whole.
struct TargetFolder {
  let path: String
  let unfinished: String

  /// Says that a folder is ours, and lists what we put there: a line each, as it is shown.
  private static let marker = ".likeness"

  init(_ path: String, run: String, archive: String) throws {
    self.path = path
    let url = URL(filePath: path)
    unfinished =
      url.deletingLastPathComponent().path(percentEncoded: false)
      + ".\(url.lastPathComponent).unfinished"
    for (folder, name) in [(archive, "the archive"), (run, "the run")] {
      guard !(path + "/").hasPrefix(folder + "/"), !(folder + "/").hasPrefix(path + "/") else {
        throw Session.TargetRefused(
          description:
            "\(path): lies inside \(name) \(folder), or holds it; name a folder elsewhere "
            + "with '--to'")
      }
    }
    try Self.refuseForeign(path)
    // Empty, it is what a process left that ended before it could mark it, or after.
    if try !DurableFiles.entries(of: unfinished).isEmpty { try Self.refuseUnmarked(unfinished) }
  }

  /// Refuses what is there and was not made by us, or holds what we did not put there as it is now.
  ///
  /// The list has the order in which a folder is walked, so what is not ahead in it is not in it.
  private static func refuseForeign(_ folder: String) throws {
    guard try refuseUnmarked(folder) else { return }
    var list = try contents(ofFile: folder + "/" + marker)[...]
    try DurableFiles.forEachEntry(in: folder) { path, status in
      let name = displayText(path)
      if name == marker { return }
      func refuse(_ what: String) -> Session.TargetRefused {
        Session.TargetRefused(
          description: "\(folder)/\(name): \(what), so \(folder) is not replaced; take it out, or "
            + "name another folder with '--to'")
      }
      var line: ArraySlice<UInt8>
      repeat {
        if list.isEmpty { throw refuse("was not put there by likeness") }
        line = removeLine(from: &list)
      } while !line.split(separator: space, maxSplits: 3).last.isEqual(to: name)
      guard line.elementsEqual(self.line(of: name, status).utf8) else {
        throw refuse("was changed since likeness put it there")
      }
    }
  }

  private static let space = UInt8(ascii: " ")

  /// What the list says of an entry: its kind, length, time of change and name.
  ///
  /// Of a file with further names, as hard links to originals are, the name alone: what happens to an
  /// original is no matter here.
  private static func line(of name: String, _ status: stat) -> String {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return "folder - - \(name)"
    case S_IFREG where status.st_nlink > 1: return "file - - \(name)"
    default:
      let kind = status.st_mode & S_IFMT == S_IFLNK ? "link" : "file"
      return "\(kind) \(status.st_size) \(status.modifiedNanoseconds) \(name)"
    }
  }

  private static func removeLine(from list: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let line = list.prefix { $0 != UInt8(ascii: "\n") }
    list = list[line.endIndex...].dropFirst()
    return line
  }

  /// Refuses what is there and was not made by us.
  ///
  /// - Returns: whether anything is there.
  @discardableResult
  private static func refuseUnmarked(_ folder: String) throws -> Bool {
    let manager = FileManager.default
    guard (try? manager.attributesOfItem(atPath: folder)) != nil else { return false }
    guard manager.fileExists(atPath: folder + "/" + marker) else {
      throw Session.TargetRefused(
        description:
          "\(folder): is there and was not made by likeness, so it is not replaced; name "
          + "another folder with '--to', or remove it")
    }
    return true
  }

  func prepare() throws {
    let files = DurableFiles()
    try files.removeTree(unfinished)
    try files.makeFolder(unfinished)
    try files.write([], to: unfinished + "/" + Self.marker)
  }

  func putInPlace(_ files: DurableFiles) throws {
    try writeList(files)
    // Asked for again: the folder may have come while the result was made, or something in it.
    try Self.refuseForeign(path)
    try files.syncFileSystem(of: unfinished)
    try files.publishFolder(unfinished, inPlaceOf: path)
  }

  private func writeList(_ files: DurableFiles) throws {
    let list = try files.create(unfinished + "/" + Self.marker)
    try list.append(
      Array("Made by 'likeness publish', which may replace this folder and these:\n".utf8))
    var lines: [UInt8] = []
    try DurableFiles.forEachEntry(in: unfinished) { path, status in
      let name = displayText(path)
      if name == Self.marker { return }
      lines += Array(Self.line(of: name, status).utf8) + [UInt8(ascii: "\n")]
      if lines.count > 1 << 16 {
        try list.append(lines)
        lines = []
      }
    }
    try list.append(lines)
    try list.finish()
  }
}

extension Optional<ArraySlice<UInt8>> {
  fileprivate func isEqual(to text: String) -> Bool { self?.elementsEqual(text.utf8) ?? false }
}
