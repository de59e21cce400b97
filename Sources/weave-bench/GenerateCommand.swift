import ArgumentParser

/// Prints a random instance of the resolver's problem, the same for the same arguments.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Print a random instance as JSON: projects, required pairs, pins and links.",
    discussion: """
      The same arguments give the same instance, byte for byte. Without --hard it is what a lab would make: at random
      moments the newest commits are tested together, and linked where they pass.
      """)

  @Option(help: "What the random numbers start from.") var seed: UInt64 = 1
  @Option(help: "How many projects.") var projects = 5
  @Option(help: "How many commits each project has.") var commits = 60
  @Option(help: "How many links at most. With --hard rb and trap, what that kind needs.") var links = 200
  @Option(help: "Which pairs of projects must be linked. With --hard parity always a ring.")
  var graph = GraphShape.clique
  @Option(help: "Of a random graph: which share of all pairs it has.") var density = 0.2
  @Option(help: "Of a graph of roles: how many roles.") var roles = 8
  @Option(help: "Of a graph of roles: how many projects a role has.") var roleSize = 6
  @Option(help: "Which share of the links does not count.") var revoked = 0.05
  @Option(help: "In which share of the cases one link is made of a whole role, or of a group of neighbours.")
  var nary = 0.0
  @Option(help: "The most members of a link of a group of neighbours.") var arity = 5
  @Option(help: "How many projects are pinned to a commit.") var pins = 0
  @Option(help: "A kind that is hard for a search: rb, late, trap or parity.") var hard: HardKind?

  func validate() throws {
    guard (1...65_535).contains(projects) else { throw ValidationError("--projects must be 1 to 65535") }
    guard (1...65_535).contains(commits) else { throw ValidationError("--commits must be 1 to 65535") }
    guard links >= 0 else { throw ValidationError("--links must not be negative") }
    guard (0...projects).contains(pins) else { throw ValidationError("--pins must be 0 to --projects") }
    guard arity >= 2 else { throw ValidationError("--arity must be at least 2") }
    guard roles >= 1, roleSize >= 2 else {
      throw ValidationError("--roles must be at least 1, --role-size 2")
    }
    for (name, share) in [("density", density), ("revoked", revoked), ("nary", nary)] {
      guard (0...1).contains(share) else { throw ValidationError("--\(name) must be 0 to 1") }
    }
    switch hard {
    case .late, .parity:
      guard projects >= 3, commits >= 3 else {
        throw ValidationError("--hard late and parity need 3 projects and 3 commits")
      }
    case .rb, .trap, nil: break
    }
  }

  func run() throws {
    var random = SplitMix64(seed: seed)
    var graph = requiredPairs(&random)
    if hard == .late { graph = graph.adding(HardLinks(graph: graph, commits: commits).latePairs) }
    let lab = LabMoments(
      graph: graph, commits: commits, groupShare: nary, groupSize: arity, random: &random)
    var writer = InstanceWriter(seed: seed, projects: projects)
    try writer.begin(graph: graph, commits: commits, pins: pinned(lab, &random))
    var stream = LinkStream(
      revoked: revoked, membersOfALink: membersOfALink, random: &random, writer: writer)
    try addLinks(of: lab, to: &stream, &random)
    try stream.finish()
  }

  private func addLinks(of lab: LabMoments, to stream: inout LinkStream, _ random: inout SplitMix64) throws {
    let hardLinks = HardLinks(graph: lab.graph, commits: commits)
    switch hard {
    case nil: try lab.add(to: &stream, limit: links, random: &random)
    case .rb: try hardLinks.addThreshold(to: &stream, random: &random)
    case .parity: try hardLinks.addParity(to: &stream, limit: links, random: &random)
    case .trap:
      try hardLinks.addTrap(to: &stream, random: &random)
      try lab.add(to: &stream, limit: links, random: &random)
    case .late:
      try hardLinks.addLateConflict(to: &stream)
      try lab.add(to: &stream, limit: links, apart: projects - 3..<projects, random: &random)
    }
  }

  private func requiredPairs(_ random: inout SplitMix64) -> ProjectGraph {
    if hard == .parity { return .ring(projects) }
    return switch graph {
    case .star: .star(projects)
    case .chain: .chain(projects)
    case .clique: .clique(projects)
    case .ring: .ring(projects)
    case .tree: .tree(projects, using: &random)
    case .random: .random(projects, density: density, using: &random)
    case .roles: .roles(projects, count: roles, size: roleSize, using: &random)
    }
  }

  /// Pins of what was the newest at one moment of the newer half, so that they have a chance to fit together.
  private func pinned(_ lab: LabMoments, _ random: inout SplitMix64) -> [Place] {
    let root = random.fraction()
    let heads = lab.heads(at: root * root / 2)
    return random.order(of: projects).prefix(pins).sorted().map { Place($0, heads[$0]) }
  }

  private var membersOfALink: Double {
    if hard == .rb || hard == .parity { return 2 }
    return 2 * (1 - nary) + nary * (graph == .roles ? Double(roleSize) : Double(3 + max(3, arity)) / 2)
  }
}
