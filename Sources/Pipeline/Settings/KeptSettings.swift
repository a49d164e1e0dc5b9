import Storage

/// The settings of a run: `run.yaml`, and the copy of its text in the database, by which a file that
/// was lost or changed is noticed and written again.
struct KeptSettings {
  let directory: RunDirectory

  static func advice(_ run: RunDirectory) -> String {
    "'likeness check \(run.path) --repair' writes it again as it was"
  }

  /// What the file says.
  ///
  /// - Throws: `SettingFailure`, with what to do, when it cannot be read.
  func read() throws -> (layer: SettingLayer, settings: Settings) {
    do {
      let layer = try SettingLayer(file: directory.settingsFile)
      return (layer, try Settings([layer]))
    } catch let failure as SettingFailure where directory.hasDatabase {
      throw SettingFailure("\(failure.description); \(Self.advice(directory))")
    }
  }

  /// The settings kept in a database, nil when it has none yet.
  func copy(in database: RunDatabase) throws -> Settings? {
    guard let yaml = try database.settingsText() else { return nil }
    return try Settings([SettingLayer(yaml: yaml, file: directory.databaseFile)])
  }

  /// The settings of a run that is repaired: what the file says, unless it is lost or not what the run
  /// was made with and a copy is there.
  ///
  /// Writes nothing.
  func forRepair() throws -> (settings: Settings, isFileSound: Bool) {
    var kept: Settings?
    if directory.hasDatabase, let database = try? RunDatabase(directory, mode: .read) {
      kept = try? copy(in: database)
      try database.close()
    }
    guard let kept else {
      do {
        return (try Settings([SettingLayer(file: directory.settingsFile)]), true)
      } catch let failure as SettingFailure {
        throw SettingFailure(
          "\(failure.description); its copy in run.sqlite is lost too, so nothing tells what the batches "
            + "were made with: put a run.yaml with the settings back, or delete the run and start again"
        )
      }
    }
    do {
      let settings = try read().settings
      try settings.checkUnedited(since: kept, in: directory)
      return (settings, true)
    } catch is SettingFailure {
      return (kept, false)
    }
  }
}
