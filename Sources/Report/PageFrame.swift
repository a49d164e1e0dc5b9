/// What every page has: head, security policy, style, script, foot.
enum PageFrame {
  /// Nothing may be loaded but images; the only style and script are those whose
  /// SHA-256 digests are named, so that even text that escaped our escaping could not run.
  static let policy =
    "default-src 'none'; img-src 'self' file:; style-src '\(PageStyle.digest)'; "
    + "script-src '\(PageScript.digest)'; base-uri 'none'; form-action 'none'"

  /// Appends all up to the content of `main`.
  static func appendHead(title: String, to bytes: inout [UInt8]) {
    bytes.append(
      raw: """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="\(policy)">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>
        """)
    bytes.append(html: title)
    bytes.append(raw: "</title>\n<style>\(PageStyle.text)</style>\n")
    bytes.append(raw: "<script>\(PageScript.text)</script>\n</head>\n<body>\n")
  }

  /// Appends all after the content of `main`.
  static func appendFoot(to bytes: inout [UInt8]) {
    bytes.append("</body>\n</html>\n")
  }
}
