/// Text that came from a commit, a file or an argument, with what a terminal would obey, or what would make one line
/// look like another, shown as `?`: control and format characters, and line separators.
func printable(_ text: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: shown.append("?")
    default: shown.append(scalar)
    }
  }
  return String(shown)
}
