import Imaging
import Testing

@testable import Features

@Suite struct BitStringMethodTests {
  @Test func `every method is found by its name, and nothing else is`() {
    for method in BitStringMethod.allCases {
      #expect(BitStringMethod(name: method.name) == method)
    }
    #expect(BitStringMethod(name: "phash-8") == nil)
    #expect(BitStringMethod(name: "PDQ") == nil)
    #expect(
      BitStringMethod.names == [
        "pdq", "ahash", "dhash", "phash", "phash-16", "phash-32", "phash-64", "phash-64x16",
        "whash", "whash-db4", "colorhash",
      ])
  }
}
