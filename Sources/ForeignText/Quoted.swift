/// Text of others as the syntaxes of other programs quote it: one writer for each syntax. What such a program reads is the
/// text as it went in, whatever it holds.
///
/// U+0000, which shells, Git, Nix, XML and Graphviz have no way to write, becomes U+FFFD there; and so does, in XML, every
/// other character that XML does not have. No record has one: names and texts with control characters are refused.
public enum Quoted {}

extension Quoted {
  /// One word of a POSIX shell, always within single quotes (POSIX.1-2024, Shell Command Language, 2.2.2).
  public static func shell(_ text: some StringProtocol) -> String {
    "'" + text.mapScalars { $0 == "'" ? "'\\''" : $0 == "\0" ? "\u{FFFD}" : nil } + "'"
  }

  /// One word of a POSIX shell, quoted only where it must be: for a command that a person pastes. Control and format
  /// characters, which no terminal shows as they are, are `?`.
  public static func shellWord(_ text: some StringProtocol) -> String {
    let isPlain =
      // zsh takes `=ls` for the path of ls.
      !text.isEmpty && !text.begins(with: "=")
      && text.utf8.allSatisfy {
        Unicode.Scalar($0).isASCIIAlphanumeric || "_-./:=@%+,".utf8.contains($0)
      }
    return isPlain ? String(text) : shell(terminal(text))
  }

  /// The words of a command, as a person pastes it.
  public static func shellCommand(_ words: [String]) -> String {
    words.map { shellWord($0) }.joined(separator: " ")
  }

  /// What stands in a comment that ends with its line: control and format characters are `?`, and an ampersand that
  /// could begin an anchor of YAML is `\x26`, as weave counts anchors in comments, too.
  public static func comment(_ text: some StringProtocol) -> String {
    let scalars = Array(terminal(text).unicodeScalars)
    var comment = ""
    for (index, scalar) in scalars.enumerated() {
      if scalar == "&", mayBeAnchor(scalars, at: index) {
        comment += "\\x26"
      } else {
        comment.unicodeScalars.append(scalar)
      }
    }
    return comment
  }

  /// What a terminal shows and does not obey, on one line: control and format characters, and line separators, are `?`.
  public static func terminal(_ text: some StringProtocol) -> String {
    text.mapScalars { $0.isUnseen ? "?" : nil }
  }
}
