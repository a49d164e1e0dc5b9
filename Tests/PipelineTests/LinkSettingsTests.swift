import Pipeline
import Similarity
import TestArchives
import Testing

/// Floors, thresholds and candidates, of which every measure has its own.
@Suite struct LinkSettingsTests {
  private func layer(_ values: [SettingKey: [String]]) -> SettingLayer {
    var layer = SettingLayer()
    for (key, values) in values { layer.setFlag(key, values) }
    return layer
  }

  private func settings(_ layers: [SettingKey: [String]]...) throws -> Settings {
    try Settings(layers.map(layer) + [layer([.archive: ["/pictures"]])])
  }

  private func link(_ settings: Settings, _ measure: Measure) throws -> LinkSettings {
    try #require(settings.links[measure])
  }

  @Test func `a plain value is the first measure's, others are named or have defaults`() throws {
    let settings = try settings([
      .measure: ["ssim", "pdq", "mse"], .threshold: ["0.95", "pdq=0.9"], .floor: ["pdq=0.7"],
    ])
    let (ssim, pdq) = (
      try link(settings, .raster(.structural)), try link(settings, .bits(.pdq))
    )
    #expect((ssim.threshold, pdq.threshold, pdq.floor) == (0.95, 0.9, 0.7))
    let mse = try link(settings, .raster(.meanSquaredError))
    #expect(mse.threshold == Measure.raster(.meanSquaredError).defaultThreshold)
    #expect(mse.floor < mse.threshold && mse.batchThreshold == mse.threshold)
  }

  @Test func `a plain value of a layer is that of the layer's own first measure`() throws {
    let settings = try settings(
      [.measure: ["ssim"]], [.measure: ["pdq"], .threshold: ["0.8"], .floor: ["0.6"]])
    #expect(settings.measures == [.raster(.structural)])
    let ssim = try link(settings, .raster(.structural))
    #expect(ssim.threshold == Measure.raster(.structural).defaultThreshold)
  }

  @Test func `a run keeps the floor of each measure, and may grow one with another floor`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    try runs.resume("run", [.measure: ["ssim"], .floor: ["0.5"], .threshold: ["0.6"]])
    let settings = try runs.read("run") { $0.settings }
    #expect(try link(settings, .bits(.pdq)).floor == 0.7)
    #expect(try link(settings, .raster(.structural)).floor == 0.5)
    let error = #expect(throws: SettingFailure.self) {
      try runs.resume("run", [.floor: ["pdq=0.6"]])
    }
    #expect(error?.description.contains("floor: ssim=0.5, pdq=0.7 in the run") == true)
  }

  @Test(
    arguments: [
      ([.threshold: ["ssim=0.9"]], "names no measure of the run; they are pdq"),
      ([.threshold: ["0.5"], .floor: ["0.6"]], "is 0.5, under the floor of 0.6"),
      ([.floor: ["pdq=2"]], "must be a number from 0 to 1"),
      ([.candidates: ["0.2"]], "it must be all: 'pdq' compares every pair"),
      ([.geometry: ["true"]], "only orb and sift have key points, 'pdq' has none"),
    ] as [([SettingKey: [String]], String)])
  func `what a measure cannot have is refused`(
    values: [SettingKey: [String]], reason: String
  ) throws {
    let error = #expect(throws: SettingFailure.self) { try settings(values) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func `candidates and geometry are those of the measures that have them`() throws {
    let settings = try settings([
      .measure: ["pdq", "orb", "sift"], .geometry: ["true"], .candidates: ["orb=all"],
    ])
    #expect(try link(settings, .pair(.orb)).candidates == .all)
    #expect(try link(settings, .pair(.sift)).candidates != .all)
    #expect(try link(settings, .pair(.orb)).needsGeometry)
    #expect(try link(settings, .pair(.sift)).needsGeometry)
    #expect(try !link(settings, .bits(.pdq)).needsGeometry)
    let again = try Settings([SettingLayer(yaml: settings.yaml, file: "run.yaml")])
    #expect(again.links == settings.links)
  }
}
