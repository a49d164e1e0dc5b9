/// The distance of two clusters, by which agglomeration picks the two to merge next.
///
/// Of rows it is the Euclidean distance; of clusters the formula of Lance and Williams (1967) says
/// how far a third is from the union of two.
public enum AgglomerativeLinkage: String, CaseIterable, Sendable {
  /// How much merging would add to the sum of squared distances to the means: √(2ab/(a+b)) times
  /// the distance of the means of a and b rows (Ward 1963).
  case ward
  /// The nearest two rows.
  case single
  /// The farthest two rows.
  case complete
  /// The mean over all pairs (UPGMA, Sokal and Michener 1958).
  case average
  /// The mean of the distances of the two halves, whatever their sizes (WPGMA).
  case weighted
  /// The means of the rows.
  case centroid
  /// Centers, that of a union being halfway between both (Gower 1967).
  case median

  /// Whether heights never descend: a union is no nearer to a third cluster than the nearer half.
  public var isMonotone: Bool { self != .centroid && self != .median }
}
