import ForeignText
import Git

/// What trees of a repository have at some paths, told by numbers: two trees with one number have the same there.
///
/// The paths are walked as one tree. What a tree has below a directory is looked at once, for as long as not too many were
/// looked at.
struct PathsOfTrees {
  /// What counts of a directory.
  typealias Choice = ([TreeEntry]) -> [TreeEntry]

  private let repository: Repository
  private let choice: Choice
  private var directories = [Directory()]
  private var contents = [Content()]
  private var numbers = [Content(): 0]
  private var known = 0
  /// The sum of the depths of all paths: the most steps that it takes to look at each.
  private(set) var depths = 0

  private struct Directory {
    var children: [ExactText: Int] = [:]
    /// Its whole path, where its entries count.
    var path: String?
    /// Whether only its id counts.
    var isEnd = false
    var numbers: [ObjectID: Int] = [:]
  }

  private struct Content: Hashable {
    var entries: [TreeEntry] = []
    var below: [Below] = []

    mutating func add(_ number: Int, at directory: Int) {
      if number != 0 { below.append(Below(directory: directory, content: number)) }
    }
  }

  private struct Below: Hashable {
    let directory: Int
    let content: Int
  }

  private struct Visit {
    let directory: Int
    let tree: ObjectID
    var content: Content
    /// The directories that are still to be looked into.
    var next: [(directory: Int, tree: ObjectID)] = []
  }

  private static let mostKnown = 500_000

  /// Of directories the entries count that `choice` returns.
  init(_ repository: Repository, choice: @escaping Choice = { _ in [] }) {
    (self.repository, self.choice) = (repository, choice)
  }

  /// What stands in the directory at the path counts from now on.
  mutating func addDirectory(_ path: String) { directories[end(of: path)].path = path }

  /// What is at the path counts from now on.
  mutating func addPath(_ path: String) { directories[end(of: path)].isEnd = true }

  /// The place of the path, on the way to which nothing is known any more.
  private mutating func end(of path: String) -> Int {
    var place = 0
    for part in path.split(atScalar: "/") {
      forget(at: place)
      depths += 1
      if let child = directories[place].children[ExactText(part)] {
        place = child
        continue
      }
      directories.append(Directory())
      directories[place].children[ExactText(part)] = directories.count - 1
      place = directories.count - 1
    }
    forget(at: place)
    return place
  }

  private mutating func forget(at place: Int) {
    known -= directories[place].numbers.count
    directories[place].numbers = [:]
  }

  /// The number of what the tree has; 0 where it has nothing. The cost is that of the trees that were not looked at before.
  ///
  /// - Parameter entries: those of the tree.
  mutating func number(of tree: ObjectID, with entries: [TreeEntry]) throws -> Int {
    if known > Self.mostKnown { for place in directories.indices { forget(at: place) } }
    if let number = directories[0].numbers[tree] { return number }
    var (visits, found) = ([visit(0, tree, entries)], 0)
    while var visit = visits.popLast() {
      if let (directory, tree) = visit.next.popLast() {
        if let number = directories[directory].numbers[tree] {
          visit.content.add(number, at: directory)
          visits.append(visit)
        } else {
          visits.append(visit)
          visits.append(self.visit(directory, tree, try repository.tree(tree)))
        }
        continue
      }
      found = number(of: visit.content)
      directories[visit.directory].numbers[visit.tree] = found
      known += 1
      if !visits.isEmpty { visits[visits.count - 1].content.add(found, at: visit.directory) }
    }
    return found
  }

  private func visit(_ place: Int, _ tree: ObjectID, _ entries: [TreeEntry]) -> Visit {
    let directory = directories[place]
    var visit = Visit(directory: place, tree: tree, content: Content())
    if directory.path != nil { visit.content.entries = choice(entries) }
    for entry in entries {
      guard let child = directory.children[ExactText(entry.name)] else { continue }
      if directories[child].isEnd { visit.content.entries.append(entry) }
      if entry.isTree { visit.next.append((child, entry.id)) }
    }
    return visit
  }

  private mutating func number(of content: Content) -> Int {
    if let number = numbers[content] { return number }
    numbers[content] = contents.count
    contents.append(content)
    return contents.count - 1
  }

  /// The entries that count in what has the number, by their whole paths, in the order of these.
  func entries(of number: Int) -> [TreeEntry] {
    var (entries, next): ([TreeEntry], [Below]) = ([], [Below(directory: 0, content: number)])
    while let (place, content) = next.popLast().map({ (directories[$0.directory], contents[$0.content]) }) {
      if let path = place.path {
        entries += content.entries.map { TreeEntry(name: path + "/" + $0.name, mode: $0.mode, id: $0.id) }
      }
      next += content.below
    }
    return entries.sorted { ExactText($0.name) < ExactText($1.name) }
  }
}
