/// The chain of links that joins two images: why they are in one cluster.
public struct ForestPath: Equatable, Sendable {
  /// The images from the first to the last, both included.
  public let images: [UInt32]
  /// The link of each two neighbours of `images`; one fewer than images.
  public let links: [Link]

  /// The last of the path's links under `Link`'s order, or nil if the path is one image.
  ///
  /// Above its similarity, the two images are in different clusters.
  public var weakestLink: Link? { links.max() }
}

extension SpanningForest {
  /// The one path between two images in the forest, or nil if no link at any threshold joins them.
  ///
  /// Its weakest link is as strong as that of any path over all links.
  ///
  /// - Complexity: O(n) time, 32 bytes an image.
  public func path(from start: UInt32, to end: UInt32) -> ForestPath? {
    precondition(start < imageCount && end < imageCount, "\(start) or \(end) is no image")
    let (linkPositions, offsets) = incidence()
    // Breadth first from the end, so that following `towardsEnd` from the start reads in order.
    var towardsEnd = [Int](repeating: -1, count: imageCount)
    var reached = [end]
    var next = 0
    while next < reached.count, reached[next] != start {
      let image = reached[next]
      next += 1
      for position in linkPositions[offsets[Int(image)]..<offsets[Int(image) + 1]] {
        let other = links[position].a ^ links[position].b ^ image
        if other == end || towardsEnd[Int(other)] >= 0 { continue }
        towardsEnd[Int(other)] = position
        reached.append(other)
      }
    }
    guard next < reached.count else { return nil }

    var (images, path) = ([start], [Link]())
    while images[images.count - 1] != end {
      let image = images[images.count - 1]
      let link = links[towardsEnd[Int(image)]]
      path.append(link)
      images.append(link.a ^ link.b ^ image)
    }
    return ForestPath(images: images, links: path)
  }

  /// The positions of each image's links: image `i`'s are those in `offsets[i]..<offsets[i + 1]`.
  private func incidence() -> (linkPositions: [Int], offsets: [Int]) {
    var offsets = [Int](repeating: 0, count: imageCount + 1)
    for link in links {
      offsets[Int(link.a) + 1] += 1
      offsets[Int(link.b) + 1] += 1
    }
    for image in 0..<imageCount { offsets[image + 1] += offsets[image] }
    var fill = offsets
    var linkPositions = [Int](repeating: 0, count: 2 * links.count)
    for (position, link) in links.enumerated() {
      for image in [link.a, link.b] {
        linkPositions[fill[Int(image)]] = position
        fill[Int(image)] += 1
      }
    }
    return (linkPositions, offsets)
  }
}
