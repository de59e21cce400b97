/// What a machine can be for: the projects that run there, and what that takes.
public struct Role: Sendable, Equatable {
  public let name: String
  /// The projects in the order that the file lists them.
  public let projects: [ProjectName]
  /// What only one role on a machine can have: `port/tcp/443`, `mount:/srv`.
  public let claims: [String]
  /// How much of each resource it takes.
  public let needs: [String: Quantity]
  /// The user's own.
  public let data: JSONValue?
}

/// A project that takes part in a constellation, and which of its commits may.
public struct ProjectRequirement: Sendable, Equatable {
  public let name: ProjectName
  /// The branch or tag to follow; nil: the project's HEAD.
  public let track: String?
  /// Exactly this one.
  public let pin: Pin?
  /// Whether it needs no link to anything: it is an input, and it has a pin.
  public let isFree: Bool
  /// The user's own.
  public let data: JSONValue?
}
