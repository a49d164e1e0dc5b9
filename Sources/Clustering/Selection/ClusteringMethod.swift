/// A way to cluster vectors, known by its name.
public enum ClusteringMethod: String, Hashable, Sendable, CaseIterable {
  /// k-means (``KMeans``).
  case kMeans = "kmeans"
  /// k-means whose centers follow small samples.
  case sampledKMeans = "minibatch-kmeans"
  /// Agglomerative, by the growth of the squared distances to means (``Agglomerative``).
  case ward
  /// Agglomerative, by the nearest two members.
  case single
  /// Agglomerative, by the farthest two members.
  case complete
  /// Agglomerative, by the mean distance of members.
  case average
  /// Agglomerative, by the mean distance of the two parts of a cluster.
  case weighted
  /// Agglomerative, by the distance of the means.
  case centroid
  /// Agglomerative, by the distance of points half way between.
  case median
  /// A mixture of Gaussians of any shape (``GaussianMixture``).
  case gaussian
  /// A mixture of Gaussians along the axes.
  case diagonalGaussian = "gaussian-diagonal"
  /// k-means on the eigenvectors of a graph of neighbours (``SpectralClustering``).
  case spectral
  /// Regions of some density (``DBSCAN``).
  case dbscan
  /// Regions of any density that lasts (``HDBSCAN``).
  case hdbscan
  /// Exemplars that rows send messages to (``AffinityPropagation``).
  case affinity

  /// Whether it is told how many clusters to find.
  public var takesClusterCount: Bool {
    switch self {
    case .dbscan, .hdbscan, .affinity: false
    default: true
    }
  }
}
