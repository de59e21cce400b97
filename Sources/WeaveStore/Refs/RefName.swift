import ForeignText
import Git
import WeaveModel

/// The names of the refs that weave keeps in a store (Docs/formats/store.md, "Refs").
public enum RefName {
  public static let records = "refs/weave/"
  public static let notes = "refs/notes/weave"

  public static func keep(_ project: ProjectName) -> String { keeps + project.text }
  static let keeps = "refs/weave-local/keep/"
  /// The newest snapshot of the project's checkout on that branch.
  public static func snapshot(_ project: ProjectName, branch: String) -> String {
    snapshots + "\(project.text)/\(RefComponent.encode(branch))"
  }
  static let snapshots = "refs/weave-local/snapshots/"
  /// What of the manifests was accepted here (Docs/design/consent.md).
  public static let accepted = "refs/weave-local/accepted"
  /// Where a project's own refs live: a Git namespace (gitnamespaces(7)).
  public static func namespace(_ project: ProjectName) -> String { "refs/namespaces/\(project.text)/" }
}

/// Any text as one component of a ref name: bytes other than `[a-z0-9_-]` and inner single dots become `%XX`;
/// past 200 bytes, a prefix, `%` and the id that a blob of the whole text has.
public enum RefComponent {
  static let longest = 200

  /// The component for `text`; distinct texts get distinct components.
  public static func encode(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var encoded: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if isPlain(byte) || (byte == UInt8(ascii: ".") && isInnerSingleDot(bytes, at: index)) {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      }
    }
    var component = String(foreign: encoded)
    // Git refuses a component that ends in ".lock" (git-check-ref-format(1)).
    if let stem = component.dropping(suffix: ".lock") { component = stem + "%2Elock" }
    guard component.utf8.count > longest else { return component }
    guard let hash = try? ObjectID.ofBlob(bytes) else { preconditionFailure("bytes in memory can be hashed") }
    return component.prefix(longest - 41) + "%" + hash.description
  }

  /// The text that `component` encodes; nil where it encodes none, or may be a prefix of one and an id.
  public static func decode(_ component: String) -> String? {
    let end = component.dropFirst(bytes: longest - 41)
    // `%98` and 38 digits more may be an id, and may be a byte and letters.
    if end.utf8.count == 41, end.begins(with: "%"),
      end.unicodeScalars.dropFirst().allSatisfy({ $0.isASCIIHexDigit && !("A"..."F").contains($0) })
    {
      return nil
    }
    var bytes: [UInt8] = []
    var rest = Array(component.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2).compactMap { hexadecimal.firstIndex(of: $0) }
      guard digits.count == 2 else { return nil }
      bytes.append(UInt8(digits[0] << 4 | digits[1]))
      rest = rest.dropFirst(2)
    }
    guard let text = String(validating: bytes, as: UTF8.self), encode(text).utf8.elementsEqual(component.utf8)
    else { return nil }
    return text
  }

  /// Whether ``encode(_:)`` gives it for some text.
  static func isEncoded(_ component: some StringProtocol) -> Bool {
    if decode(String(component)) != nil { return true }
    // A cut may have left half of a byte before the id.
    let id = component.dropFirst(bytes: longest - 41)
    return component.utf8.count == longest && id.begins(with: "%")
      && id.unicodeScalars.dropFirst().allSatisfy { $0.isASCIIHexDigit && !("A"..."F").contains($0) }
      && component.prefix(bytes: longest - 41).utf8.allSatisfy {
        isPlain($0) || hexadecimal.contains($0) || $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: ".")
      }
  }

  private static let hexadecimal = Array("0123456789ABCDEF".utf8)

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func isInnerSingleDot(_ bytes: [UInt8], at index: Int) -> Bool {
    index > 0 && index + 1 < bytes.count && bytes[index - 1] != UInt8(ascii: ".")
      && bytes[index + 1] != UInt8(ascii: ".")
  }
}

extension RefName {
  /// The full names, in a project, that `track` may stand for, as Git reads a word that names a ref (gitrevisions(7)). None
  /// where it can name no ref: anybody may have recorded it, and Git has none.
  static func references(trackedAs track: String) -> [String] {
    (track.begins(with: "refs/") ? [track] : ["refs/" + track, "refs/heads/" + track, "refs/tags/" + track])
      .filter(Repository.isValidReferenceName)
  }
}
