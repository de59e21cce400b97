import ForeignText
import WeaveModel

/// How machines were reached that their constellation, by its encoded name, does not have any more: one of that name may come again.
///
/// A name is found in any spelling, as whoever types one is given the machine of the other.
struct RememberedContacts: Equatable, Sendable {
  private var contacts: [ExactText: [String: String]] = [:]
  private var byteCount = 0

  init() {}

  /// What ``bytes`` has.
  init(parsing bytes: [UInt8]) throws {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2).map { String(foreign: $0) }
      guard parts.count == 3 else { throw StoreError("what was accepted of machines is damaged") }
      let name = String(foreign: PercentEncoding.decoded(Array(parts[1].utf8)))
      contacts[ExactText(parts[0]), default: [:]][name] = parts[2]
    }
    byteCount = bytes.count
  }

  var isEmpty: Bool { contacts.isEmpty }

  /// A line for each: the constellation, the name, both encoded, and the contact; sorted. The name is whole, however long it is:
  /// of an id nobody can tell another spelling.
  var bytes: [UInt8] {
    let lines = contacts.flatMap { constellation, contacts in
      contacts.map { ExactText(Self.line(constellation, $0.key, $0.value)) }
    }
    return Array(lines.sorted().map(\.text).joined().utf8)
  }

  func hasAny(in constellation: String) -> Bool { contacts[ExactText(constellation)] != nil }

  subscript(name: String, in constellation: String) -> String? {
    contacts[ExactText(constellation)]?[name]
  }

  /// Adds some and takes out those of `present`; false, and nothing is changed, where all would be too much.
  mutating func remember(
    _ new: [String: String], forgetting present: Set<String>, in constellation: String
  ) -> Bool {
    let constellation = ExactText(constellation)
    let former = contacts[constellation] ?? [:]
    var all = former
    for name in present where !all.isEmpty { all[name] = nil }
    all.merge(new) { $1 }
    let count = byteCount - Self.byteCount(former, constellation) + Self.byteCount(all, constellation)
    guard count <= Self.mostBytes || count <= byteCount else { return false }
    contacts[constellation] = all.isEmpty ? nil : all
    byteCount = count
    return true
  }

  mutating func forget(_ constellation: String) {
    let constellation = ExactText(constellation)
    byteCount -= Self.byteCount(contacts.removeValue(forKey: constellation) ?? [:], constellation)
  }

  private static func byteCount(_ contacts: [String: String], _ constellation: ExactText) -> Int {
    contacts.reduce(0) { $0 + line(constellation, $1.key, $1.value).utf8.count }
  }

  private static func line(_ constellation: ExactText, _ name: String, _ contact: String) -> String {
    "\(constellation) \(PercentEncoding.path(name)) \(contact)\n"
  }

  /// Of all constellations together: some fifty thousand machines that are gone.
  private static let mostBytes = 4 << 20
}
