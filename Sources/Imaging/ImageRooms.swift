import Dispatch

/// Keeps the memory of workers that decode at once within a limit.
///
/// A worker may always hold `shareBytes` of an image; one that needs more has to enter a room first,
/// and waits for another to leave where there are more such images at once than rooms. So memory
/// decides when an image is decoded, and never whether.
///
/// Safe from any thread.
public final class ImageRooms: Sendable {
  /// The most that a worker holds from image to image.
  let shareBytes: Int
  private let rooms: DispatchSemaphore

  /// What an image in a room may take: the file, a PNG inflated or a JPEG's coefficients, and scratch.
  static let roomBytes =
    DecodeSettings.wholeFileByteCount
    + max(DecodeSettings.inflatedByteCount, DecodeSettings.coefficientByteCount) + (32 << 20)

  /// Divides half of the memory: the other is for what is known of all images.
  public init(memoryLimitBytes: Int, workerCount: Int) {
    let roomCount = memoryLimitBytes / 2 / Self.roomBytes
    if roomCount >= workerCount {
      shareBytes = Self.roomBytes
      rooms = DispatchSemaphore(value: roomCount)
    } else {
      shareBytes = min(8 << 20, memoryLimitBytes / 8 / workerCount)
      rooms = DispatchSemaphore(value: max(1, memoryLimitBytes * 3 / 8 / Self.roomBytes))
    }
  }

  func enter() { rooms.wait() }
  func leave() { rooms.signal() }
}
