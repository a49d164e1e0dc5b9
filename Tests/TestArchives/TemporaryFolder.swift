import Foundation

/// A folder of its own that is removed with the object.
public final class TemporaryFolder: Sendable {
  /// Where it is: absolute, without links.
  public let path: String

  /// Makes an empty folder.
  public init() throws {
    let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    var template = Array("\(parent)/likeness-test-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw CallFailure("mkdtemp") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something in it.
  public func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

/// A system call that a test needs and that failed.
public struct CallFailure: Error, CustomStringConvertible {
  /// The call and `errno`.
  public let description: String

  /// Takes `errno` as it is now.
  public init(_ call: String) {
    description = "\(call): \(unsafe String(cString: strerror(errno)))"
  }
}
