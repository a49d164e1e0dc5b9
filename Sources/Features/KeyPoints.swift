import COpenCV
import Imaging

extension DescriptorMethod {
  /// `orb`, `sift`: OpenCV's key points with their descriptors, the strongest 500.
  ///
  /// OpenCV's defaults otherwise. ORB: scale factor 1.2, 8 levels, edge threshold 31, first level 0,
  /// two points a comparison, Harris' score, patches of 31, FAST threshold 20. SIFT: 3 layers an
  /// octave, contrast threshold 0.04, edge threshold 10, sigma 1.6; its descriptors are whole numbers.
  /// Both return more than they are asked for where responses tie at the last place: ties go to the
  /// first in the order of the records.
  func keyPoints(of raster: Raster) throws(FeatureFailure) -> [UInt8] {
    // ORB's key points keep 31 pixels away from the border; of a side of one or two pixels OpenCV
    // cannot make the levels of its pyramid at all.
    if self == .orb && min(raster.specification.width, raster.specification.height) <= 62 {
      return []
    }
    let find = unsafe self == .orb ? copencv_orb : copencv_sift
    var records = [UInt8](repeating: 0, count: Self.keyPointLimit * recordByteCount)
    var count: Int32 = 0
    unsafe try OpenCVLibrary.call(self, raster) { picture, message, capacity in
      unsafe find(picture, Int32(Self.keyPointLimit), &records, &count, message, capacity)
    }
    return Array(records.prefix(Int(count) * recordByteCount))
  }
}
