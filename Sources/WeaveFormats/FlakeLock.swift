import ForeignText

/// Reads `flake.lock` (https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#lock-files).
struct FlakeLock: Decodable {
  /// What a node is locked to, as far as it names a commit.
  private struct Locked: Decodable {
    let type: String
    let url, owner, repo, host, rev, dirtyRev: String?
  }

  private struct Node: Decodable {
    let locked: Locked?
    let inputs: [String: FlakeInputs.Input]?  // Keys: by JSONText, which refuses two spellings
  }

  private struct Header: Decodable {
    let version: Int
  }

  private let nodes: [String: Node]  // Keys: by JSONText
  private let root: String

  static let versions = 5...7

  static func read(_ text: String, file: String, into reading: inout Reading) throws(FileFormatError) {
    let header: Header = try JSONText.decode(text, file: file, what: "lock file of Nix")
    guard versions.contains(header.version) else {
      throw FileFormatError(
        file: file,
        message:
          "it is of version \(header.version), of which weave knows nothing: it reads \(versions.lowerBound) "
          + "to \(versions.upperBound)")
    }
    let lock: FlakeLock = try JSONText.decode(text, file: file, what: "lock file of Nix")
    let keys = lock.nodes.keys.sorted()
    let numbers = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    guard let root = numbers[lock.root] else {
      throw FileFormatError(
        file: file, message: "its root '\(lock.root.prefix(bytes: 200))' is not among its nodes")
    }
    let table = Table(keys: keys, nodes: keys.compactMap { lock.nodes[$0] }, numbers: numbers, root: root)
    table.readInputs(file: file, into: &reading)
  }

  /// The nodes by their numbers, which are those of their keys in order.
  private struct Table {
    let keys: [String]
    let nodes: [Node]
    let numbers: [String: Int]  // Keys: by JSONText
    let root: Int

    /// The root's inputs by name, then the inputs of these, and so on: each node once.
    func readInputs(file: String, into reading: inout Reading) {
      var ways = FlakeInputs(nodes: nodes.map { $0.inputs ?? [:] }, numbers: numbers, root: root)
      var seen: Set<Int> = [root]
      var next = [root]
      while !next.isEmpty {
        let isDirect = next == [root]
        var below: [Int] = []
        for node in next {
          for name in (nodes[node].inputs ?? [:]).keys.sorted() {
            guard let target = ways.target(of: name, at: node) else {
              reading.report(
                "the input '\(name.prefix(bytes: 200))' of '\(keys[node].prefix(bytes: 200))' leads to no node",
                file: file)
              continue
            }
            let isNew = seen.insert(target).inserted
            if isNew { below.append(target) }
            // What the root follows has a second name there.
            guard isNew || (isDirect && target != root) else { continue }
            FlakeLock.add(
              isDirect ? name : keys[target], nodes[target], isDirect: isDirect, file: file, into: &reading)
          }
        }
        next = below
      }
    }
  }

  private static func add(
    _ name: String, _ node: Node, isDirect: Bool, file: String, into reading: inout Reading
  ) {
    let shown = name.prefix(bytes: 200)
    guard let locked = node.locked else {
      return reading.report("the input '\(shown)' is not locked", file: file)
    }
    guard let url = url(of: locked) else {
      return reading.report(
        "the input '\(shown)' is of type '\(locked.type.prefix(bytes: 200))', which names no commit",
        file: file)
    }
    if locked.rev == nil {
      reading.report(
        locked.dirtyRev == nil
          ? "the input '\(shown)' has no rev"
          : "the input '\(shown)' was locked with changes that no commit holds",
        file: file)
    }
    reading.add(
      name: name, url: url, revision: locked.rev, isDirect: isDirect, isArchive: locked.type != "git",
      file: file)
  }

  /// Where the input is fetched from; nil for what is no Git repository.
  private static func url(of locked: Locked) -> String? {
    func forge(_ host: String) -> String? {
      guard let owner = locked.owner, let repo = locked.repo else { return nil }
      let path =
        owner.split(atBytes: "%2F").joined(separator: "/").split(atBytes: "%2f").joined(separator: "/") + "/"
        + repo
      return "https://\(locked.host ?? host)/\(path)"
    }
    return switch locked.type {
    case "github": forge("github.com")
    case "gitlab": forge("gitlab.com")
    case "sourcehut": forge("git.sr.ht")
    case "git": locked.url
    default: nil
    }
  }
}
