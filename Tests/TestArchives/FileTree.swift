import Foundation

/// Files written into and read from a folder, by names of any bytes.
///
/// Foundation takes names for text, so everything here goes through the system's calls.
public struct FileTree: Sendable {
  /// The folder.
  public let root: String

  /// Names a folder; nothing is touched.
  public init(_ root: String) { self.root = root }

  /// Writes a file, with the folders above it.
  ///
  /// - Parameter modified: seconds since 1970; a fixed time unless said, so that trees made twice are
  ///   one and the same.
  public func write(_ bytes: [UInt8], to name: [UInt8], modified: Int = 1_600_000_000) throws {
    for (index, byte) in name.enumerated() where byte == UInt8(ascii: "/") {
      _ = unsafe mkdir(full(Array(name[..<index])), 0o777)
    }
    let descriptor = unsafe open(full(name), O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    guard descriptor >= 0 else { throw CallFailure("open") }
    defer { close(descriptor) }
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Foundation.write(descriptor, $0.baseAddress, $0.count)
    }
    guard count == bytes.count else { throw CallFailure("write") }
    var times = [timespec(tv_sec: modified, tv_nsec: 0), timespec(tv_sec: modified, tv_nsec: 5)]
    guard unsafe futimens(descriptor, &times) == 0 else { throw CallFailure("futimens") }
  }

  /// Writes a file under a name of UTF-8.
  public func write(_ bytes: [UInt8], to name: String, modified: Int = 1_600_000_000) throws {
    try write(bytes, to: Array(name.utf8), modified: modified)
  }

  /// Makes a folder.
  public func makeFolder(_ name: String) throws {
    guard unsafe mkdir("\(root)/\(name)", 0o777) == 0 else { throw CallFailure("mkdir") }
  }

  /// Makes a symbolic link with a text of any kind.
  public func makeLink(_ name: String, to target: String) throws {
    guard unsafe symlink(target, "\(root)/\(name)") == 0 else { throw CallFailure("symlink") }
  }

  /// Gives a file a further name.
  public func makeHardLink(_ name: String, to existing: String) throws {
    guard unsafe link("\(root)/\(existing)", "\(root)/\(name)") == 0 else {
      throw CallFailure("link")
    }
  }

  /// Gives a file another name.
  public func move(_ name: String, to new: String) throws {
    guard unsafe rename("\(root)/\(name)", "\(root)/\(new)") == 0 else {
      throw CallFailure("rename")
    }
  }

  /// Removes a file.
  public func remove(_ name: String) throws {
    guard unsafe unlink("\(root)/\(name)") == 0 else { throw CallFailure("unlink") }
  }

  private func full(_ name: [UInt8]) -> [CChar] {
    (Array(root.utf8) + [UInt8(ascii: "/")] + name + [0]).map(CChar.init(bitPattern:))
  }
}
