import Catalog

/// Writes `clusters.jsonl`: one line, a JSON object, for each cluster and each outlier.
///
/// ```json
/// {"cluster":1,"imageCount":2,"weakestLink":0.93,"representative":4,"images":[
///   {"image":4,"path":"a.jpg","width":640,"height":480,"bytes":9000,"nearest":0.93,"weakest":0.93},
///   {"image":9,"pathBase64":"/2EuanBn", ...,"otherNames":[{"path":"b/a.jpg"}]}]}
/// ```
///
/// (shown on four lines, written on one). An outlier has `"cluster":null` and one image. A path that
/// is not UTF-8 is given as `pathBase64`, the Base64 of its bytes, in place of `path`. What is not
/// known is left out. A cluster is written as its members come, so a line may be long, never the
/// memory.
///
/// - Complexity: O(bytes written) time, 256 KiB of memory.
public struct ClusterJSONLines: ClusterWriter {
  private var buffer: ByteBuffer
  private var isFirstMember = true

  /// Starts a table that goes to `sink`.
  public init(sink: @escaping ByteSink) { buffer = ByteBuffer(sink: sink) }

  /// Writes what comes before the members; throws nothing itself.
  public mutating func beginCluster(_ heading: ClusterHeading) throws {
    buffer.bytes.append("{\"cluster\":")
    buffer.bytes.append(decimal: heading.number)
    buffer.bytes.append(",\"imageCount\":")
    buffer.bytes.append(decimal: heading.imageCount)
    if let weakest = heading.weakestSimilarity {
      buffer.bytes.append(",\"weakestLink\":")
      buffer.bytes.append(shortest: weakest)
    }
    buffer.bytes.append(",\"representative\":")
    buffer.bytes.append(decimal: heading.representative.rawValue)
    buffer.bytes.append(",\"images\":[")
    isFirstMember = true
  }

  /// Writes one member; throws what the sink throws.
  public mutating func append(_ member: ClusterMember) throws {
    if !isFirstMember { buffer.bytes.append(UInt8(ascii: ",")) }
    isFirstMember = false
    appendObject(of: member)
    try buffer.flushIfFull()
  }

  /// Ends the line; throws what the sink throws.
  public mutating func endCluster() throws {
    buffer.bytes.append("]}\n")
    try buffer.flushIfFull()
  }

  /// Writes a line for an outlier; throws what the sink throws.
  public mutating func appendOutlier(_ image: ClusterMember) throws {
    buffer.bytes.append("{\"cluster\":null,\"imageCount\":1,\"images\":[")
    appendObject(of: image)
    try endCluster()
  }

  /// Hands the last lines to the sink; throws what it throws.
  public mutating func finish() throws { try buffer.flush() }

  private mutating func appendObject(of member: ClusterMember) {
    buffer.bytes.append("{\"image\":")
    buffer.bytes.append(decimal: member.image.rawValue)
    buffer.bytes.append(UInt8(ascii: ","))
    buffer.bytes.append(jsonPath: member.path)
    buffer.bytes.append(",\"width\":")
    buffer.bytes.append(decimal: member.width)
    buffer.bytes.append(",\"height\":")
    buffer.bytes.append(decimal: member.height)
    buffer.bytes.append(",\"bytes\":")
    buffer.bytes.append(decimal: member.byteCount)
    if let nearest = member.nearestSimilarity {
      buffer.bytes.append(",\"nearest\":")
      buffer.bytes.append(shortest: nearest)
    }
    if let weakest = member.weakestSimilarity {
      buffer.bytes.append(",\"weakest\":")
      buffer.bytes.append(shortest: weakest)
    }
    if !member.otherPaths.isEmpty { appendNames(member.otherPaths) }
    buffer.bytes.append(UInt8(ascii: "}"))
  }

  private mutating func appendNames(_ paths: [ArchivePath]) {
    buffer.bytes.append(",\"otherNames\":[")
    for (index, path) in paths.enumerated() {
      if index > 0 { buffer.bytes.append(UInt8(ascii: ",")) }
      buffer.bytes.append(UInt8(ascii: "{"))
      buffer.bytes.append(jsonPath: path)
      buffer.bytes.append(UInt8(ascii: "}"))
    }
    buffer.bytes.append(UInt8(ascii: "]"))
  }
}
