import CCodecs
import Glibc

/// A worker's end of its decoder process, started with the first image that needs it.
///
/// Belongs to one thread at a time. The process is replaced after it died or was given up on.
final class DecoderClient {
  /// Why there is no reply.
  enum Problem: Error {
    /// The process ended, by this signal or by itself (0).
    case died(signal: Int)
    /// The deadline passed; the process was killed.
    case outOfTime
    /// No process could be started.
    case notStarted(errno: Int32)
    /// The process ended before it was ready.
    case endedEarly
  }

  private let executable: String
  private let memoryBytes: Int
  private(set) var process: pid_t = 0
  /// The library of the process that was started last, with its version; empty before.
  private(set) var library = ""
  private var socket: Int32 = -1
  private var servedCount = 0

  init(executable: String, memoryBytes: Int) {
    self.executable = executable
    self.memoryBytes = memoryBytes
  }

  deinit { stop(graceMilliseconds: 0) }

  /// Sends a request with an open file and waits for the reply.
  ///
  /// A process that dies over a file after it served others is not believed: whatever it had become
  /// by then, a new one decides.
  func decode(
    _ request: DecoderRequest, descriptor: Int32, deadline: Deadline
  ) throws(Problem) -> (reply: DecoderReply, pixels: [UInt8]) {
    if process == 0 { try start(deadline) }
    let isFresh = servedCount == 0
    do throws(Problem) {
      return try exchange(request, descriptor, deadline)
    } catch {
      guard case .died = error, !isFresh else { throw error }
      try start(deadline)
      return try exchange(request, descriptor, deadline)
    }
  }

  private func exchange(
    _ request: DecoderRequest, _ descriptor: Int32, _ deadline: Deadline
  ) throws(Problem) -> (reply: DecoderReply, pixels: [UInt8]) {
    servedCount += 1
    let message = request.bytes
    guard unsafe ccodecs_send(socket, message, message.count, descriptor) == 0 else {
      throw died()
    }
    guard let reply = DecoderReply(try receive(DecoderReply.byteCount, deadline)) else {
      throw died()
    }
    guard reply.outcome == .decoded else { return (reply, []) }
    // No sound process decodes a picture without pixels, or one that it had to refuse.
    guard min(reply.width, reply.height) > 0,
      request.settings.refusal(width: reply.width, height: reply.height) == nil
    else { throw died() }
    // The sizes of what follows come from the request: nothing that the process says decides them,
    // but the proportions of a thumbnail, which are bounded by its side.
    let byteCount = request.rasters.map {
      $0.specification(width: reply.width, height: reply.height)
    }
    .reduce(0) { $0 + $1.byteCount }
    return (reply, try receive(byteCount, deadline))
  }

  private func receive(_ count: Int, _ deadline: Deadline) throws(Problem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&waiting, 1, deadline.millisecondsLeft)
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else {
        stop(graceMilliseconds: 0)
        throw .outOfTime
      }
      let got = unsafe bytes.withUnsafeMutableBytes {
        unsafe recv(socket, $0.baseAddress?.advanced(by: received), count - received, 0)
      }
      if got < 0, errno == EINTR || errno == EAGAIN { continue }
      guard got > 0 else { throw died() }
      received += got
    }
    return bytes
  }

  /// Starts a process; returns its library, with the version.
  @discardableResult
  func start(_ deadline: Deadline) throws(Problem) -> String {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw .notStarted(errno: errno)
    }
    let code = ChildProcess.spawn(
      executable, arguments: [DecoderProcess.mode, String(memoryBytes)],
      socket: ends[1], as: DecoderProcess.socket, process: &process)
    close(ends[1])
    guard code == 0 else {
      close(ends[0])
      process = 0
      throw .notStarted(errno: code)
    }
    socket = ends[0]
    servedCount = 0
    do throws(Problem) {
      let greeting = try receive(DecoderProcess.greetingByteCount, deadline)
      guard greeting[0] == DecoderProcess.greeting else { throw died() }
      library = DecodedImage.Lane.libvips(version: Array(greeting.dropFirst()))
      return library
    } catch .died {
      throw .endedEarly
    }
  }

  /// Reaps a process that hung up, and says how it ended.
  ///
  /// It hangs up a moment before it can be reaped.
  private func died() -> Problem { .died(signal: stop(graceMilliseconds: 2000)) }

  /// Ends the process; the signal that it had died of, 0 when it had not.
  @discardableResult
  private func stop(graceMilliseconds: Int) -> Int {
    guard process != 0 else { return 0 }
    close(socket)
    socket = -1
    let signal = ChildProcess.end(process, graceMilliseconds: graceMilliseconds)
    process = 0
    return signal
  }
}
