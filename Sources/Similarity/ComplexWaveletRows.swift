/// Rows of gray 128 x 128 that are compared pair by pair, in any order: those met lately stay prepared.
public final class ComplexWaveletRows {
  private let rows: ByteRows
  private var prepared: [Int: ComplexWavelet] = [:]

  /// Rows that stay prepared at most: 19 MiB.
  private static let capacity = 512

  /// Takes the rows.
  public init(_ rows: ByteRows) {
    let byteCount = RasterMeasure.complexWavelet.byteCount
    precondition(rows.byteCount == byteCount, "rows of \(rows.byteCount) bytes")
    self.rows = rows
  }

  /// The similarity of two rows, that of `RasterMeasure.complexWavelet`.
  public func similarity(_ first: Int, _ second: Int) -> Double {
    wavelet(first).similarity(to: wavelet(second))
  }

  private func wavelet(_ row: Int) -> ComplexWavelet {
    if let wavelet = prepared[row] { return wavelet }
    if prepared.count == Self.capacity { prepared.removeAll(keepingCapacity: true) }
    let wavelet = ComplexWavelet(pixels: rows[row])
    prepared[row] = wavelet
    return wavelet
  }
}
