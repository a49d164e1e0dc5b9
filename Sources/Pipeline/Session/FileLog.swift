import Foundation
import Logging
import Storage
import Synchronization

/// Writes the log of a run, and shows it on standard error when asked.
///
/// Safe from any thread.
struct FileLog: LogHandler {
  private let sink: Sink
  private let isVerbose: Bool
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  private final class Sink: Sendable {
    private let file: Mutex<FileHandle>
    init(_ file: sending FileHandle) { self.file = Mutex(file) }
    func write(_ line: String) {
      // A log that cannot be written stops nothing: the run's own files tell of a full disk.
      file.withLock { try? $0.write(contentsOf: Data(line.utf8)) }
    }
  }

  static func logger(_ path: String, isVerbose: Bool) throws -> Logger {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw StorageFailure(path: path, action: "written", code: errno)
    }
    let sink = Sink(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
    return Logger(label: "likeness") { _ in FileLog(sink: sink, isVerbose: isVerbose) }
  }

  private init(sink: Sink, isVerbose: Bool) {
    self.sink = sink
    self.isVerbose = isVerbose
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let time = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let line = "\(time) \(event.level): \(event.message)\n"
    sink.write(line)
    // Of a terminal that hung up, too.
    if isVerbose { try? FileHandle.standardError.write(contentsOf: Data(line.utf8)) }
  }
}
