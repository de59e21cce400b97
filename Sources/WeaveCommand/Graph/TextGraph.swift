import WeaveModel

/// A graph in lines of text: a column for each project, a row for each tie, the newest on top.
struct TextGraph {
  private static let narrowestLane = 13
  private static let idWidth = 7

  private let graph: LinkGraph
  private let laneWidth: Int
  private let hidden: [[Int]]
  /// The commit of each lane that was labelled last.
  private var shown: [Int?]
  private(set) var lines: [String] = []

  /// The lines of `graph`, at most `width` columns wide where its lanes are few enough.
  init(_ graph: LinkGraph, width: Int) {
    self.graph = graph
    laneWidth = max(Self.narrowestLane, (width - Self.idWidth) / max(1, graph.lanes.count))
    hidden = graph.lanes.map(\.hidden)
    shown = graph.lanes.map { _ in nil }
    addHeader()
    for item in Self.items(of: graph) {
      addFolds(above: item.places)
      add(item)
    }
    addFolds(at: graph.lanes.indices.map { hidden[$0].last ?? 0 })
    addLegend()
  }

  /// A row: a tie, or commits that nothing ties.
  private struct Item {
    let places: [LinkGraph.Place]
    let tie: Int?
  }

  private static func items(of graph: LinkGraph) -> [Item] {
    let layout = GraphLayout(graph)
    let tied = Set(graph.ties.flatMap(\.places))
    var loose: [Int: [LinkGraph.Place]] = [:]
    for (lane, own) in graph.lanes.enumerated() {
      for index in own.commits.indices {
        let place = LinkGraph.Place(lane: lane, index: index)
        if !tied.contains(place) { loose[layout[place], default: []].append(place) }
      }
    }
    var items = loose.sorted { $0.key < $1.key }.map { (row: $0.key, item: Item(places: $0.value, tie: nil)) }
    items += layout.tiesFromTop.map { tie in
      let places = graph.ties[tie].places
      return (places.map { layout[$0] }.min() ?? 0, Item(places: places, tie: tie))
    }
    return items.enumerated().sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }
      .map(\.element.item)
  }

  private mutating func addHeader() {
    add(graph.lanes.map { cut($0.project.text, to: laneWidth - 1) })
  }

  private mutating func add(_ cells: [String], _ rest: String = "") {
    var line = cells.map { $0.padding(laneWidth) }.joined() + rest
    while line.last == " " { line.removeLast() }  // Characters: a column each
    lines.append(line)
  }

  private mutating func addFolds(above places: [LinkGraph.Place]) {
    var counts = graph.lanes.map { _ in 0 }
    for place in places where place.index > (shown[place.lane] ?? -1) {
      // What lies between commits that an earlier row skipped is told here, too.
      counts[place.lane] = hidden[place.lane][((shown[place.lane] ?? -1) + 1)...place.index].reduce(0, +)
    }
    addFolds(at: counts)
  }

  private mutating func addFolds(at counts: [Int]) {
    guard counts.contains(where: { $0 > 0 }) else { return }
    add(counts.map { $0 > 0 ? "⋮ \($0)" : "│" })
  }

  private mutating func add(_ item: Item) {
    var row = Row(lanes: graph.lanes.count, laneWidth: laneWidth)
    let tie = item.tie.map { graph.ties[$0] }
    for (number, place) in item.places.enumerated() {
      if number > 0, let tie {
        row.connect(item.places[number - 1].lane, place.lane, isLive: tie.isLive[number - 1])
      }
    }
    for place in item.places {
      let commit = graph[place]
      let label = shown[place.lane] == place.index ? "" : label(of: commit)
      row.put(GraphMark(commit).character, label, in: place.lane)
      shown[place.lane] = place.index
    }
    lines.append(row.text + (tie.map { " " + $0.event.short } ?? ""))
    while lines.last?.last == " " { lines[lines.count - 1].removeLast() }  // Characters: a column each
  }

  /// The short id, with the subject where a few words of it fit.
  private func label(of commit: LinkGraph.Commit) -> String {
    laneWidth < Self.narrowestLane + 10 ? commit.id.short : cut(commit.label, to: laneWidth - 4)
  }

  private mutating func addLegend() {
    var parts = graph.marks.map { "\($0.character) \($0.meaning)" }
    if graph.segments.contains(where: { !$0.isLive }) { parts.append("╌✕╌ revoked together") }
    if hidden.contains(where: { $0.contains { $0 > 0 } }) { parts.append("⋮ 3 commits folded") }
    lines += ["", parts.joined(separator: "   "), "A commit without its id is the one above it."]
  }
}

/// One line across all lanes.
private struct Row {
  private let laneWidth: Int
  private var characters: [Character]  // Characters: a column each
  /// The columns that a tie's line runs through, and whether it holds there.
  private var tied: [Int: Bool] = [:]

  init(lanes: Int, laneWidth: Int) {
    self.laneWidth = laneWidth
    characters = Array(repeating: " ", count: lanes * laneWidth)
    for lane in 0..<lanes { characters[lane * laneWidth] = "│" }
  }

  /// A line from one lane to another, over what is between.
  mutating func connect(_ from: Int, _ to: Int, isLive: Bool) {
    for column in from * laneWidth + 1..<to * laneWidth {
      characters[column] = column % laneWidth == 0 ? "┼" : isLive ? "─" : "╌"
    }
    if !isLive { characters[to * laneWidth - 2] = "✕" }
    characters[to * laneWidth - 1] = " "
  }

  mutating func put(_ mark: Character, _ label: String, in lane: Int) {  // Characters: a column each
    let start = lane * laneWidth
    characters[start] = mark
    characters[start + 1] = " "
    guard !label.isEmpty else { return }
    for (column, character) in zip((start + 2)..., label) { characters[column] = character }
    characters[start + 2 + label.count] = " "
  }

  var text: String { String(characters) }
}
