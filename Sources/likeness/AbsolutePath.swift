import Glibc

/// Paths as the user gives them, made absolute.
enum AbsolutePath {
  /// The path with links resolved where it exists; in the part that does not, `.` and `..` are taken by
  /// their names, so that the result lies where it says.
  static func of(_ path: String) -> String {
    if let resolved = resolved(path) { return resolved }
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let slash = trimmed.lastIndex(of: "/")
    let folder = slash.map { $0 == trimmed.startIndex ? "/" : String(trimmed[..<$0]) } ?? "."
    let parent = of(folder)
    switch slash.map({ trimmed[trimmed.index(after: $0)...] }) ?? trimmed[...] {
    case "", ".": return parent
    case "..":
      let end = parent.lastIndex(of: "/") ?? parent.startIndex
      return end == parent.startIndex ? "/" : String(parent[..<end])
    case let name:
      let joined = parent == "/" ? "/\(name)" : "\(parent)/\(name)"
      // Back from a folder that does not exist, into one that does.
      return resolved(joined) ?? joined
    }
  }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
