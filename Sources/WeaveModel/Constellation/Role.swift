import ForeignText

/// What a machine can be for: the projects that run there, and what that takes.
public struct Role: Sendable, Equatable {
  @ByBytes public private(set) var name: String
  /// The projects in the order that the file lists them.
  public let projects: [ProjectName]
  /// What only one role on a machine can have: `port/tcp/443`, `mount:/srv`.
  @ByBytes public private(set) var claims: [String]
  /// How much of each resource it takes.
  @ByBytes public private(set) var needs: [String: Quantity]
  /// The user's own.
  public let data: JSONValue?
}

/// A project that takes part in a constellation, and which of its commits may.
public struct ProjectRequirement: Sendable, Equatable {
  public let name: ProjectName
  /// The branch or tag to follow; nil: the project's HEAD.
  @ByBytes public private(set) var track: String?
  /// Exactly this one.
  public let pin: Pin?
  /// Whether it needs no link to anything: it is an input, and it has a pin.
  public let isFree: Bool
  /// The user's own.
  public let data: JSONValue?
}
