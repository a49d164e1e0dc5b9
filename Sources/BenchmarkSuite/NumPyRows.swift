import Foundation
import LinearAlgebra

extension Rows {
  /// The rows of a NumPy file: two dimensions, single precision, little-endian, C order.
  ///
  /// - Throws: what reading throws, or `NotRows`.
  init(numPyFile path: String) throws {
    let file = try Data(contentsOf: URL(filePath: path))
    // Magic, two bytes of version, two of the header's length, the header: a Python dictionary.
    guard file.count > 10, file.starts(with: [0x93] + "NUMPY\u{1}\0".utf8) else {
      throw NotRows(path: path)
    }
    let start = 10 + (Int(file[8]) | Int(file[9]) << 8)
    let header = String(decoding: file[10..<min(start, file.count)], as: UTF8.self)
    guard
      let match = header.firstMatch(of: #/'shape': \((?<count>\d+), (?<dimension>\d+)\)/#),
      let count = Int(match.count), let dimension = Int(match.dimension), dimension > 0,
      header.contains("'descr': '<f4'"), header.contains("'fortran_order': False"),
      file.count - start == 4 * count * dimension
    else { throw NotRows(path: path) }
    var values = [Float](repeating: 0, count: count * dimension)
    _ = unsafe values.withUnsafeMutableBytes { unsafe file[start...].copyBytes(to: $0) }
    self.init(count: count, dimension: dimension, values: values)
  }

  /// A file of something else.
  struct NotRows: Error, CustomStringConvertible {
    let path: String
    var description: String {
      "\(path): not a NumPy file of rows of 32-bit floats; numpy.save writes one"
    }
  }
}
