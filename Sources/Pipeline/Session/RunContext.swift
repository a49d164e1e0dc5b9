import Logging
import Storage

/// What every stage of a run works with.
///
/// Safe from any thread.
struct RunContext: Sendable {
  let directory: RunDirectory
  let database: RunDatabase
  var settings: Settings
  let files: DurableFiles
  let pool: WorkerPool
  let progress: Progress
  let log: Logger
  /// Says to the person what is only in the log otherwise.
  let tell: @Sendable (String) -> Void
  /// The program that serves as decoder process: this one.
  let decoderExecutable: String

  var stop: StopFlag { pool.stop }
}
