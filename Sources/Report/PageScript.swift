/// The one script of the pages: it orders the members of every cluster by path or by weakest link.
///
/// Without it a page shows members by path, and no control that does nothing.
enum PageScript {
  /// What a page names in its security policy; a test compares it with the text, and prints it.
  static let digest = "sha256-GlLkJ3Nq/r3lql0haZmR6/agqU8yukyflI61jYZ9da4="

  static let text = """

    const control = document.querySelector('.order');
    if (control) {
      control.hidden = false;
      control.addEventListener('change', event => {
        const key = event.target.value;
        for (const list of document.querySelectorAll('.members')) {
          const members = [...list.children];
          for (const member of members) member.hidden = !(key in member.dataset);
          members.sort((a, b) => (a.dataset[key] ?? 1e9) - (b.dataset[key] ?? 1e9));
          list.append(...members);
        }
      });
    }

    """
}
