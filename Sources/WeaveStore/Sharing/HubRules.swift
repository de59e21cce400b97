import ForeignText
import Git
import WeaveModel

/// What a hub asks of a push beyond what a pull would refuse.
public struct HubRules: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A ledger is pushed by its writer alone.
  public static let ownLedgers = HubRules(rawValue: 1)
  /// What a machine said is pushed by that machine alone.
  public static let ownMachines = HubRules(rawValue: 2)
  /// Each event bears a good signature.
  public static let signedOnly = HubRules(rawValue: 4)
  /// Records are of the kinds that this version knows.
  public static let knownOnly = HubRules(rawValue: 8)

  private static let keys: [(key: String, rule: HubRules)] = [
    ("weave.ownLedgers", .ownLedgers), ("weave.ownMachines", .ownMachines), ("weave.signedOnly", .signedOnly),
    ("weave.knownOnly", .knownOnly),
  ]

  /// Those that the hub's configuration has; throws for a value that is neither true nor false.
  public init(of hub: Hub) throws {
    self = []
    for (key, rule) in Self.keys where try hub.repository.configFlag(key) { insert(rule) }
  }
}

/// Who pushes, as the server knows them, and what the hub's configuration says of them.
public struct Pusher: Sendable {
  public let name: String
  /// The writers whose ledgers are theirs, besides those that are called after them.
  private let writers: [String]
  /// The machines that they report for: they are a machine where there are any.
  private let machines: [String]
  var isMachine: Bool { !machines.isEmpty }

  /// `name` is not made a part of a key: it may be any text.
  public init(named name: String, at hub: Hub) throws {
    self.name = name
    let settings = try hub.repository.configEntries(inSection: "weave").filter {
      $0.subsection?.isExactly(name) == true
    }
    writers = settings.filter { $0.name.isExactly("writer") }.map(\.value)
    machines = settings.filter { $0.name.isExactly("machine") }.map(\.value)
  }

  /// Whether the writer is they: `NAME-` and 8 hexadecimal digits, as weave names a clone's, or one that is listed.
  func owns(_ writer: WriterName) -> Bool {
    if writers.contains(where: { $0.isExactly(writer.text) }) { return true }
    guard let digits = writer.text.dropping(prefix: name + "-") else { return false }
    return digits.utf8.count == 8
      && digits.unicodeScalars.allSatisfy { $0.isASCIIHexDigit && !("A"..."F").contains($0) }
  }

  /// Whether what the machine of that encoded name said is theirs to push.
  func speaks(for component: String) -> Bool {
    (machines + [name]).contains { RefComponent.encode($0).isExactly(component) }
  }
}
