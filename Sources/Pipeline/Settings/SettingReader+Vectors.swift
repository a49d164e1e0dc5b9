import Foundation
import LinearAlgebra

extension SettingReader {
  /// How many principal components are kept.
  func components() throws -> PrincipalComponents.Count? {
    try text(.components).map { text in
      if let number = Int(text), number >= 1 { return .number(number) }
      if let part = Double(text), part > 0, part < 1 { return .explaining(part) }
      throw failure(
        .components, text,
        "a whole number from 1, or the part of the variance to explain, such as 0.95")
    }
  }

  /// The files of the user's own vectors.
  ///
  /// - Throws: `SettingFailure` where one of the two is given without the other, or neither for the
  ///   measure that needs them, or both for none.
  func givenVectors(_ measures: [Measure]) throws -> (file: String, paths: String)? {
    let file = try text(.featuresFrom) ?? ""
    let paths = try text(.featurePaths) ?? ""
    guard file.isEmpty == paths.isEmpty else {
      throw SettingFailure(
        "'--features-from' and '--feature-paths' go together: a NumPy file of vectors, and a file "
          + "with the path of each, a line a row")
    }
    guard file.isEmpty != measures.contains(.given) else {
      throw SettingFailure(
        file.isEmpty
          ? "'--measure vectors': needs the vectors: give '--features-from' and '--feature-paths'"
          : "\(origin(.featuresFrom)): gives vectors that no measure asks for; add '--measure vectors'"
      )
    }
    guard !file.isEmpty else { return nil }
    return (URL(filePath: file).path, URL(filePath: paths).path)
  }
}

extension PrincipalComponents.Count {
  /// As a setting.
  var text: String {
    switch self {
    case .explaining(let part): "\(part)"
    case .number(let number): "\(number)"
    }
  }
}
