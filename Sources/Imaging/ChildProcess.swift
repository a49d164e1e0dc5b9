import Glibc

/// Starting and ending a child process.
enum ChildProcess {
  /// Starts `executable` with one open socket, null devices as standard streams, its own process
  /// group (so that Ctrl-C in the terminal does not reach it) and next to no environment.
  ///
  /// - Returns: 0, or an error number.
  static func spawn(
    _ executable: String, arguments: [String], socket: Int32, as number: Int32,
    process: inout pid_t
  ) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, socket, number)
    for stream: Int32 in 0...2 {
      unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    return unsafe withStrings([executable] + arguments) { arguments in
      unsafe withStrings(environment) { environment in
        unsafe posix_spawn(&process, executable, &actions, &attributes, arguments, environment)
      }
    }
  }

  /// Reaps a process; kills it first unless it ends by itself within `graceMilliseconds`.
  ///
  /// - Returns: the signal that had ended it before it was killed here, 0 when none had.
  static func end(_ process: pid_t, graceMilliseconds: Int) -> Int {
    var status: Int32 = 0
    for _ in 0...graceMilliseconds {
      let reaped = unsafe waitpid(process, &status, WNOHANG)
      if reaped != 0 { return reaped == process ? Int(status & 0x7F) : 0 }
      if graceMilliseconds > 0 { usleep(1000) }
    }
    kill(process, SIGKILL)
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    return 0
  }

  /// What libraries need to be found, and nothing that changes how libvips works.
  private static var environment: [String] {
    let kept = ["PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "TSAN_OPTIONS", "ASAN_OPTIONS"]
    let inherited = kept.compactMap { name in
      unsafe getenv(name).map { value in unsafe "\(name)=\(String(cString: value))" }
    }
    return inherited + ["LC_ALL=C", "SWIFT_BACKTRACE=enable=no", "MALLOC_ARENA_MAX=1"]
  }

  private static func withStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe copies.withUnsafeBufferPointer {
      guard let start = $0.baseAddress else { preconditionFailure("no strings") }
      return unsafe body(start)
    }
  }
}
