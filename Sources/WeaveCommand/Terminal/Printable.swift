import ForeignText

/// Text that came from a commit, a file or an argument, as a terminal may show it on one line (``Quoted/terminal(_:)``).
func printable(_ text: String) -> String { text.isPlain ? text : Quoted.terminal(text) }

extension String {
  /// Whether it is of ASCII's visible characters and spaces alone: each byte is then a character, and a column.
  var isPlain: Bool { utf8.allSatisfy { (0x20...0x7e).contains($0) } }

  /// How many columns it takes.
  var columns: Int { isPlain ? utf8.count : count }
}
