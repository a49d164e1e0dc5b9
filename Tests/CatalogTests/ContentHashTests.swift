import Catalog
import Testing

@Suite struct ContentHashTests {
  // The published test vectors of XXH3 with 128 bits and seed 0, canonical form.
  @Test(arguments: [
    ("", "99aa06d3014798d86001c324468d497f"), ("a", "a96faf705af16834e6c632b61e964e1f"),
    ("abc", "06b05ab6733a618578af5f94892f3950"),
  ]) func `the hash is XXH3`(text: String, expected: String) {
    #expect(ContentHash(of: Array(text.utf8)).hexadecimal == expected)
  }

  @Test(arguments: [0, 1, 16, 17, 128, 129, 240, 241, 1024, 1025, 5000])
  func `hashing in pieces gives the hash of the whole`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 131 ^ $0 >> 8) }
    let hasher = ContentHasher()
    for start in stride(from: 0, to: count, by: 333) {
      let piece = Array(bytes[start..<min(start + 333, count)])
      unsafe piece.withUnsafeBytes { unsafe hasher.add($0) }
    }
    #expect(hasher.hash == ContentHash(of: bytes))
  }

  @Test func `a hash goes through its bytes and is ordered by them`() {
    let hashes = (0..<20).map { ContentHash(of: [UInt8($0)]) }
    for hash in hashes { #expect(ContentHash(bytes: hash.bytes) == hash) }
    let byBytes = hashes.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    #expect(hashes.sorted() == byBytes)
  }
}
