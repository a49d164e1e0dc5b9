import Catalog

/// Writes `clusters.csv`: one row for each name of each image.
///
/// RFC 4180: a header, rows that end in CR LF, paths always quoted with quotes doubled. A path is the
/// raw bytes of the file system, so the file is not UTF-8 where a path is not. Columns:
///
/// | column | meaning |
/// |---|---|
/// | cluster | number of the cluster from 1; empty for an outlier |
/// | images | number of images in the cluster |
/// | cluster_weakest | similarity of the weakest link inside the cluster |
/// | image | number of the image in the catalog |
/// | role | `representative`, `member` or `outlier` |
/// | name | 1 for an image's first name, 2 and up for its hard links |
/// | nearest, weakest | similarity of the image's strongest and weakest link in the cluster |
/// | width, height | pixels |
/// | bytes | size of the file |
/// | path | relative to the archive |
///
/// - Complexity: O(bytes written) time, 256 KiB of memory.
public struct ClusterCSV: ClusterWriter {
  private var buffer: ByteBuffer
  private var heading: ClusterHeading?
  private var memberCount = 0

  /// Starts a table that goes to `sink`.
  public init(sink: @escaping ByteSink) {
    buffer = ByteBuffer(sink: sink)
    buffer.bytes.append(
      "cluster,images,cluster_weakest,image,role,name,nearest,weakest,width,height,bytes,path\r\n")
  }

  /// Starts a cluster; throws nothing itself.
  public mutating func beginCluster(_ heading: ClusterHeading) throws {
    self.heading = heading
    memberCount = 0
  }

  /// Writes a row for each name of a member; throws what the sink throws.
  public mutating func append(_ member: ClusterMember) throws {
    guard let heading else { preconditionFailure("image \(member.image.rawValue) in no cluster") }
    let role: StaticString =
      member.image == heading.representative ? "representative" : "member"
    try appendRows(of: member, role: role)
    memberCount += 1
  }

  /// Ends the cluster; throws nothing itself.
  ///
  /// - Precondition: as many members were added as the heading says.
  public mutating func endCluster() throws {
    precondition(
      memberCount == heading?.imageCount,
      "\(memberCount) members after a heading of \(heading?.imageCount ?? 0)")
    heading = nil
  }

  /// Writes a row for each name of an outlier; throws what the sink throws.
  public mutating func appendOutlier(_ image: ClusterMember) throws {
    try appendRows(of: image, role: "outlier")
  }

  /// Hands the last rows to the sink; throws what it throws.
  public mutating func finish() throws { try buffer.flush() }

  private mutating func appendRows(of member: ClusterMember, role: StaticString) throws {
    appendRow(of: member, role: role, name: 1, path: member.path)
    for (index, path) in member.otherPaths.enumerated() {
      appendRow(of: member, role: role, name: index + 2, path: path)
    }
    try buffer.flushIfFull()
  }

  private mutating func appendRow(
    of member: ClusterMember, role: StaticString, name: Int, path: ArchivePath
  ) {
    let comma = UInt8(ascii: ",")
    if let heading {
      buffer.bytes.append(decimal: heading.number)
      buffer.bytes.append(comma)
      buffer.bytes.append(decimal: heading.imageCount)
      buffer.bytes.append(comma)
      if let weakest = heading.weakestSimilarity { buffer.bytes.append(shortest: weakest) }
      buffer.bytes.append(comma)
    } else {
      buffer.bytes.append(",1,,")
    }
    buffer.bytes.append(decimal: member.image.rawValue)
    buffer.bytes.append(comma)
    buffer.bytes.append(role)
    buffer.bytes.append(comma)
    buffer.bytes.append(decimal: name)
    buffer.bytes.append(comma)
    if let nearest = member.nearestSimilarity { buffer.bytes.append(shortest: nearest) }
    buffer.bytes.append(comma)
    if let weakest = member.weakestSimilarity { buffer.bytes.append(shortest: weakest) }
    buffer.bytes.append(comma)
    buffer.bytes.append(decimal: member.width)
    buffer.bytes.append(comma)
    buffer.bytes.append(decimal: member.height)
    buffer.bytes.append(comma)
    buffer.bytes.append(decimal: member.byteCount)
    buffer.bytes.append(comma)
    buffer.bytes.append(csv: path.bytes)
    buffer.bytes.append("\r\n")
  }
}

extension [UInt8] {
  /// Appends a quoted CSV field: the bytes as they are, quotes doubled.
  mutating func append(csv field: some Collection<UInt8>) {
    let quote = UInt8(ascii: "\"")
    append(quote)
    if field.contains(quote) {
      for byte in field {
        if byte == quote { append(quote) }
        append(byte)
      }
    } else {
      append(contentsOf: field)
    }
    append(quote)
  }
}
