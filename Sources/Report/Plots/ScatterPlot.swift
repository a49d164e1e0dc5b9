import Catalog

/// A small picture of one row, shown where the row lies.
public struct ScatterThumbnail: Hashable, Sendable {
  /// The row, which must have a place.
  public let row: Int
  /// Its file, relative to the folder of the plot.
  public let file: ArchivePath
  /// The image's path, which is said when the picture is pointed at.
  public let path: ArchivePath
  /// Pixels of the thumbnail.
  public let width, height: Int

  /// Makes a thumbnail of its parts; there must be pixels.
  public init(row: Int, file: ArchivePath, path: ArchivePath, width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a thumbnail of \(width) x \(height)")
    (self.row, self.file, self.path) = (row, file, path)
    (self.width, self.height) = (width, height)
  }
}

/// Rows in the plane, coloured by cluster: what an embedding shows.
///
/// A unit is as long across as it is down, since only distances mean something. The large clusters
/// lie behind the small ones, rows in no cluster behind all. The numbers of clusters stand in their
/// midst, so that no one has to tell dozens of colours apart.
///
/// With thumbnails the file must be opened itself or in a frame: what an `img` element shows loads no
/// other file.
///
/// - Complexity: O(rows) time and memory, about 12 bytes of the file a row.
public struct ScatterPlot: Plot, Hashable {
  /// The heading.
  public let title: String
  /// What the axes are.
  public let xTitle, yTitle: String
  /// The place of each row; one that is not finite is not drawn.
  public let x, y: [Double]
  /// The cluster of each row, from 0, or -1 for none.
  public let labels: [Int32]
  /// Pictures of some rows: see ``spreadRows(limit:)``.
  public var thumbnails: [ScatterThumbnail]

  /// Makes a plot; there must be as many of `x`, `y` and `labels`.
  public init(
    title: String, xTitle: String, yTitle: String, x: [Double], y: [Double], labels: [Int32],
    thumbnails: [ScatterThumbnail] = []
  ) {
    precondition(
      x.count == y.count && x.count == labels.count,
      "\(x.count) x, \(y.count) y, \(labels.count) labels")
    self.title = title
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.x = x
    self.y = y
    self.labels = labels
    self.thumbnails = thumbnails
  }

  /// Rows far enough from each other that thumbnails of them hardly overlap, ascending.
  ///
  /// They are spread over the whole plot: the plane is cut into squares, of which each gives the row
  /// nearest to its centre, and the squares are made larger until no more than `limit` have a row.
  ///
  /// - Complexity: O(rows) time for each of a few sizes.
  public func spreadRows(limit: Int) -> [Int] {
    ScatterLayout(plot: self).spreadRows(limit: limit).sorted()
  }

  /// Hands the bytes of the SVG file to `sink`; throws what the sink throws.
  public func write(to sink: ByteSink) throws {
    let layout = ScatterLayout(plot: self)
    let tally = ClusterTally(layout.rows.map { labels[$0] })
    let document = PlotDocument(
      width: 1000, height: ScatterLayout.bottom + 52, title: title,
      note: note(layout.rows.count), description: description(tally),
      colorCount: tally.colorCount)
    try document.write(to: sink) { bytes in
      layout.frame.appendGrid(xTitle: xTitle, hasColumns: true, to: &bytes)
      bytes.appendText("tick", x: ScatterLayout.left, y: ScatterLayout.top - 6, yTitle)
      ScatterMarks(plot: self, layout: layout, tally: tally).append(to: &bytes)
      ScatterLegend(tally: tally).append(
        left: ScatterLayout.right + 26, top: ScatterLayout.top, to: &bytes)
    }
  }

  private func note(_ placedCount: Int) -> String {
    var parts = [counted(placedCount, "image")]
    if placedCount < x.count { parts.append("\(grouped(x.count - placedCount)) have no place") }
    if !thumbnails.isEmpty { parts.append("\(grouped(thumbnails.count)) of them shown") }
    return parts.joined(separator: "; ")
  }

  private func description(_ tally: ClusterTally) -> String {
    "\(counted(x.count, "image")) in \(counted(tally.bySize.count, "cluster")), "
      + "\(grouped(tally.noiseCount)) in none."
  }
}
