/// The one style sheet of the pages: light, dark and print.
enum PageStyle {
  /// What a page names in its security policy; a test compares it with the text.
  static let digest = "sha256-+EF7STk/0tIAgTJJBPAozj+41Xrvbw4wHsMn0GwLuME="

  static let text = colors + layout + clusters + print + CurveDrawing.style

  static let colors = """

    :root { color-scheme: light dark; --ink: #1c1b19; --quiet: #6a665e; --line: #e0dcd3;
      --accent: #8a3b12; --back: #fdfcf9; --card: #fff; --mat: #f2efe8 }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #ece8df; --quiet: #a29c90; --line: #3a3731; --accent: #e6996b;
        --back: #171613; --card: #1e1d1a; --mat: #282622 }
    }

    """

  private static let layout = """
    * { box-sizing: border-box }
    body { margin: 0 auto; max-width: 76rem; padding: 2.5rem 1.5rem 5rem; background: var(--back);
      color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
      font-variant-numeric: tabular-nums }
    h1, h2 { font-family: "Iowan Old Style", Charter, Georgia, "Noto Serif", "DejaVu Serif", serif;
      font-weight: 500; line-height: 1.2; text-wrap: balance }
    h1 { font-size: 2.3rem; margin: 0 0 .4rem; overflow-wrap: anywhere }
    h2 { font-size: 1.45rem; margin: 3.2rem 0 .3rem; padding-top: 1rem;
      border-top: 1px solid var(--line) }
    h3 { font-size: 1rem; margin: 0 }
    p { margin: .4rem 0; max-width: 46rem }
    a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: 1px }
    a:focus-visible, summary:focus-visible, input:focus-visible {
      outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px }
    .lede { font-size: 1.15rem; color: var(--quiet) }
    .lede b { color: var(--ink); font-weight: 600 }
    .quiet { color: var(--quiet) }
    .alarm { border-left: 3px solid var(--accent); padding-left: .8rem; font-weight: 600 }
    .skip { position: absolute; left: -99rem }
    .skip:focus { position: static }
    nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: 1rem 0;
      list-style: none }
    nav [aria-current] { color: var(--ink); font-weight: 600 }
    .totals { display: grid; grid-template-columns: repeat(6, 1fr);
      gap: 1px; margin: 1.6rem 0 .8rem; background: var(--line); border: 1px solid var(--line) }
    .totals div { background: var(--back); padding: .7rem .9rem }
    .totals dt { color: var(--quiet); font-size: .85rem }
    .totals dd { margin: 0; font-size: 1.45rem; line-height: 1.3 }
    @media (max-width: 52rem) { .totals { grid-template-columns: repeat(3, 1fr) } }
    .settings { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; margin: 1rem 0 }
    .settings dt, .settings dd { display: inline; margin: 0 }
    .settings dt { color: var(--quiet) }
    table { border-collapse: collapse; margin: .8rem 0 }
    th { text-align: left; font-weight: 500; color: var(--quiet); font-size: .85rem }
    th, td { padding: .25rem 1.4rem .25rem 0; border-bottom: 1px solid var(--line);
      vertical-align: top; overflow-wrap: anywhere; unicode-bidi: isolate }
    .number { text-align: right; white-space: nowrap }
    details { margin: .6rem 0 }
    summary { cursor: pointer; color: var(--accent) }
    .plot { overflow-x: auto; margin: 1rem 0 }
    .curve { display: block; width: 100%; min-width: 40rem; height: auto }

    """

  private static let clusters = """
    .order { border: 0; padding: .6rem 0; margin: 0; display: flex; gap: 1.2rem; color: var(--quiet);
      position: sticky; top: 0; background: var(--back); z-index: 1 }
    .order[hidden] { display: none }
    .order legend { float: left; padding: 0 }
    .order input { accent-color: var(--accent) }
    .cluster { margin: 1.6rem 0 2.2rem; content-visibility: auto; contain-intrinsic-size: auto 24rem }
    .cluster header { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline;
      margin-bottom: .6rem }
    .cluster header p { margin: 0; color: var(--quiet) }
    .cluster h3 a { color: inherit; text-decoration: none }
    .members, .strip { list-style: none; margin: 0; padding: 0; display: grid; gap: .7rem;
      grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)) }
    .members li[hidden] { display: none }
    figure { margin: 0; height: 100%; background: var(--card); border: 1px solid var(--line) }
    figure > a, .strip a { display: grid; place-items: center; height: 8.5rem; background: var(--mat);
      color: var(--quiet); text-decoration: none; font-size: .85rem; text-align: center }
    img { max-width: 100%; max-height: 8.5rem; width: auto; height: auto; display: block;
      outline: 1px solid var(--line); outline-offset: -1px }
    .tiny { height: 3rem; object-fit: contain; image-rendering: pixelated }
    .plots { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)) }
    .plots a { display: block }
    .plots img { max-height: none; width: 100% }
    figcaption { padding: .45rem .6rem .55rem; font-size: .8rem; line-height: 1.4 }
    .name { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
      overflow: hidden; overflow-wrap: anywhere }
    .facts { display: block; color: var(--quiet) }
    .facts span { display: inline-block; margin-right: .7em }
    .folder { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
    .stands { color: var(--accent) }
    .strip { grid-template-columns: repeat(auto-fill, 5rem); gap: .3rem }
    .strip a { height: 4rem }
    .strip .none span { display: none }
    .strip .none { line-height: 1.2 }
    .strip img { max-height: 4rem }
    .row .body { display: flex; flex-wrap: wrap; gap: .5rem 1.2rem }
    .strip { flex: 0 0 auto; width: min(100%, 31.5rem) }
    .names { flex: 1 1 24rem; margin: 0; padding: 0; list-style: none; font-size: .82rem;
      min-width: 0; word-break: break-all; color: var(--quiet) }
    .names li { padding-left: 1em; text-indent: -1em }
    .names a { color: var(--ink); text-decoration: none }
    .names a:hover, .names a:focus-visible { text-decoration: underline }
    .row { border-top: 1px solid var(--line); padding: .7rem 0; margin: 0;
      contain-intrinsic-size: auto 8rem }
    .row header { margin-bottom: .3rem }

    """

  private static let print = """
    @media print {
      :root { --ink: #000; --quiet: #444; --line: #bbb; --accent: #000; --back: #fff; --card: #fff;
        --mat: #fff }
      body { max-width: none; padding: 0; font-size: 10pt }
      nav, .order, .skip { display: none }
      .cluster { content-visibility: visible }
      figure, .row { break-inside: avoid }
      h2, .cluster header { break-after: avoid }
    }

    """
}
