import COpenCV
import Imaging

/// `minhash`: where the corners of a picture are, as slots that agree as often as the places do.
///
/// The 100 strongest corners by Harris' response (block 2, aperture 3, k 0.04; a corner is the
/// largest of its 3 x 3 pixels, ties going to later rows and columns, pixels at the border left out)
/// fall into the cells of a 32 x 32 grid over the picture. Corners under a hundredth of the strongest
/// response, OpenCV's usual quality level, do not count. Slot `s` is the least rank of the set's
/// cells under permutation `s` of all cells. The permutations are drawn uniformly and no two cells
/// share a rank, so two sets agree in a slot with the probability of their Jaccard similarity, but
/// for the draw of the permutations (Broder 1997; Broder et al. 2000).
enum CornerMinHash {
  static let slotCount = 128
  static let gridSide = 32
  private static let cornerLimit = 100
  private static let floor = 0.01

  private typealias Slots = SIMD64<UInt16>

  /// Of each cell its ranks, for slots 0 to 63 and for slots 64 to 127.
  private static let ranks: [(Slots, Slots)] = {
    var random = SeededPermutations(seed: 0x6C69_6B65_6E65_7373)
    var ranks = [(Slots, Slots)](repeating: (Slots(), Slots()), count: gridSide * gridSide)
    for slot in 0..<slotCount {
      for (cell, rank) in random.next(count: ranks.count).enumerated() {
        if slot < 64 {
          ranks[cell].0[slot] = UInt16(rank)
        } else {
          ranks[cell].1[slot - 64] = UInt16(rank)
        }
      }
    }
    return ranks
  }()

  /// 128 slots of 16 bits; empty where no corner is.
  static func feature(of raster: Raster) throws(FeatureFailure) -> [UInt8] {
    let cells = try cells(of: raster)
    guard !cells.isEmpty else { return [] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(slotCount * 2)
    for slot in slots(of: cells) { bytes.append(littleEndian: slot) }
    return bytes
  }

  /// The cells with a corner, row by row from 0 at the upper left; a cell as often as it has corners.
  static func cells(of raster: Raster) throws(FeatureFailure) -> [Int] {
    let (width, height) = (raster.specification.width, raster.specification.height)
    var corners = [Int32](repeating: 0, count: 2 * cornerLimit)
    var count: Int32 = 0
    unsafe try OpenCVLibrary.call(.cornerMinHash, raster) { picture, message, capacity in
      unsafe copencv_corners(
        picture, Int32(cornerLimit), floor, &corners, &count, message, capacity)
    }
    return (0..<Int(count)).map { corner in
      let (x, y) = (Int(corners[2 * corner]), Int(corners[2 * corner + 1]))
      return y * gridSide / height * gridSide + x * gridSide / width
    }
  }

  /// The least rank of the cells, slot by slot.
  ///
  /// - Precondition: there is a cell, and each is in 0 ..< 1024.
  static func slots(of cells: [Int]) -> [UInt16] {
    var least = (Slots(repeating: .max), Slots(repeating: .max))
    for cell in cells {
      least.0 = pointwiseMin(least.0, ranks[cell].0)
      least.1 = pointwiseMin(least.1, ranks[cell].1)
    }
    return (0..<slotCount).map { $0 < 64 ? least.0[$0] : least.1[$0 - 64] }
  }
}
