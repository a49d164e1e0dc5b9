import Glibc

/// Paths as the user gives them, made absolute.
enum AbsolutePath {
  /// The path with links resolved where it exists; else its folder's, or the working folder's, with
  /// the rest as given.
  static func of(_ path: String) -> String {
    if let resolved = unsafe realpath(path, nil) {
      defer { unsafe free(resolved) }
      return unsafe String(cString: resolved)
    }
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let slash = trimmed.lastIndex(of: "/") else { return of(".") + "/" + trimmed }
    let folder = slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    let name = trimmed[trimmed.index(after: slash)...]
    let parent = of(folder)
    return parent == "/" ? "/\(name)" : "\(parent)/\(name)"
  }
}
