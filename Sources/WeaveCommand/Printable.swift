/// Text that came from a commit, a file or an argument, with what a terminal would obey, or what would make one line
/// look like another, shown as `?`: control and format characters, and line separators.
func printable(_ text: String) -> String {
  if text.isPlain { return text }
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: shown.append("?")
    default: shown.append(scalar)
    }
  }
  return String(shown)
}

extension String {
  /// Whether it is of ASCII's visible characters and spaces alone: each byte is then a character, and a column.
  var isPlain: Bool { utf8.allSatisfy { (0x20...0x7e).contains($0) } }

  /// How many columns it takes.
  var columns: Int { isPlain ? utf8.count : count }
}
