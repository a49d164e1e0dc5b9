import Glibc

/// The rows of a NumPy file that is too large for memory, read where they are wanted.
///
/// Offsets count from the first element. Never changes; safe from any thread.
public final class NumpyRows: ByteSource {
  /// The path, for messages.
  public let path: String
  /// The number of rows and the elements of each, one where there is one dimension.
  public let shape: (rows: Int, columns: Int)
  private let descriptor: Int32
  private let dataOffset: Int

  /// Opens the file at `path`.
  ///
  /// - Throws: `StorageFailure` when it cannot be read, `DamagedFile` when it is not a file of this
  ///   type with all its bytes.
  public init(path: String, type: NumpyType) throws {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageFailure(path: path, action: "read", code: errno) }
    do {
      (dataOffset, shape) = try Self.layout(of: descriptor, path, type)
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// What a file is that may be no such file, for a message: the header of an array, or none.
  public static func kind(ofFile path: String) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: 256)
    let count = unsafe pread(descriptor, &head, head.count, 0)
    guard count > 10, head.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      return "no NumPy file"
    }
    let text = head[..<count].drop { $0 != UInt8(ascii: "{") }.prefix { $0 != 0x0A }
    let words = String(decoding: text, as: UTF8.self).split(separator: " ").joined(separator: " ")
    return "an array with the header \(words)"
  }

  /// Where the elements begin, and their shape.
  private static func layout(
    of descriptor: Int32, _ path: String, _ type: NumpyType
  ) throws -> (Int, (Int, Int)) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw StorageFailure(path: path, action: "read", code: errno)
    }
    let size = Int(status.st_size)
    // A header of format 1.0 is at most 10 bytes and 65,535 more.
    var head = [UInt8](repeating: 0, count: min(size, 10 + 65_535))
    try unsafe head.withUnsafeMutableBytes {
      try unsafe readBytes(of: descriptor, path: path, into: $0, at: 0)
    }
    let header = unsafe head.withUnsafeBytes { unsafe NumpyFile.header(of: $0) }
    guard let header, header.type == type.description,
      header.byteCount(of: type) == size - header.dataOffset
    else {
      throw DamagedFile(path: path, detail: "its header or length is not what was written")
    }
    return (header.dataOffset, (header.rows, header.columns))
  }

  /// Fills `bytes` from a place among the elements.
  public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    unsafe try readBytes(of: descriptor, path: path, into: bytes, at: dataOffset + offset)
  }
}
