/// The one script of the pages: it shows the original where a thumbnail is missing, and orders the
/// members of every cluster by path or by weakest link.
///
/// It stands in the head, since a thumbnail may fail to load before the page is read to its end.
/// Without it a page shows a name for a missing thumbnail, members by path, and no control that does
/// nothing. An `object` element with the original inside would need no script, but names every
/// original twice, which made a page of 751 thumbnails 849 kB instead of 574 kB, and is never lazy.
enum PageScript {
  /// What a page names in its security policy; a test compares it with the text, and prints it.
  static let digest = "sha256-5SwYDgsLaCT8HK5a2SggGAsnjRNZS8B6/pw8ZGNgKSg="

  static let text = """

    document.addEventListener('error', event => {
      const image = event.target;
      const link = image.parentElement;
      if (image.localName === 'img' && image.src !== link.href) image.src = link.href;
    }, true);
    document.addEventListener('DOMContentLoaded', () => {
      for (const control of document.querySelectorAll('.order')) control.hidden = false;
    });
    document.addEventListener('change', event => {
      const key = event.target.value;
      for (const list of document.querySelectorAll('.members')) {
        const members = [...list.children];
        for (const member of members) member.hidden = !(key in member.dataset);
        members.sort((a, b) => (a.dataset[key] ?? 1e9) - (b.dataset[key] ?? 1e9));
        list.append(...members);
      }
    });

    """
}
