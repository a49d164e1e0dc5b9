import ArgumentParser
import Foundation
import Pipeline
import Storage

/// The one place where an error becomes a message and an exit code.
enum Failure {
  static let failed: Int32 = 1
  static let someQuarantined: Int32 = 3
  static let noRun: Int32 = 10
  static let runInUse: Int32 = 11
  static let wrongUsage: Int32 = 64
  static let interrupted: Int32 = 130

  /// Prints an error of any kind and ends the process.
  static func exit(with error: any Error) -> Never {
    switch error {
    case let error as Ended:
      if let message = error.message { StandardError.print(message) }
      Foundation.exit(error.code)
    case is ExitCode, is CleanExit, is ValidationError: Likeness.exit(withError: error)
    case let error as Session.NoRun: end(error, noRun)
    case let error as RunLock.InUse: end(error, runInUse)
    case let error as SettingFailure: end(error, wrongUsage)
    case let error as Session.TargetRefused: end(error, wrongUsage)
    case let error as any CustomStringConvertible & Error
    where !(String(describing: type(of: error)).hasPrefix("CommandError")):
      end(error, failed)
    default: Likeness.exit(withError: error)
    }
  }

  private static func end(_ error: any CustomStringConvertible, _ code: Int32) -> Never {
    StandardError.print("error: \(error.description)")
    Foundation.exit(code)
  }
}

/// An end of the process with a code of its own.
struct Ended: Error {
  let code: Int32
  var message: String?
}
