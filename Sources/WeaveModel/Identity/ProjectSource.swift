/// What may stand as a project's source, or as a remote's URL.
public enum ProjectSource {
  /// Why `text` must not be handed to `git`; nil where it may be.
  public static func refusal(of text: String) -> String? {
    if text.isEmpty { return "it is empty" }
    if text.hasPrefix("-") {
      return "Git would take it for an option; a path that begins with `-` is written `./-…`"
    }
    if text.utf8.contains(where: { $0 < 32 || $0 == 127 }) { return "it holds a control character" }
    // Git would hand it to a program of that name (gitremote-helpers(7)).
    if text.prefixMatch(of: #/[A-Za-z0-9]+::/#) != nil { return "it names a transport that runs a program" }
    return nil
  }
}
