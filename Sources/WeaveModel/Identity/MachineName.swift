import ForeignText

/// The rules for a machine's name: any text that can also name a file in a resolution's tree, and that looks on a
/// terminal like no other name.
public enum MachineName {
  static let longest = 200

  /// Why `text` cannot name a machine, or nil.
  public static func reason(against text: String) -> String? {
    if text.isEmpty { return "it is empty" }
    if text.utf8.count > longest { return "it has \(text.utf8.count) bytes, of at most \(longest)" }
    let scalars = text.unicodeScalars
    if scalars.contains(where: { [.control, .format].contains($0.properties.generalCategory) }) {
      return "it contains a control or format character"
    }
    let isPath = text.holds("/") || [".", "..", ".git"].contains(text.lowercased())
    if isPath || scalars.contains(where: \.properties.isWhitespace) {
      return "no '/', no space, not '.', '..' or '.git'"
    }
    return nil
  }
}
