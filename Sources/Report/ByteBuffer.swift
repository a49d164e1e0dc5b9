/// Takes the next bytes of a file; they are only lent for the call.
///
/// Making them durable, or compressing or counting them, is the business of who passes the sink.
public typealias ByteSink = (_ bytes: [UInt8]) throws -> Void

/// Bytes on their way to a sink, handed over in blocks.
struct ByteBuffer {
  /// What was not handed over yet.
  var bytes: [UInt8] = []
  private let sink: ByteSink

  /// Large enough that a system call a block is nothing, small enough to stay in the cache.
  private static let blockByteCount = 1 << 18

  init(sink: @escaping ByteSink) {
    self.sink = sink
    bytes.reserveCapacity(Self.blockByteCount + 4096)
  }

  /// Hands over a block once there is one.
  mutating func flushIfFull() throws {
    if bytes.count >= Self.blockByteCount { try flush() }
  }

  /// Hands over what there is.
  mutating func flush() throws {
    guard !bytes.isEmpty else { return }
    try sink(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}

extension [UInt8] {
  /// Appends text of ours, as UTF-8.
  mutating func append(_ text: StaticString) {
    unsafe append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends the UTF-8 of a string as it is: nothing is escaped.
  mutating func append(raw text: String) { append(contentsOf: text.utf8) }

  /// Appends a number in decimal digits.
  mutating func append(decimal value: some BinaryInteger) {
    var rest = UInt64(value.magnitude)
    if value < 0 { append(UInt8(ascii: "-")) }
    var digits: InlineArray<20, UInt8> = .init(repeating: 0)
    var start = 20
    repeat {
      start -= 1
      digits[start] = UInt8(truncatingIfNeeded: rest % 10) + UInt8(ascii: "0")
      rest /= 10
    } while rest > 0
    for index in start..<20 { append(digits[index]) }
  }

  /// Appends the shortest decimal that reads back as the same number; valid in JSON and CSV.
  mutating func append(shortest value: Double) {
    precondition(value.isFinite, "\(value) has no decimal")
    append(contentsOf: value.description.utf8)
  }
}
