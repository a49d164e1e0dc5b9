import Catalog
import Glibc
import Pipeline

/// Paths as the user gives them, made absolute.
enum AbsolutePath {
  /// The path with links resolved where it exists; in the part that does not, `.` and `..` are taken by
  /// their names, so that the result lies where it says.
  ///
  /// A link that leads where the path is not UTF-8 is kept: by it the place can be named.
  ///
  /// - Throws: `SettingFailure` for an empty path, and for one that cannot be named as text.
  static func of(_ path: String) throws -> String {
    guard !path.isEmpty else {
      throw SettingFailure(
        "'': is no path, as of a shell variable that is not set; the working folder is '.'")
    }
    let real = real(path)
    if let real, let text = String(validating: real, as: UTF8.self) { return text }
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let slash = trimmed.lastIndex(of: "/")
    let name = slash.map { trimmed[trimmed.index(after: $0)...] } ?? trimmed[...]
    if let real, name == ".." || trimmed == "." {
      throw SettingFailure(
        "\(displayText(real)): is not UTF-8; give the path through a symbolic link with a plain "
          + "name")
    }
    let folder = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
    let parent = try of(folder)
    switch name {
    case "", ".": return parent
    case "..":
      let end = parent.lastIndex(of: "/") ?? parent.startIndex
      return end == parent.startIndex ? "/" : String(parent[..<end])
    default:
      let joined = parent == "/" ? "/\(name)" : "\(parent)/\(name)"
      // Back from a folder that does not exist, into one that does.
      return self.real(joined).flatMap { String(validating: $0, as: UTF8.self) } ?? joined
    }
  }

  /// Refuses arguments that are not UTF-8: as text, each would name another file.
  static func refuseStrangeArguments() throws {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = unsafe CommandLine.unsafeArgv[index] else { continue }
      let bytes = unsafe bytes(argument)
      guard String(validating: bytes, as: UTF8.self) == nil else { continue }
      throw SettingFailure(
        "'\(displayText(bytes))': is not UTF-8; give a folder through a symbolic link with a plain "
          + "name, an image as it is written here")
    }
  }

  private static func real(_ path: String) -> [UInt8]? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe bytes(resolved)
  }

  private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
    unsafe UnsafeBufferPointer(start: text, count: strlen(text)).map(UInt8.init(bitPattern:))
  }
}
