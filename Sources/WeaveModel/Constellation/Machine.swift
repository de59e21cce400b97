import ForeignText

/// One machine: a host, or a guest, which is a machine of its own.
public struct Machine: Sendable, Equatable {
  /// How a machine comes to be.
  public enum Kind: String, Sendable, Hashable {
    case host
    case vm
    case container
  }

  /// The full name: `toto.canon`, or `dashy@toto.canon` for a guest whose own name has no dot.
  @ByBytes public private(set) var name: String
  /// The full name of the machine that this guest runs on; nil for a host.
  @ByBytes public private(set) var host: String?
  public let kind: Kind
  /// The names of its roles, in the order of the file.
  @ByBytes public private(set) var roles: [String]
  /// Every project of its roles, once, in the order of priority.
  public let projects: [ProjectName]
  /// What is pinned on this machine only. A project that its roles lack may be among them.
  public let pins: [ProjectName: Pin]
  /// At most one for each project.
  public internal(set) var holds: [Hold]
  /// Whether it is built in its host's closure, and so always of one set with it.
  public let isWithHost: Bool
  /// How much it has of each resource that the file speaks of.
  @ByBytes public private(set) var has: [String: Quantity]
  /// The kinds of claims (`port`) that this guest has in common with its host.
  @ByBytes public private(set) var shares: [String]
  /// How to reach it, where that is not its name.
  public internal(set) var address: MachineAddress?
  /// Whether somebody changed how to reach it, and nobody here has accepted that: it is not to be reached at all.
  public internal(set) var isAddressInDoubt = false
  /// Other names of the machine; no two machines have a name in common.
  @ByBytes public private(set) var aliases: [String]
  /// The user's own.
  public let data: JSONValue?
}
