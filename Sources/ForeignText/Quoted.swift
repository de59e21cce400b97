/// Text of others as the syntaxes of other programs quote it: one writer for each syntax. What such a program reads is the
/// text as it went in, whatever it holds.
///
/// U+0000, which shells, Git, Nix, XML and Graphviz have no way to write, becomes U+FFFD there; and so does, in XML, every
/// other character that XML does not have. No record has one: names and texts with control characters are refused.
public enum Quoted {}

extension Quoted {
  /// One word of a POSIX shell, always within single quotes (POSIX.1-2024, Shell Command Language, 2.2.2), and of fish, to
  /// which a backslash within them escapes (https://fishshell.com/docs/current/language.html, "Quotes"): each stands outside.
  public static func shell(_ text: some StringProtocol) -> String {
    let escaped = text.mapScalars { scalar in
      switch scalar {
      case "'", "\\": "'\\\(scalar)'"
      case "\0": "\u{FFFD}"
      default: nil
      }
    }
    return "'\(escaped)'"
  }

  /// One word of a POSIX shell or of fish, quoted only where it must be: for a command that a person pastes. Where it holds
  /// control or format characters, which no terminal shows as they are, these are escapes in quotes that bash, zsh and mksh know
  /// (POSIX.1-2024, Shell Command Language, 2.2.4); another shell takes the whole for another word or, as fish, for an error,
  /// and runs none of it.
  public static func shellWord(_ text: some StringProtocol) -> String {
    let isPlain =
      // zsh takes `=ls` for the path of ls, fish `%self` for its process.
      !text.isEmpty && !text.begins(with: "=") && !text.begins(with: "%self")
      && text.utf8.allSatisfy {
        Unicode.Scalar($0).isASCIIAlphanumeric || "_-./:=@%+,".utf8.contains($0)
      }
    if isPlain { return String(text) }
    return text.unicodeScalars.contains(where: \.isUnseen) ? shellEscaped(text) : shell(text)
  }

  /// As ``shellWord(_:)``, where a word that begins with `-` would be taken for an option: behind `--`, and so behind all
  /// options of its command.
  public static func shellOperand(_ text: some StringProtocol) -> String {
    (text.begins(with: "-") ? "-- " : "") + shellWord(text)
  }

  /// The option with `value`, which is joined to its long name where it begins with `-`. Both names have their dashes.
  public static func shellOption(
    _ name: String, short: String? = nil, _ value: some StringProtocol
  ) -> String {
    value.begins(with: "-") ? "\(name)=\(shellWord(value))" : "\(short ?? name) \(shellWord(value))"
  }

  private static func shellEscaped(_ text: some StringProtocol) -> String {
    let escaped = text.mapScalars { scalar in
      switch scalar {
      case "\0": "\u{FFFD}"
      // To a shell that does not know these quotes an apostrophe would end them.
      case _ where scalar == "'" || scalar == "\\" || scalar.isUnseen: octal(scalar)
      default: nil
      }
    }
    return "$'\(escaped)'"
  }

  /// By bytes, and three digits each: no shell takes what follows for a part of it, in any locale.
  private static func octal(_ scalar: Unicode.Scalar) -> String {
    UTF8.encode(scalar)!.map { byte in
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }.joined()
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
