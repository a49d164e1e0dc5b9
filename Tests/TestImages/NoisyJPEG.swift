/// A JPEG file of random coefficients, with what encoders may choose: sampling, restarts, scans.
///
/// Its codes are from 2 to 16 bits long, and the long ones are as frequent as the short.
public struct NoisyJPEG {
  /// How the coefficients are laid out in scans.
  public enum Layout: CaseIterable, Sendable {
    /// One scan of everything.
    case baseline
    /// A scan for each component.
    case apart
    /// First coefficients but for their last bit, gray's other ones, then the last bits.
    case progressive
  }

  /// Columns and rows.
  public var width: Int, height: Int
  /// Blocks of a unit, across and down, for each component.
  public var sampling: [(across: Int, down: Int)]
  /// Where the coefficients are.
  public var layout: Layout
  /// Units from one restart marker to the next; 0 for none.
  public var restartInterval: Int
  /// What the coefficients come from.
  public var seed: UInt64

  /// Makes the description of a file.
  public init(
    width: Int, height: Int, sampling: [(across: Int, down: Int)], layout: Layout,
    restartInterval: Int, seed: UInt64
  ) {
    (self.width, self.height, self.sampling) = (width, height, sampling)
    (self.layout, self.restartInterval, self.seed) = (layout, restartInterval, seed)
  }

  /// The file.
  public var bytes: [UInt8] {
    var random = SplitMix(seed: seed)
    let codes = Codes(using: &random)
    var file: [UInt8] = [0xFF, 0xD8]
    let quantizers = (0..<64).map { _ in UInt8.random(in: 1...40, using: &random) }
    file += JPEGFile.segment(0xDB, [0] + quantizers)
    let components: [UInt8] = sampling.enumerated().flatMap { index, factors -> [UInt8] in
      [UInt8(index + 1), UInt8(factors.across << 4 | factors.down), 0]
    }
    let size = bigEndian16(height) + bigEndian16(width)
    file += JPEGFile.segment(
      layout == .progressive ? 0xC2 : 0xC0, [8] + size + [UInt8(sampling.count)] + components)
    file += codes.segments
    file += JPEGFile.segment(0xDD, bigEndian16(restartInterval))
    let all = Array(sampling.indices)
    switch layout {
    case .baseline: file += scan(of: all, 0...63, 0, 0, codes, &random)
    case .apart: for one in all { file += scan(of: [one], 0...63, 0, 0, codes, &random) }
    case .progressive:
      file += scan(of: all, 0...0, 0, 1, codes, &random)
      file += scan(of: [0], 1...63, 0, 0, codes, &random)
      file += scan(of: all, 0...0, 1, 0, codes, &random)
    }
    return file + [0xFF, 0xD9]
  }

  /// A scan of a band of coefficients, from the bit `high` (0: all above) down to the bit `low`.
  private func scan(
    of members: [Int], _ band: ClosedRange<Int>, _ high: Int, _ low: Int, _ codes: Codes,
    _ random: inout SplitMix
  ) -> [UInt8] {
    let names = members.flatMap { [UInt8($0 + 1), 0] as [UInt8] }
    let spectrum = [UInt8(band.lowerBound), UInt8(band.upperBound), UInt8(high << 4 | low)]
    let header = JPEGFile.segment(0xDA, [UInt8(members.count)] + names + spectrum)
    let (across, down) = grid(of: members)
    var bits = HuffmanWriter()
    var last = [Int](repeating: 0, count: members.count)
    for unit in 0..<(across * down) {
      if restartInterval > 0, unit > 0, unit % restartInterval == 0 {
        bits.mark(0xD0 + UInt8((unit / restartInterval - 1) % 8))
        last = [Int](repeating: 0, count: members.count)
      }
      for (position, member) in members.enumerated() {
        let factors = members.count == 1 ? (across: 1, down: 1) : sampling[member]
        for _ in 0..<(factors.across * factors.down) {
          if high > 0 {
            bits.add(Int.random(in: 0...1, using: &random), 1)
            continue
          }
          if band.lowerBound == 0 {
            let value = Int.random(in: -500...500, using: &random)
            codes.add(direct: value - last[position], to: &bits)
            last[position] = value
          }
          if band.upperBound > 0 { codes.addBlock(to: &bits, using: &random) }
        }
      }
    }
    return header + bits.finished
  }

  /// How many units a scan has.
  private func grid(of members: [Int]) -> (across: Int, down: Int) {
    func blocks(_ length: Int, _ factor: Int, _ largest: Int) -> Int {
      ((length * factor + largest - 1) / largest + 7) / 8
    }
    let largest = (sampling.map(\.across).max() ?? 1, sampling.map(\.down).max() ?? 1)
    if members.count == 1 {
      let factors = sampling[members[0]]
      return (blocks(width, factors.across, largest.0), blocks(height, factors.down, largest.1))
    }
    return (
      (width + 8 * largest.0 - 1) / (8 * largest.0), (height + 8 * largest.1 - 1) / (8 * largest.1)
    )
  }
}

/// Huffman codes of 2 to 16 bits for every symbol of a sequential scan.
private struct Codes {
  private static let directCounts = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 2, 0, 0, 0]
  private static let otherCounts = [0, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 16, 16, 16, 16, 56]
  private let direct: [Int: (code: Int, length: Int)]
  private let others: [Int: (code: Int, length: Int)]
  /// The tables as the file holds them.
  let segments: [UInt8]

  init(using random: inout SplitMix) {
    let sizes = Array(0..<12).shuffled(using: &random)
    let pairs = (0..<16).flatMap { run in (1...10).map { run << 4 | $0 } } + [0x00, 0xF0]
    let steps = pairs.shuffled(using: &random)
    direct = Self.codes(Self.directCounts, sizes)
    others = Self.codes(Self.otherCounts, steps)
    segments =
      JPEGFile.segment(0xC4, [0x00] + (Self.directCounts + sizes).map { UInt8($0) })
      + JPEGFile.segment(0xC4, [0x10] + (Self.otherCounts + steps).map { UInt8($0) })
  }

  private static func codes(
    _ counts: [Int], _ symbols: [Int]
  ) -> [Int: (code: Int, length: Int)] {
    var codes: [Int: (code: Int, length: Int)] = [:]
    var rest = symbols[...]
    var code = 0
    for (index, count) in counts.enumerated() {
      for _ in 0..<count {
        if let symbol = rest.popFirst() { codes[symbol] = (code, index + 1) }
        code += 1
      }
      code <<= 1
    }
    return codes
  }

  func add(direct difference: Int, to bits: inout HuffmanWriter) {
    let size = Int.bitWidth - abs(difference).leadingZeroBitCount
    let (code, length) = direct[size] ?? (0, 0)
    bits.add(code, length)
    bits.add(difference < 0 ? difference + (1 << size) - 1 : difference, size)
  }

  /// Adds coefficients 1 to 63 of a block, as many as happens.
  func addBlock(to bits: inout HuffmanWriter, using random: inout SplitMix) {
    let end = Bool.random(using: &random) ? 64 : Int.random(in: 1...64, using: &random)
    var at = 1
    while at < end {
      let run = min(Int.random(in: 0...17, using: &random) / 3 * 3, 64 - at - 1)
      let size =
        run == 15 && Bool.random(using: &random) ? 0 : Int.random(in: 1...10, using: &random)
      let (code, length) = others[run << 4 | size] ?? (0, 0)
      bits.add(code, length)
      bits.add(Int.random(in: 0...1023, using: &random), size)
      at += run + 1
    }
    if at < 64, let (code, length) = others[0] { bits.add(code, length) }
  }
}
