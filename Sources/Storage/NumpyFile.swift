import Catalog
import Glibc

/// What a NumPy file holds: the type of an element as NumPy spells it, and the size of one.
public struct NumpyType: Hashable, Sendable {
  /// The value of `descr` in the header, quoted as Python writes it.
  public let description: String
  /// Bytes of one element.
  public let byteCount: Int

  /// An unsigned byte.
  public static let uint8 = NumpyType(description: "'|u1'", byteCount: 1)
  /// An unsigned integer of 64 bits, little endian.
  public static let uint64 = NumpyType(description: "'<u8'", byteCount: 8)
  /// An unsigned integer of 32 bits, little endian.
  public static let uint32 = NumpyType(description: "'<u4'", byteCount: 4)
  /// A signed integer of 32 bits, little endian.
  public static let int32 = NumpyType(description: "'<i4'", byteCount: 4)
  /// A number in single precision, little endian.
  public static let float32 = NumpyType(description: "'<f4'", byteCount: 4)
  /// A number in double precision, little endian.
  public static let float64 = NumpyType(description: "'<f8'", byteCount: 8)
  /// A key point in pixels and degrees, with a descriptor of so many bytes.
  public static func keyPoint(descriptorByteCount: Int) -> NumpyType {
    NumpyType(
      description: "[('x', '<f4'), ('y', '<f4'), ('size', '<f4'), ('angle', '<f4'), "
        + "('descriptor', '|u1', (\(descriptorByteCount),))]",
      byteCount: 16 + descriptorByteCount)
  }

  /// Two image numbers and their similarity: the layout of `Link`.
  public static let link = NumpyType(
    description: "[('a', '<u4'), ('b', '<u4'), ('similarity', '<f8')]", byteCount: 16)
}

/// A NumPy file of format 1.0, C order, read into memory.
///
/// Not mapped: a disk that fails would end the process where a read tells of it. `numpy.load(path,
/// mmap_mode="r")` reads the same file. Never changes; safe from any thread.
@safe public final class NumpyFile: @unchecked Sendable {
  // Unchecked: the memory is written before the object is there, and ends with it.
  private let memory: UnsafeMutableRawBufferPointer
  private let dataOffset: Int

  /// The path, for messages.
  public let path: String
  /// The number of rows and the elements of each: `(rows)` is told as one element a row.
  public let shape: (rows: Int, columns: Int)
  /// The type of an element.
  public let type: NumpyType

  /// The bytes of all elements, row-major.
  ///
  /// Valid as long as this object is.
  public var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: memory[dataOffset...])
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: `StorageFailure` when it cannot be read, `DamagedFile` when it is not a file with
  ///   such a `header`, of this type, with all its bytes.
  public init(path: String, type: NumpyType) throws {
    unsafe memory = try unsafe Self.read(path)
    self.path = path
    self.type = type
    guard let header = unsafe Self.header(of: UnsafeRawBufferPointer(memory)),
      header.type == type.description,
      unsafe header.byteCount(of: type) == memory.count - header.dataOffset
    else {
      unsafe memory.deallocate()
      throw DamagedFile(path: path, detail: "its header or length is not what was written")
    }
    dataOffset = header.dataOffset
    shape = (header.rows, header.columns)
  }

  deinit { unsafe memory.deallocate() }

  /// All bytes of a file, at an address that fits any element.
  private static func read(_ path: String) throws -> UnsafeMutableRawBufferPointer {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageFailure(path: path, action: "read", code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw StorageFailure(path: path, action: "read", code: errno)
    }
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Int(status.st_size), alignment: 64)
    var offset = 0
    while offset < memory.count {
      let count = unsafe Glibc.read(
        descriptor, memory.baseAddress?.advanced(by: offset), memory.count - offset)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        unsafe memory.deallocate()
        guard count < 0 else { throw DamagedFile(path: path, detail: "it ends at byte \(offset)") }
        throw StorageFailure(path: path, action: "read", code: code)
      }
      offset += count
    }
    return unsafe memory
  }

  /// The header of a file of `rows` rows; `columns` nil makes an array of one dimension.
  public static func header(type: NumpyType, rows: Int, columns: Int? = nil) -> [UInt8] {
    let shape = columns.map { "(\(rows), \($0))" } ?? "(\(rows),)"
    var text = "{'descr': \(type.description), 'fortran_order': False, 'shape': \(shape), }"
    // The data begins at a multiple of 64 bytes, as the format asks.
    let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
      + Array(text.utf8)
  }

  struct Header {
    let type: String
    let rows: Int
    let columns: Int
    let dataOffset: Int

    /// Bytes of all elements, nil when no memory could hold them.
    func byteCount(of type: NumpyType) -> Int? {
      let elements = rows.multipliedReportingOverflow(by: columns)
      let bytes = elements.partialValue.multipliedReportingOverflow(by: type.byteCount)
      return elements.overflow || bytes.overflow ? nil : bytes.partialValue
    }
  }

  static func header(of file: UnsafeRawBufferPointer) -> Header? {
    guard file.count >= 10, unsafe file.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0])
    else { return nil }
    let offset = unsafe 10 + Int(file[8]) + Int(file[9]) << 8
    guard offset <= file.count,
      let text = unsafe String(validating: file[10..<offset], as: UTF8.self),
      let typeStart = text.firstRange(of: "'descr': ")?.upperBound,
      let typeEnd = text.firstRange(of: ", 'fortran_order': False, 'shape': ("),
      let shapeEnd = text.firstRange(of: "), }"), typeEnd.upperBound <= shapeEnd.lowerBound,
      typeStart <= typeEnd.lowerBound
    else { return nil }
    let shape = text[typeEnd.upperBound..<shapeEnd.lowerBound].split(separator: ",").map {
      Int($0.drop { $0 == " " })
    }
    guard let rows = shape.first ?? nil, shape.count <= 2, rows >= 0 else { return nil }
    guard let columns = shape.count == 2 ? shape[1] : 1, columns >= 0 else { return nil }
    return Header(
      type: String(text[typeStart..<typeEnd.lowerBound]), rows: rows, columns: columns,
      dataOffset: offset)
  }
}

/// A file of the run whose bytes are not what was written.
public struct DamagedFile: Error, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What is wrong with it.
  public let detail: String

  /// Makes the failure.
  public init(path: String, detail: String) {
    self.path = path
    self.detail = detail
  }

  /// One line for a person.
  public var description: String {
    "\(path): is damaged: \(detail); 'likeness check RUN --repair' computes it again"
  }
}
