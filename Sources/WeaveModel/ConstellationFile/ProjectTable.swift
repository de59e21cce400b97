import ForeignText

/// The projects of a constellation in the order of priority, to look names up in.
struct ProjectTable {
  let requirements: [ProjectRequirement]
  private let file: String
  private let ranks: [ProjectName: Int]

  init(_ top: Fields, isJSON: Bool) throws(ConstellationError) {
    file = top.file
    var projects: [ProjectRequirement] = []
    for entry in try top.required("projects").mapping(file: file) {
      projects.append(try Self.requirement(entry, file: top.file))
    }
    if isJSON, top["priority"] == nil {
      throw top.position.error(
        "JSON's keys have no order: it needs the key 'priority', a list of projects", file: file)
    }
    var ranks = Self.ranked(projects)
    var order: [ProjectName] = []
    var listed: Set<ProjectName> = []
    for element in try top.list("priority") ?? [] {
      let name = try Self.name(element, among: ranks, file: file)
      guard listed.insert(name).inserted else {
        throw element.position.error("the project '\(name)' is listed twice", file: file)
      }
      order.append(name)
    }
    let first = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    projects =
      order.map { projects[ranks[$0]!] } + projects.filter { first[$0.name] == nil }
    ranks = Self.ranked(projects)
    (requirements, self.ranks) = (projects, ranks)
  }

  /// The project that `element` names, or what it might have meant.
  func name(_ element: YAMLElement) throws(ConstellationError) -> ProjectName {
    try Self.name(element, among: ranks, file: file)
  }

  func name(_ text: String, at position: Position) throws(ConstellationError) -> ProjectName {
    try Self.name(text, at: position, among: ranks, file: file)
  }

  /// `names`, each once, in the order of priority.
  func inPriority(_ names: some Sequence<ProjectName>) -> [ProjectName] {
    Set(names.compactMap { ranks[$0] }).sorted().map { requirements[$0].name }
  }

  /// As many as 450 projects have that are all coupled to each other.
  private static let mostPairs = 101_025

  func couplings(_ top: Fields) throws(ConstellationError) -> [[ProjectName]]? {
    guard let entries = try top.list("couplings") else { return nil }
    var couplings: [[ProjectName]] = []
    var pairs = 0
    for entry in entries {
      var coupling: [ProjectName] = []
      var coupled: Set<ProjectName> = []
      for element in try entry.list(file: file) {
        let name = try name(element)
        guard coupled.insert(name).inserted else {
          throw element.position.error("the project '\(name)' is coupled to itself", file: file)
        }
        coupling.append(name)
      }
      guard coupling.count >= 2 else {
        throw entry.position.error("a coupling needs two projects or more", file: file)
      }
      pairs += coupling.count * (coupling.count - 1) / 2
      guard pairs <= Self.mostPairs else {
        throw entry.position.error(
          "the couplings have more than \(Self.mostPairs) pairs of projects", file: file)
      }
      couplings.append(coupling)
    }
    return couplings
  }

  private static func requirement(
    _ entry: YAMLElement.Entry, file: String
  ) throws(ConstellationError) -> ProjectRequirement {
    let name: ProjectName
    do { name = try ProjectName(entry.key) } catch { throw entry.position.error("\(error)", file: file) }
    let fields = try Fields(entry.value, of: "a project", file: file, keys: ["track", "pin", "free", "data"])
    let track = try fields.text("track")
    if let track, !GitRefRules.isValid(track) {
      throw fields["track"]!.position.error(
        "'\(FreeText.name(track))' cannot be the name of a branch or tag", file: file)
    }
    let pin: Pin? = if let element = fields["pin"] { try Pin(element, file: file) } else { nil }
    let isFree = try fields.flag("free")
    if isFree, pin == nil {
      throw fields["free"]!.position.error(
        "a free project needs a 'pin': nothing else says which commit", file: file)
    }
    return ProjectRequirement(name: name, track: track, pin: pin, isFree: isFree, data: try fields.data())
  }

  private static func ranked(_ projects: [ProjectRequirement]) -> [ProjectName: Int] {
    Dictionary(uniqueKeysWithValues: projects.enumerated().map { ($1.name, $0) })
  }

  private static func name(
    _ element: YAMLElement, among ranks: [ProjectName: Int], file: String
  ) throws(ConstellationError) -> ProjectName {
    try name(try element.text(file: file), at: element.position, among: ranks, file: file)
  }

  private static func name(
    _ text: String, at position: Position, among ranks: [ProjectName: Int], file: String
  ) throws(ConstellationError) -> ProjectName {
    if let name = try? ProjectName(text), ranks[name] != nil { return name }
    let nearest = Nearest.match(text, among: ranks.sorted { $0.value < $1.value }.map(\.key.text))
    throw position.error(
      "there is no project '\(FreeText.name(text))' under 'projects'", suggestion: nearest, file: file)
  }
}

extension Pin {
  init(_ element: YAMLElement, file: String) throws(ConstellationError) {
    let text = try element.text(file: file)
    guard let pin = Pin(text) else {
      throw element.position.error(
        "'\(FreeText.name(text))' is neither 40 hexadecimal digits nor the name of a tag", file: file)
    }
    self = pin
  }
}
