import Testing

@testable import Report

@Suite struct PlotAxisTests {
  @Test(arguments: [
    ([0, 1], 5, "0 0.2 0.4 0.6 0.8 1.0"), ([0.11, 0.19], 4, "0.10 0.12 0.14 0.16 0.18 0.20"),
    ([-0.3, 0.7], 5, "−0.4 −0.2 0 0.2 0.4 0.6 0.8"),
    ([880_000, 1_930_000], 4, "0.5M 1.0M 1.5M 2.0M"),
    ([0, 42_000], 4, "0 20k 40k 60k"),
    ([3e-8, 9e-8], 3, "0.00000002 0.00000004 0.00000006 0.00000008 0.00000010"),
    ([5, 5], 4, "2 4 6 8"), ([0, 0], 4, "0 0.5 1.0"), ([], 2, "0 0.5 1.0"),
    ([.nan, 3, .infinity, 4], 2, "3.0 3.5 4.0"), ([2e30, 4e30], 2, "2e30 3e30 4e30"),
  ])
  func `labels are multiples of 1, 2 or 5 times a power of ten and cover the values`(
    values: [Double], tickCount: Int, texts: String
  ) {
    let axis = PlotAxis(covering: values, tickCount: tickCount)
    #expect(axis.ticks.map(\.text).joined(separator: " ") == texts)
  }

  @Test(arguments: [
    ([2, 25], 10, "5 10 15 20 25"), ([2, 9], 10, "2 3 4 5 6 7 8 9"), ([7, 7], 10, "6 7 8"),
    ([1, 2], 20, "1 2"), ([0, 100_000], 5, "0 20k 40k 60k 80k 100k"),
  ])
  func `counts are labelled by whole numbers inside their range`(
    values: [Double], tickCount: Int, texts: String
  ) {
    let axis = PlotAxis(
      covering: values, tickCount: tickCount, endsAtTicks: false, isIntegral: true)
    #expect(axis.ticks.map(\.text).joined(separator: " ") == texts)
  }

  @Test(arguments: UInt64(0)..<40)
  func `labels rise inside an axis that covers the values, whatever their scale`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let scale = [1e-90, 1e-12, 1e-3, 1, 1e4, 1e12, 1e90][Int(seed % 7)]
    let values = (0..<5).map { _ in Double.random(in: -1...1, using: &random) * scale }
    for endsAtTicks in [true, false] {
      let axis = PlotAxis(covering: values, tickCount: 6, endsAtTicks: endsAtTicks)
      #expect(values.allSatisfy { (axis.low...axis.high).contains($0) })
      #expect(axis.low < axis.high && (2...20).contains(axis.ticks.count))
      let ticks = axis.ticks.map(\.value)
      #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 })
      #expect(Set(axis.ticks.map(\.text)).count == ticks.count)
      let room = (axis.high - axis.low) * 1e-9
      #expect(ticks.allSatisfy { $0 >= axis.low - room && $0 <= axis.high + room })
    }
  }

  @Test(arguments: [
    (0.53412, "0.534"), (0, "0"), (-0.0213, "−0.021"), (12.345, "12.35"), (123.45, "123.5"),
    (1797, "1797"), (1_202_300.4, "1 202 300"), (0.000123, "0.000123"), (1e-20, "1e−20"),
    (6.02e23, "6.02e23"), (.nan, "none"), (.infinity, "none"), (9999.6, "10 000"),
  ])
  func `a value is written to about four digits`(value: Double, text: String) {
    #expect(valueText(value).replacing("\u{202F}", with: " ") == text)
  }

  @Test(arguments: [
    (0, "0"), (12, "12"), (0.5, "0.5"), (-0.26, "-0.3"), (-0.04, "0"), (99.96, "100"),
  ])
  func `a coordinate takes as few characters as it may`(value: Double, text: String) {
    #expect(tenths(value) == text)
  }
}
