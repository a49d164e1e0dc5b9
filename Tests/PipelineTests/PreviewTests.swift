import Foundation
import Pipeline
import TestArchives
import Testing

@Suite(.serialized) struct PreviewTests {
  private func preview(_ runs: TestRuns, sample: Int) throws -> Preview {
    var layer = SettingLayer()
    for (key, values) in runs.settings { layer.setFlag(key, values) }
    return try Session.preview(
      layers: [layer], sampleCount: sample,
      environment: Session.Environment(decoderExecutable: TestRuns.executable))
  }

  @Test func `a sample of everything shows the curve of the run`() throws {
    let runs = try TestRuns(of: .whole)
    try runs.run("run")
    let (curve, imageCount) = try runs.read("run") { try $0.thresholds() }
    let preview = try preview(runs, sample: 1_000)
    #expect(preview.curve.points == curve.points && preview.imageCount == imageCount)
    #expect(preview.sampledFileCount == preview.fileCount && preview.pairShare == 1)
  }

  @Test func `a sample is as large as was asked for, the same each time, and leaves nothing`()
    throws
  {
    let runs = try TestRuns(of: .whole)
    func left() throws -> Set<String> {
      Set(
        try FileManager.default.contentsOfDirectory(
          atPath: FileManager.default.temporaryDirectory.path
        ).filter { $0.hasPrefix("likeness-preview-") })
    }
    let first = try preview(runs, sample: 20)
    #expect(first.sampledFileCount == 20 && first.fileCount > 60)
    #expect(first.pairShare < 0.1)
    #expect(try preview(runs, sample: 20).curve.points == first.curve.points)
    #expect(try left() == [])
  }
}
