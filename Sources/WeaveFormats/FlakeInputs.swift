/// Where the inputs of a lock file's nodes lead.
struct FlakeInputs {
  /// The key of a node, or the way, from input to input, from the root to the input that it follows.
  enum Input: Decodable {
    case node(String)
    case follows([String])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let key = try? value.decode(String.self) {
        self = .node(key)
      } else {
        self = .follows(try value.decode([String].self))
      }
    }
  }

  private struct Place: Hashable {
    let node: String
    let input: String
  }

  private let nodes: [String: [String: Input]]
  private let root: String
  /// The targets found; nil for those that are being looked for, which are thereby circles, and for what leads nowhere.
  private var targets: [Place: String?] = [:]

  /// More followers of followers than this lead nowhere: the search is recursive.
  private static let longestChain = 200

  init(nodes: [String: [String: Input]], root: String) { (self.nodes, self.root) = (nodes, root) }

  /// The key of the node that the input of that node leads to, through all that it follows; nil for none. Each input
  /// is looked at once.
  mutating func target(of input: String, at node: String) -> String? { target(of: input, at: node, depth: 0) }

  private mutating func target(of input: String, at node: String, depth: Int) -> String? {
    let place = Place(node: node, input: input)
    if let known = targets[place] { return known }
    targets[place] = .some(nil)
    guard depth < Self.longestChain, let value = nodes[node]?[input] else { return nil }
    var found: String? = root
    switch value {
    case .node(let key): found = key
    case .follows(let way):
      for name in way {
        guard let node = found else { break }
        found = target(of: name, at: node, depth: depth + 1)
      }
    }
    targets[place] = .some(found)
    return found
  }
}
