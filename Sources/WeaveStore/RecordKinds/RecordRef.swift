import ForeignText
import Git
import WeaveModel

/// What a ref under `refs/weave/` is, by its name (Docs/formats/store.md, "Refs").
public struct RecordRef: Hashable, Sendable {
  public let kind: RecordKind
  public let audience: Audience
  private let exactComponent: ExactText
  /// The name of the writer, or the encoded one of the constellation, the set or the machine; empty where there is only one.
  public var component: String { exactComponent.text }

  public init(_ kind: RecordKind, _ component: String, _ audience: Audience) {
    (self.kind, self.audience, exactComponent) = (kind, audience, ExactText(component))
  }

  /// Of a kind of which each audience has one.
  public init(_ kind: RecordKind, _ audience: Audience) { self.init(kind, "", audience) }

  /// The record that the ref of that name holds; nil for a name that weave gives to none of these kinds.
  public init?(name: String, among kinds: [RecordKind] = RecordKind.all) {
    guard name.begins(with: RefName.records) else { return nil }
    self.init(path: name.dropFirst(bytes: RefName.records.utf8.count), among: kinds)
  }

  /// As ``init(name:among:)``, of the name without `refs/weave/`.
  public init?(path: some StringProtocol, among kinds: [RecordKind] = RecordKind.all) {
    let parts: [String] = String(path).split(atScalar: "/", keepsEmpty: true).map(String.init)
    guard parts.count >= 2, let audience = Audience(rawValue: parts[0]),
      let kind = kinds.first(where: { $0.name.isExactly(parts[1]) })
    else { return nil }
    switch kind.component {
    case .single:
      guard parts.count == 2 else { return nil }
      self.init(kind, audience)
    case .writer:
      guard parts.count == 3, (try? WriterName(parts[2])) != nil else { return nil }
      self.init(kind, parts[2], audience)
    case .encoded:
      guard parts.count == 3, !parts[2].isEmpty else { return nil }
      self.init(kind, parts[2], audience)
    }
  }

  /// Whether a ref of that name, without `refs/weave/`, is no record's, and stands where one's, or the directory of one's,
  /// would.
  static func isInTheWay(path: some StringProtocol, among kinds: [RecordKind] = RecordKind.all) -> Bool {
    let parts: [String] = String(path).split(atScalar: "/", keepsEmpty: true).map(String.init)
    guard let audience = parts.first, Audience(rawValue: audience) != nil else { return false }
    guard parts.count > 1 else { return true }
    guard let kind = kinds.first(where: { $0.name.isExactly(parts[1]) }) else { return false }
    return kind.isSingle ? parts.count > 2 : parts.count != 3
  }

  /// The name without `refs/weave/`.
  public var path: String { kind.path(audience) + component }

  public var name: String { RefName.records + path }

  /// Whose it is, where it bears a writer's name.
  public var writer: WriterName? {
    if case .writer = kind.component { try? WriterName(component) } else { nil }
  }

  /// The record of that kind which has its name and its audience.
  func alike(_ kind: RecordKind) -> RecordRef { RecordRef(kind, component, audience) }

  /// The same record, as that audience knows it.
  func known(to audience: Audience) -> RecordRef { RecordRef(kind, component, audience) }

  /// That of which this is the date; nil where it is no such date.
  var dated: RecordRef? { if case .dates(let kind) = kind.growth { alike(kind) } else { nil } }

  /// Whether a new state takes the place of the one before, and does not go on from it.
  public var isReplaced: Bool { dated != nil }

  /// What ``component`` encodes, or itself where that cannot be told.
  var shownName: String { RefComponent.decode(component) ?? component }

  /// What an object of its newest state is, for people, and what works without it, with what to type.
  public var told: (words: String, consequence: String) { kind.told(self) }
}

extension Repository {
  /// The refs of that kind and audience, and what else is in their place, sorted by name.
  func references(of kind: RecordKind, _ audience: Audience) throws(GitError) -> [Reference] {
    let path = RefName.records + kind.path(audience)
    return try references(matching: kind.isSingle ? path : path + "*")
  }
}
