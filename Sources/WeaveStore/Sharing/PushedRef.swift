import ForeignText
import WeaveModel

/// What a ref is that somebody pushes, by its name, which may be any text.
enum PushedRef {
  case record(RecordRef)
  /// Of a kind that a newer weave may have.
  case unknownKind(Audience)
  /// None of weave's.
  case other
  /// Why nobody may push it, as a sentence.
  case refused(String)

  init(_ name: String, among kinds: [RecordKind]) {
    let parts: [Substring] = name[...].split(atScalar: "/", keepsEmpty: true)
    guard parts.count > 1, parts[0].isExactly("refs") else {
      self = .refused("it is no ref: its name does not begin with refs/")
      return
    }
    switch Self.folded(parts[1]) {
    case "weave" where parts[1].isExactly("weave"):
      self = Self.record(
        in: name.dropFirst(bytes: RefName.records.utf8.count), parts.dropFirst(2), among: kinds)
    case "weave":
      self = .refused("it is no ref of weave's, and file systems may take it for one of refs/weave/")
    case "weave-local": self = .refused("it belongs to one store alone, and is not pushed")
    default: self = .other
    }
  }

  private static func record(
    in path: Substring, _ parts: ArraySlice<Substring>, among kinds: [RecordKind]
  ) -> PushedRef {
    let none = PushedRef.refused(
      "it is no ref of weave's: what stands below refs/weave/ are records, whose names weave makes")
    guard let word = parts.first, let audience = Audience(rawValue: String(word)), parts.count > 1,
      parts.dropFirst().allSatisfy({ !$0.isEmpty && RefComponent.isEncoded($0) }),
      !RecordRef.isInTheWay(path: path, among: kinds)
    else { return none }
    return RecordRef(path: path, among: kinds).map(PushedRef.record) ?? .unknownKind(audience)
  }

  /// The component as file systems have it that take several spellings for one: without a difference of case, characters
  /// that nobody sees, and dots at its end.
  private static func folded(_ component: Substring) -> String {
    var text = component.mapScalars { $0.isUnseen ? "" : $0.properties.lowercaseMapping }
    while let shorter = text.dropping(suffix: ".") { text = String(shorter) }
    return text
  }
}
