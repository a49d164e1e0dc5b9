import LinearAlgebra

extension Rows {
  /// Rows whose components are stored one after another, little endian.
  init(bytes: [UInt8], count: Int) {
    let values = unsafe bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        unsafe Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
    self.init(count: count, dimension: max(1, values.count / max(1, count)), values: values)
  }

  /// All components as they are stored.
  var bytes: [UInt8] {
    unsafe values.map(\.bitPattern.littleEndian).withUnsafeBytes { unsafe Array($0) }
  }
}
