import Clustering
import TestImages
import Testing

@testable import Similarity

@Suite struct VectorJoinTests {
  /// Measures for vectors of clusters that are some tens wide.
  static let measures: [VectorMeasure] = [.cosine, .euclidean(unit: 90)]
  static let components: [VectorComponent] = [.uint8, .float32]

  @Test(arguments: measures, components)
  func `forest and counts are those of the plain double loop`(
    measure: VectorMeasure, component: VectorComponent
  ) throws {
    for (seed, dimension) in [1, 3, 16, 33, 200].enumerated() {
      let rows = clusteredVectors(
        component, dimension: dimension, count: 150, centreCount: 12, seed: UInt64(seed))
      let images = gappyImages(count: rows.count, seed: UInt64(seed))
      let vectors = VectorRows(rows, component, measure: measure)
      for floor in [0, 0.001, 0.5, 0.9, 0.999, 1] {
        let join = VectorJoin(measure, component, rows: rows, images: images, floor: floor)
        let expected = plainJoin(vectors, images: images, floor: floor)
        #expect(expected.counts.reduce(0, +) > 100)
        #expect(try join.result() == expected, "\(dimension) components, floor \(floor)")
      }
    }
  }

  @Test(arguments: measures, components)
  func `the result does not depend on the size of blocks, nor on panels`(
    measure: VectorMeasure, component: VectorComponent
  ) throws {
    let rows = clusteredVectors(
      component, dimension: 9, count: 2_200, centreCount: 40, seed: 8)
    let images = gappyImages(count: rows.count, seed: 8)
    let whole = VectorJoin(measure, component, rows: rows, images: images, floor: 0.97)
    let expected = try whole.result()
    for blockSize in [130, 1_025, 1_500] {
      let parts = VectorJoin(
        measure, component, rows: rows, images: images, floor: 0.97, blockSize: blockSize)
      #expect(parts.tileCount > 1 && whole.tileCount == 1)
      #expect(try parts.result() == expected, "blocks of \(blockSize)")
    }
  }

  @Test(arguments: measures, components)
  func `a tile of more links than wait at once has the forest and counts of smaller ones`(
    measure: VectorMeasure, component: VectorComponent
  ) throws {
    let rows = spreadVectors(component, dimension: 30, count: 700, seed: 3)
    let images = gappyImages(count: rows.count, seed: 3)
    let results = try [700, 200].map { blockSize in
      try VectorJoin(
        measure, component, rows: rows, images: images, floor: 0.1, blockSize: blockSize
      ).result()
    }
    #expect(results[0].counts.reduce(0, +) > 1 << 17)
    #expect(results[0] == results[1])
  }

  @Test(arguments: measures, components)
  func `a pair at the floor is a link, one just under it is none`(
    measure: VectorMeasure, component: VectorComponent
  ) throws {
    let rows = clusteredVectors(component, dimension: 50, count: 60, centreCount: 3, seed: 9)
    let vectors = VectorRows(rows, component, measure: measure)
    var pairCount = 0
    for column in 1..<rows.count {
      let similarity = vectors.similarity(0, column)
      if similarity == 0 || similarity == 1 { continue }
      pairCount += 1
      let pair = ByteRows(byteCount: rows.byteCount, bytes: Array(rows[0] + rows[column]))
      let found = try [similarity, similarity.nextUp].map { floor in
        try VectorJoin(measure, component, rows: pair, images: [4, 9], floor: floor).result().links
      }
      #expect(found == [[Link(4, 9, similarity: similarity)], []], "\(column)")
    }
    #expect(pairCount > 20)
  }

  @Test(arguments: measures, [0, 1, 2, 3])
  func `the smallest inputs, and equal rows in one block or in two`(
    measure: VectorMeasure, count: Int
  ) throws {
    let component = VectorComponent.float32
    let row = stored([7, -3, 60], as: component)
    let images = (0..<UInt32(count)).map { $0 * 9 }
    let rows = ByteRows(byteCount: row.count, bytes: (0..<count).flatMap { _ in row })
    for blockSize in [1, 2, 8] {
      let join = VectorJoin(
        measure, component, rows: rows, images: images, floor: 0.999, blockSize: blockSize)
      let links = images.dropFirst().map { Link(0, $0, similarity: 1) }
      let pairCount = UInt64(count * max(count - 1, 0) / 2)
      #expect(try join.result() == TileResult(links: links, counts: [pairCount, 0]))
    }
  }

  @Test(arguments: measures, components)
  func `bounds rule out no link however products round, and nearly all that is below the floor`(
    measure: VectorMeasure, component: VectorComponent
  ) {
    let rows = spreadVectors(component, dimension: 300, count: 200, seed: 5)
    let vectors = VectorRows(rows, component, measure: measure)
    let similarities = (0..<200).map { row in (0..<200).map { vectors.similarity(row, $0) } }
    let floor = similarities.joined().sorted()[20_000]
    let bounds = ProductBounds(vectors, floor: floor)
    var measuredCount = 0
    for row in 0..<200 {
      for column in 0..<200 {
        let bound =
          bounds.scales[row] * bounds.factors[column] + bounds.offsets[column]
          + bounds.constants[row]
        let product = vectors.rows.innerProduct(row, vectors.rows, column)
        let squares = vectors.squaredNorms[row] * vectors.squaredNorms[column]
        let error = Double(vectors.rows.productError) * squares.squareRoot()
        for rounded in [product - error, product + error] {
          let range = vectors.similarities(row, vectors, column, product: Float(rounded))
          #expect(range.contains(similarities[row][column]), "\(row), \(column)")
        }
        if similarities[row][column] >= floor {
          #expect(!(Float(product - error) < bound), "\(row), \(column)")
        } else if !(Float(product + error) < bound) {
          measuredCount += 1
        }
      }
    }
    #expect(measuredCount < 400)
  }

  @Test func `rows that cannot be read fail the tile that needs them`() throws {
    struct Unread: Error {}
    let join = VectorJoin(
      measure: .cosine, component: .uint8, dimension: 5, images: Array(0..<20), floor: 0.5,
      blockSize: 10
    ) { rows in
      if rows.contains(15) { throw Unread() }
      return ByteRows(byteCount: 5, bytes: Array(repeating: 3, count: 5 * rows.count))
    }
    #expect(try join.tile(0).links.count == 9)
    #expect(throws: Unread.self) { try join.tile(1) }
  }
}
