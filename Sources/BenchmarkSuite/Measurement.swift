import Clustering
import Foundation

/// Wall and CPU time from its making on, and the process's peak memory.
struct Measurement {
  private let start = ContinuousClock.now
  private let startCPUSeconds = Self.cpuSeconds()

  var wallSeconds: Double {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
  var cpuSeconds: Double { Self.cpuSeconds() - startCPUSeconds }

  /// The most memory this process ever held, in bytes.
  static var peakMemoryBytes: Int { usageOfSelf().ru_maxrss * 1024 }

  private static func usageOfSelf() -> rusage {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
  }

  private static func cpuSeconds() -> Double {
    let usage = usageOfSelf()
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }
}

/// FNV-1a over 64-bit words: the same on every machine, so a fast wrong answer shows.
struct Checksum {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ word: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      value = (value ^ (word >> UInt64(shift) & 0xff)) &* 0x100_0000_01b3
    }
  }

  mutating func add(_ links: [Link]) {
    for link in links {
      add(UInt64(link.a) << 32 | UInt64(link.b))
      add(link.similarity.bitPattern)
    }
  }
}

/// Prints one JSON line with its keys in the order given.
func printLine(_ fields: [(name: String, value: Any)]) {
  let parts = fields.map { field in
    let value =
      switch field.value {
      case let text as String: "\"\(text)\""
      case let number as Double: String(format: "%.4g", number)
      default: "\(field.value)"
      }
    return "\"\(field.name)\": \(value)"
  }
  print("{\(parts.joined(separator: ", "))}")
}
