import ForeignText
import WeaveModel

/// What a ref under `refs/weave/` is, by its name (Docs/formats/store.md, "Refs").
public struct RecordRef: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case ledger(WriterName)
    case manifest
    /// The encoded name of the constellation, the set or the machine.
    case locks(String)
    case set(String)
    case observed(String)
    case seen(String)
  }

  public let audience: Audience
  public let kind: Kind
  /// Whether it is a ledger, which has events.
  public var isLedger: Bool { if case .ledger = kind { true } else { false } }

  public init(_ kind: Kind, _ audience: Audience) { (self.kind, self.audience) = (kind, audience) }

  /// The record that the ref of that name holds; nil for a name that weave gives to none.
  public init?(name: String) {
    guard name.begins(with: RefName.records) else { return nil }
    self.init(path: name.dropFirst(bytes: RefName.records.utf8.count))
  }

  /// As ``init(name:)``, of the name without `refs/weave/`.
  public init?(path: some StringProtocol) {
    let parts: [String] = String(path).split(atScalar: "/", keepsEmpty: true).map(
      String.init)
    guard parts.count >= 2, let audience = Audience(rawValue: parts[0]) else { return nil }
    self.audience = audience
    if parts.count == 2 {
      guard parts[1] == "manifest" else { return nil }
      kind = .manifest
      return
    }
    guard parts.count == 3, !parts[2].isEmpty else { return nil }
    switch parts[1] {
    case "ledger":
      guard let writer = try? WriterName(parts[2]) else { return nil }
      kind = .ledger(writer)
    case "locks": kind = .locks(parts[2])
    case "sets": kind = .set(parts[2])
    case "observed": kind = .observed(parts[2])
    case "seen": kind = .seen(parts[2])
    default: return nil
    }
  }

  /// Whether a ref of that name, without `refs/weave/`, is no record's, and stands where one's, or the directory of one's,
  /// would.
  static func isInTheWay(path: some StringProtocol) -> Bool {
    let parts: [String] = String(path).split(atScalar: "/", keepsEmpty: true).map(String.init)
    guard let audience = parts.first, Audience(rawValue: audience) != nil else { return false }
    guard parts.count > 1 else { return true }
    let isDirectory = ["ledger", "locks", "sets", "observed", "seen"].contains(parts[1])
    return isDirectory ? parts.count != 3 : parts[1] == "manifest" && parts.count > 2
  }

  /// The name without `refs/weave/`.
  public var path: String {
    switch kind {
    case .ledger(let writer): "\(audience)/ledger/\(writer)"
    case .manifest: "\(audience)/manifest"
    case .locks(let component): "\(audience)/locks/\(component)"
    case .set(let component): "\(audience)/sets/\(component)"
    case .observed(let component): "\(audience)/observed/\(component)"
    case .seen(let component): "\(audience)/seen/\(component)"
    }
  }

  public var name: String { RefName.records + path }

  /// That of the machine which was seen then; nil where it is no such date.
  var observation: RecordRef? {
    guard case .seen(let component) = kind else { return nil }
    return RecordRef(.observed(component), audience)
  }

  /// Whether a new state takes the place of the one before, and does not go on from it.
  public var isReplaced: Bool { if case .seen = kind { true } else { false } }

  /// Whether whoever has it gives it to a remote that lacks it: of ledgers that is their writers', and of the manifest it is done
  /// with each push.
  var isGivenByAnybody: Bool {
    switch kind {
    case .ledger, .manifest: false
    case .locks, .set, .observed, .seen: true
    }
  }
}
