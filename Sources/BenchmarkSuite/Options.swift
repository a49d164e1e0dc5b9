import Foundation

/// Ends the program with a message about wrong usage, exit code 64.
func usage(_ message: String) -> Never {
  FileHandle.standardError.write(Data("BenchmarkSuite: \(message)\n".utf8))
  exit(64)
}

/// Ends the program with a message about what failed, exit code 1.
func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("BenchmarkSuite: \(message)\n".utf8))
  exit(1)
}

/// A workload's name and its `--option value` pairs.
struct Options {
  let workload: String
  private var values: [String: String] = [:]

  init(_ arguments: ArraySlice<String>) {
    guard let workload = arguments.first else {
      usage("name a workload: 'join', 'raster', 'pairs', 'vectors' or 'cut'")
    }
    self.workload = workload
    var rest = arguments.dropFirst()
    while let name = rest.popFirst() {
      guard name.hasPrefix("--"), let value = rest.popFirst() else {
        usage("'\(name)' is not an option with a value")
      }
      values[String(name.dropFirst(2))] = value
    }
  }

  func string(_ name: String, default fallback: String) -> String { values[name] ?? fallback }

  func number(_ name: String, default fallback: Int) -> Int {
    guard let text = values[name] else { return fallback }
    guard let number = Int(text) else { usage("'--\(name)' is '\(text)', not a number") }
    return number
  }

  func fraction(_ name: String, default fallback: Double) -> Double {
    guard let text = values[name] else { return fallback }
    guard let fraction = Double(text), (0...1).contains(fraction) else {
      usage("'--\(name)' is '\(text)'; it must be from 0 to 1")
    }
    return fraction
  }
}
