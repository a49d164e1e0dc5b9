import Catalog

/// Turns clusters into the elements of a page.
struct ClusterMarkup {
  let archive: ArchiveLocation
  /// Leads from the page to the folder of `report.html`: empty, or `../`.
  let pathToRoot: StaticString
  let thumbnails: [ImageID: ThumbnailResult]

  /// Smaller pictures are shown enlarged, pixel by pixel.
  private static let leastSide = 48

  /// Appends a cluster in full: heading, members, where the rest is.
  func appendCard(_ selection: MemberSelection, to bytes: inout [UInt8]) {
    bytes.append("<article class=\"cluster\">\n")
    appendHeader(selection.heading, anchor: true, to: &bytes)
    bytes.append("<ul class=\"members\">\n")
    for member in selection.shown { appendMember(member, to: &bytes) }
    bytes.append("</ul>\n")
    if selection.isPartial {
      bytes.append(raw: "<p class=\"quiet\">All \(grouped(selection.memberCount)) are in ")
      bytes.append(raw: "<a href=\"\(pathToRoot)clusters.csv\">clusters.csv</a>.</p>\n")
    }
    bytes.append("</article>\n")
  }

  /// Appends a cluster in short: heading, small thumbnails if there are any, names.
  func appendRow(_ selection: MemberSelection, limit: Int, to bytes: inout [UInt8]) {
    bytes.append("<article class=\"cluster row\">\n")
    appendHeader(selection.heading, anchor: false, to: &bytes)
    bytes.append("<div class=\"body\">\n")
    let members = selection.shown.filter { $0.pathRank != nil }.prefix(limit).map(\.member)
    if members.contains(where: { thumbnails[$0.image] != nil }) {
      bytes.append("<ul class=\"strip\">\n")
      for member in members {
        bytes.append("<li>")
        appendPicture(of: member, to: &bytes)
        bytes.append("</li>\n")
      }
      bytes.append("</ul>\n")
    }
    appendNames(members, of: selection.memberCount, to: &bytes)
    bytes.append("</div>\n</article>\n")
  }

  private func appendHeader(_ heading: ClusterHeading, anchor: Bool, to bytes: inout [UInt8]) {
    let number = heading.number
    let title = anchor ? "<a href=\"#c\(number)\">Cluster \(grouped(number))</a>" : grouped(number)
    bytes.append(raw: "<header id=\"c\(number)\"><h3>\(title)</h3><p>")
    bytes.append(raw: "\(grouped(heading.imageCount)) images")
    if let weakest = heading.weakestSimilarity {
      bytes.append(raw: ", weakest link \(threeDecimals(weakest))")
    }
    bytes.append("</p></header>\n")
  }

  private func appendMember(_ shown: MemberSelection.Shown, to bytes: inout [UInt8]) {
    bytes.append("<li")
    if let rank = shown.pathRank { bytes.append(raw: " data-path=\"\(rank)\"") }
    if let rank = shown.weakestRank { bytes.append(raw: " data-weakest=\"\(rank)\"") }
    if shown.pathRank == nil { bytes.append(" hidden") }
    bytes.append("><figure>")
    appendPicture(of: shown.member, to: &bytes)
    bytes.append("<figcaption><span class=\"name\" title=\"")
    bytes.append(htmlPath: shown.member.path)
    bytes.append("\">")
    bytes.append(htmlPath: shown.member.path.lastComponent)
    bytes.append("</span>")
    appendFolder(of: shown.member.path, to: &bytes)
    appendFacts(of: shown, to: &bytes)
    bytes.append("</figcaption></figure></li>\n")
  }

  /// The end of the folder, where files of the same name differ.
  private func appendFolder(of path: ArchivePath, to bytes: inout [UInt8]) {
    let parts = path.bytes.split(separator: UInt8(ascii: "/")).dropLast()
    guard !parts.isEmpty else { return }
    bytes.append("<span class=\"facts folder\">")
    if parts.count > 2 { bytes.append("…/") }
    let end = parts.suffix(2).joined(separator: [UInt8(ascii: "/")])
    bytes.append(htmlPath: ArchivePath(bytes: Array(end)))
    bytes.append("/</span>")
  }

  private func appendFacts(of shown: MemberSelection.Shown, to bytes: inout [UInt8]) {
    let member = shown.member
    bytes.append(raw: "<span class=\"facts\">\(member.width) × \(member.height) · ")
    bytes.append(raw: "\(fileSize(member.byteCount))</span>")
    if let nearest = member.nearestSimilarity, let weakest = member.weakestSimilarity {
      bytes.append(raw: "<span class=\"facts\"><span>nearest \(threeDecimals(nearest))</span>")
      if weakest < nearest {
        bytes.append(raw: " <span>weakest \(threeDecimals(weakest))</span>")
      }
      bytes.append("</span>")
    }
    if !member.otherPaths.isEmpty {
      let count = member.otherPaths.count
      bytes.append(
        raw: "<span class=\"facts\">\(count) further name\(count == 1 ? "" : "s")</span>")
    }
    if shown.isRepresentative {
      bytes.append("<span class=\"facts stands\">representative</span>")
    }
  }

  /// A thumbnail that leads to the original, or the reason why there is none.
  private func appendPicture(of member: ClusterMember, to bytes: inout [UInt8]) {
    appendLinkStart(to: member.path, &bytes)
    switch thumbnails[member.image] {
    case .file(let path, let width, let height):
      // Where it is missing, the script puts the original that the link leads to in its place.
      bytes.append(raw: "<img src=\"\(pathToRoot)")
      bytes.append(urlPath: path.bytes)
      bytes.append("\"")
      if max(width, height) < Self.leastSide { bytes.append(" class=\"tiny\"") }
      bytes.append(raw: " width=\"\(width)\" height=\"\(height)\" loading=\"lazy\" ")
      bytes.append("decoding=\"async\" alt=\"")
      bytes.append(htmlPath: member.path.lastComponent)
      bytes.append("\">")
    case .unavailable(let reason):
      bytes.append("<span class=\"none\" title=\"")
      bytes.append(html: reason)
      bytes.append("\">no thumbnail<span>: ")
      bytes.append(html: reason)
      bytes.append("</span></span>")
    case nil:
      bytes.append(htmlPath: member.path.lastComponent)
    }
    bytes.append("</a>")
  }

  private func appendNames(
    _ members: [ClusterMember], of memberCount: Int, to bytes: inout [UInt8]
  ) {
    bytes.append("<ul class=\"names\">\n")
    for member in members {
      bytes.append("<li>")
      appendLinkStart(to: member.path, &bytes)
      bytes.append(htmlPath: member.path)
      bytes.append("</a></li>\n")
    }
    let rest = memberCount - members.count
    if rest > 0 { bytes.append(raw: "<li>and \(grouped(rest)) more</li>\n") }
    bytes.append("</ul>\n")
  }

  private func appendLinkStart(to path: ArchivePath, _ bytes: inout [UInt8]) {
    bytes.append("<a href=\"")
    archive.appendAddress(of: path, to: &bytes)
    bytes.append("\">")
  }
}
