/// A picture of values, written as one SVG file that a browser shows, light or dark.
///
/// The bytes depend on the values alone. Text is only ever text: it is escaped wherever it came from.
/// The file needs nothing else, but for the thumbnails of a ``ScatterPlot``.
public protocol Plot: Sendable {
  /// Hands the bytes of the SVG file to `sink`; throws what the sink throws.
  func write(to sink: ByteSink) throws
}

/// What every plot has: the root with its style, a heading, and what a screen reader says.
struct PlotDocument {
  /// Size of the view box, in units of a pixel at the natural size.
  let width: Double
  let height: Double
  /// The heading.
  let title: String
  /// A line under the heading, or none if empty.
  var note = ""
  /// One or two sentences that say what is to be seen.
  let description: String
  /// How many colours of the palette are used.
  var colorCount = 0

  /// Where the content begins, under heading and note.
  static let contentTop = 58.0

  /// Writes the file, its content appended by `draw`.
  func write(to sink: ByteSink, _ draw: (inout [UInt8]) -> Void) throws {
    var bytes: [UInt8] = []
    let size = "\(tenths(width)) \(tenths(height))"
    bytes.append(
      raw: """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(tenths(width))" \
        height="\(tenths(height))" role="img" aria-labelledby="title text">
        <title id="title">
        """)
    bytes.append(xml: title)
    bytes.append("</title>\n<desc id=\"text\">")
    bytes.append(xml: description)
    bytes.append("</desc>\n<style>")
    bytes.append(raw: PageStyle.colors + Self.style + PlotPalette.style(count: colorCount))
    bytes.append("</style>\n<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n")
    bytes.appendText("heading", x: 20, y: 30, title)
    if !note.isEmpty { bytes.appendText("note", x: 20, y: 48, note) }
    draw(&bytes)
    bytes.append("</svg>\n")
    try sink(bytes)
  }

  /// How the parts look, given the colours of the page and of the palette.
  private static let style = """
    :root { background: var(--back) }
    text { font: 11px system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
      fill: var(--quiet); font-variant-numeric: tabular-nums }
    .heading { font-size: 17px; font-weight: 600; fill: var(--ink) }
    .title { font-size: 13px; font-weight: 600; fill: var(--ink) }
    .note { font-size: 12px }
    .scale { font-weight: 400; fill: var(--quiet) }
    .label { fill: var(--ink) }
    .value { font-size: 12px; fill: var(--ink) }
    .back { fill: var(--back) }
    .grid { stroke: var(--line); stroke-width: 1; fill: none }
    .zero { stroke: var(--quiet); stroke-width: 1; fill: none }
    .here { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3; fill: none }
    .none { color: var(--quiet) }
    .chosen { stroke: currentColor; stroke-width: 1.2; stroke-dasharray: 3 3; fill: none }
    .area { fill: currentColor }
    .faint { fill: currentColor; fill-opacity: .3 }
    .line { stroke: currentColor; stroke-width: 1.6; fill: none; stroke-linejoin: round }
    .dash1 { stroke-dasharray: 7 3 }
    .dash2 { stroke-dasharray: 2 2.5 }
    .dash3 { stroke-dasharray: 8 3 2 3 }
    .bars { stroke: currentColor; stroke-width: 1; fill: none }
    .dot { fill: currentColor; stroke: var(--back); stroke-width: 1.5 }
    .mark { fill: currentColor }
    .points { stroke: currentColor; stroke-linecap: round; fill: none }
    .halo { font-size: 13px; font-weight: 700; fill: var(--ink); stroke: var(--back);
      stroke-width: 3.5; stroke-linejoin: round; paint-order: stroke }
    .frame { fill: var(--mat); stroke: currentColor; stroke-width: 2 }

    """
}
