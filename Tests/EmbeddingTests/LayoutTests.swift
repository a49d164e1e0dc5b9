import Embedding
import LinearAlgebra
import Testing

/// The methods that lay rows out by their neighbours, with few steps.
enum LayoutMethod: CaseIterable {
  case tsne, umap

  func layout(
    _ rows: Rows, seed: UInt64 = 0, _ checkpoint: () throws -> Void = {}
  ) throws -> PlaneEmbedding {
    switch self {
    case .tsne:
      try TSNE(iterationCount: 300, seed: seed).embedding(of: rows, checkpoint: checkpoint)
    case .umap: try UMAP(epochCount: 100, seed: seed).embedding(of: rows, checkpoint: checkpoint)
    }
  }

  func place(
    _ new: Rows, beside rows: Rows, at embedding: PlaneEmbedding,
    _ checkpoint: () throws -> Void = {}
  ) throws -> PlaneEmbedding {
    switch self {
    case .tsne:
      try TSNE().placing(new, beside: rows, at: embedding, checkpoint: checkpoint)
    case .umap: try UMAP().placing(new, beside: rows, at: embedding, checkpoint: checkpoint)
    }
  }
}

@Suite struct LayoutTests {
  @Test(arguments: LayoutMethod.allCases, [UInt64(1), 2])
  func `groups stay together, and new rows go to their group`(
    method: LayoutMethod, seed: UInt64
  ) throws {
    let groupCount = 4
    let all = groupedRows(count: 240, dimension: 10, groupCount: groupCount, seed: seed)
    let (rows, new) = (all.gathered(0..<200), all.gathered(200..<240))
    let embedding = try method.layout(rows)
    let near = NearestNeighbors(of: embedding.rows, count: 1).indices
    #expect((0..<200).allSatisfy { Int(near[$0]) % groupCount == $0 % groupCount })
    let placed = try method.place(new, beside: rows, at: embedding)
    #expect(countBesideOwnGroup(placed, among: embedding, groupCount: groupCount) == 40)
  }

  @Test(arguments: LayoutMethod.allCases)
  func `the seed decides the result`(method: LayoutMethod) throws {
    let rows = groupedRows(count: 90, dimension: 6, groupCount: 3, seed: 8)
    let embedding = try method.layout(rows, seed: 5)
    #expect(try method.layout(rows, seed: 5) == embedding)
    #expect(try method.layout(rows, seed: 6) != embedding)
    let placed = try method.place(rows, beside: rows, at: embedding)
    #expect(try method.place(rows, beside: rows, at: embedding) == placed)
  }

  @Test(arguments: LayoutMethod.allCases, [0, 1, 2, 3, 4, 9, 40])
  func `few rows, equal rows and rows on a line have points too`(
    method: LayoutMethod, count: Int
  ) throws {
    let kinds: [(Int) -> Float] = [{ _ in 7 }, { Float($0) }, { Float($0 % 2) }]
    for kind in kinds {
      let rows = Rows(count: count, dimension: 1, values: (0..<count).map(kind))
      let embedding = try method.layout(rows)
      #expect(embedding.count == count)
      #expect(embedding.values.allSatisfy { $0.isFinite })
      guard count > 0 else { continue }
      let placed = try method.place(rows, beside: rows, at: embedding)
      #expect(placed.count == count && placed.values.allSatisfy { $0.isFinite })
      #expect(try method.place(rows.gathered([]), beside: rows, at: embedding).count == 0)
    }
  }

  @Test(arguments: LayoutMethod.allCases, [1, 2, 5, 60])
  func `what a checkpoint throws ends the work`(method: LayoutMethod, call: Int) throws {
    let rows = groupedRows(count: 50, dimension: 6, groupCount: 3, seed: 8)
    #expect(throws: Stop.self) { try method.layout(rows, stopping(at: call)) }
    let embedding = try method.layout(rows)
    #expect(throws: Stop.self) {
      try method.place(rows, beside: rows, at: embedding, stopping(at: call))
    }
  }
}
