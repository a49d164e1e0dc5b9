import Imaging
import Storage

extension Session {
  /// Tells of batches that other versions of the libraries decoded than this machine has, in one line.
  ///
  /// Their features are kept: an upgrade must not cost a night.
  func tellOfOtherDecoders() throws {
    var batchCounts: [String: Int] = [:]
    for batch in try context.database.batches() {
      for decoder in Set(batch.measures.values.flatMap(\.origin.decoders)) {
        batchCounts[decoder, default: 0] += 1
      }
    }
    let others = batchCounts.sorted { $0.key < $1.key }.compactMap { decoder, count -> String? in
      let inUse = DecodedImage.Lane.libraryInUse(
        insteadOf: decoder, decoderExecutable: context.decoderExecutable)
      guard let inUse, inUse != decoder else { return nil }
      return "\(decoder) (\(count) batch\(count == 1 ? "" : "es"); now \(inUse))"
    }
    guard !others.isEmpty else { return }
    let warning =
      "images were decoded by \(others.joined(separator: ", ")): what is decoded now may differ by a "
      + "few bits from what is kept; a new run decodes all by the same"
    context.log.warning("\(warning)")
    context.tell(warning)
  }
}
