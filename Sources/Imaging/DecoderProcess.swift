import CCodecs
import CVips
import Glibc

/// The decoder process: libvips behind a socket, in a process of its own that may be lost.
///
/// A worker starts it with `Arguments`, its socket as descriptor 3, nothing else open, and sends a
/// request and an open file at a time. Every image that no fast lane takes goes this way: a file
/// that crashes, swells or hangs its decoder costs the process and not the run.
public enum DecoderProcess {
  /// The hidden mode's name: the first argument of the command.
  public static let mode = "decoder-process"

  static let socket: Int32 = 3
  /// Sent once libvips has started, and after it the three parts of its version.
  static let greeting: UInt8 = 0x4C
  static let greetingByteCount = 4

  /// Serves requests until the worker closes the socket or ends, then exits with 0.
  ///
  /// The second argument of the command is what an image may take of address space, in bytes.
  public static func serve() -> Never {
    guard CommandLine.arguments.count == 3, let memoryBytes = UInt(CommandLine.arguments[2]),
      cvips_start() == 0
    else { exit(64) }
    closefrom(socket + 1)
    guard endWithWorker(), limit(memoryBytes: memoryBytes),
      unsafe ccodecs_send(
        socket, [greeting] + (0..<3).map { UInt8(truncatingIfNeeded: cvips_version($0)) },
        greetingByteCount, -1) == 0
    else { exit(1) }
    while true {
      var bytes = [UInt8](repeating: 0, count: DecoderRequest.byteCount)
      var descriptor: Int32 = -1
      guard unsafe ccodecs_receive(socket, &bytes, bytes.count, &descriptor) == 0 else { exit(0) }
      let (reply, pixels) = answer(DecoderRequest(bytes), descriptor)
      close(descriptor)
      var message = reply.bytes
      for raster in pixels { message += raster.pixels }
      guard unsafe ccodecs_send(socket, message, message.count, -1) == 0 else { exit(0) }
    }
  }

  private static func answer(
    _ request: DecoderRequest, _ descriptor: Int32
  ) -> (DecoderReply, [Raster]) {
    guard let loader = request.format.loader, cvips_has(loader) != 0 else {
      return (DecoderReply(outcome: .noLoader), [])
    }
    let picture: VipsPicture
    do throws(VipsPicture.Problem) {
      picture = try VipsPicture(descriptor: descriptor, loader: loader)
    } catch {
      return (DecoderReply(outcome: .damagedHeader, detail: error.detail), [])
    }
    let orientation = request.orientation ?? picture.orientation
    let (width, height) =
      orientation.swapsAxes ? (picture.height, picture.width) : (picture.width, picture.height)
    guard request.settings.refusal(width: width, height: height) == nil else {
      return (DecoderReply(outcome: .refused, width: width, height: height), [])
    }
    var reply = DecoderReply(outcome: .decoded, width: width, height: height)
    do {
      let rasters = try rasters(
        of: picture, orientation, request.settings,
        request.rasters.map { $0.specification(width: width, height: height) })
      return (reply, rasters)
    } catch let problem as VipsPicture.Problem {
      reply.outcome = .damaged
      reply.detail = problem.detail
    } catch {
      reply.outcome = .outOfMemory
    }
    return (reply, [])
  }

  private static func rasters(
    of picture: VipsPicture, _ orientation: Orientation, _ settings: DecodeSettings,
    _ specifications: [RasterSpecification]
  ) throws -> [Raster] {
    let layout = try picture.convert()
    var problem: VipsPicture.Problem?
    let rasters = unsafe try LaneDecoder(settings: settings).reduce(
      width: picture.width, height: picture.height, layout: layout, orientation: orientation,
      specifications: specifications
    ) { take in
      do throws(VipsPicture.Problem) {
        unsafe try picture.forEachStrip(take)
      } catch {
        problem = error
      }
      return problem == nil
    }
    if let problem { throw problem }
    return rasters ?? []
  }

  /// No more address space than this process has by now and `memoryBytes`, no core file, no file
  /// written; false when that cannot be had.
  ///
  /// libvips and its hundred libraries take about 200 MiB of address space before any image.
  static func limit(memoryBytes: UInt) -> Bool {
    guard let usedBytes = addressSpaceBytes() else { return false }
    func bound(_ resource: __rlimit_resource, to count: UInt) -> Bool {
      var limits = rlimit(rlim_cur: count, rlim_max: count)
      return unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0
    }
    return bound(RLIMIT_AS, to: usedBytes + memoryBytes) && bound(RLIMIT_CORE, to: 0)
      && bound(RLIMIT_FSIZE, to: 0)
  }

  /// The address space of this process: the first number of `/proc/self/statm`, in pages.
  private static func addressSpaceBytes() -> UInt? {
    let file = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 64)
    let count = unsafe read(file, &text, text.count)
    let pages = text.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: " ") }
    return UInt(String(decoding: pages, as: UTF8.self)).map { $0 * UInt(getpagesize()) }
  }

  /// Ends this process the moment that the worker's is gone, even in the middle of a decode.
  ///
  /// A thread that waits for the socket to hang up, and not PR_SET_PDEATHSIG: that one fires when
  /// the *thread* that started the process ends, and Dispatch ends idle threads.
  ///
  /// - Returns: whether the thread could be started.
  private static func endWithWorker() -> Bool {
    var thread = pthread_t()
    return unsafe pthread_create(
      &thread, nil,
      { _ in
        var watched = pollfd(fd: DecoderProcess.socket, events: 0, revents: 0)
        while unsafe poll(&watched, 1, -1) <= 0 {}
        _exit(0)
      }, nil) == 0
  }
}
