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
    let node: Int
    let input: String
  }

  private enum Target {
    case node(Int?)
    case follows([String])
  }

  /// The inputs of each node, by name.
  private let inputs: [[String: Target]]  // Keys: by JSONText, which refuses two spellings
  private let root: Int
  /// The targets found; nil for those that are being looked for, which are thereby circles, and for what leads nowhere.
  private var targets: [Place: Int?] = [:]

  /// More followers of followers than this lead nowhere: the search is recursive.
  private static let longestChain = 200

  /// The inputs of the nodes, which have the numbers that `numbers` gives to their keys: a key is as long as the file may
  /// be, and thousands of inputs can lead to it.
  init(nodes: [[String: Input]], numbers: [String: Int], root: Int) {  // Keys: by JSONText
    inputs = nodes.map { inputs in
      inputs.mapValues { input in
        switch input {
        case .node(let key): .node(numbers[key])
        case .follows(let way): .follows(way)
        }
      }
    }
    self.root = root
  }

  /// The number of the node that the input of that node leads to, through all that it follows; nil for none. Each input
  /// is looked at once.
  mutating func target(of input: String, at node: Int) -> Int? { target(of: input, at: node, depth: 0) }

  private mutating func target(of input: String, at node: Int, depth: Int) -> Int? {
    let place = Place(node: node, input: input)
    if let known = targets[place] { return known }
    targets[place] = .some(nil)
    guard depth < Self.longestChain, let value = inputs[node][input] else { return nil }
    var found: Int? = root
    switch value {
    case .node(let number): found = number
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
