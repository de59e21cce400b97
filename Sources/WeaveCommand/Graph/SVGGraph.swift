import ForeignText
import Foundation
import WeaveModel

/// A graph as an SVG picture (<https://www.w3.org/TR/SVG2/>): a lane for each project, the newest on top, ties as arcs.
struct SVGGraph {
  private static let laneWidth = 200.0
  private static let rowHeight = 38.0
  private static let margin = 44.0
  private static let headerHeight = 30.0
  private static let labelLength = 27
  private static let radius = 5.0

  private let graph: LinkGraph
  private let layout: GraphLayout
  private let hidden: [[Int]]

  init(_ graph: LinkGraph) {
    self.graph = graph
    layout = GraphLayout(graph)
    hidden = graph.lanes.map(\.hidden)
  }

  var text: String {
    let width = Self.margin * 2 + Double(graph.lanes.count) * Self.laneWidth
    let height = y(layout.rowCount) + 2 * Self.rowHeight
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
      viewBox="0 0 \(number(width)) \(number(height))" font-family="ui-monospace,Menlo,Consolas,monospace" font-size="11">
      <style>
      .lane{stroke:#d0d7de;stroke-width:2}
      .live{fill:none;stroke:#3b6ea5}
      .revoked{fill:none;stroke:#c0392b;stroke-width:1.6;stroke-dasharray:5 4}
      .cross{fill:none;stroke:#c0392b;stroke-width:2}
      .label{fill:#24292f;paint-order:stroke;stroke:#fff;stroke-width:3px}
      .picked{font-weight:bold}
      .fold{fill:#6e7781;paint-order:stroke;stroke:#fff;stroke-width:4px}
      </style>
      <rect width="100%" height="100%" fill="#fff"/>
      \((lanes + arcs + commits + legend(at: height - Self.margin)).joined(separator: "\n"))
      </svg>
      """
  }

  private func x(_ lane: Int) -> Double { Self.margin + Self.radius + Double(lane) * Self.laneWidth }
  private func y(_ row: Int) -> Double { Self.headerHeight + Self.rowHeight * (Double(row) + 1) }

  private var lanes: [String] {
    graph.lanes.indices.flatMap { lane in
      [
        "<text class=\"label\" x=\"\(number(x(lane) - Self.radius))\" y=\"22\" font-size=\"14\" font-weight=\"bold\">"
          + "\(Quoted.xml(graph.lanes[lane].project.text))</text>",
        "<line class=\"lane\" x1=\"\(number(x(lane)))\" y1=\"\(number(Self.headerHeight))\" "
          + "x2=\"\(number(x(lane)))\" y2=\"\(number(y(layout.rowCount)))\"/>",
      ]
    }
  }

  /// An arc for each two commits that ties hold together, however many do.
  private var arcs: [String] {
    struct Ends: Hashable {
      let from, to: LinkGraph.Place
      let isLive: Bool
    }
    var order: [Ends] = []
    var ties: [Ends: [Int]] = [:]
    for segment in graph.segments {
      let ends = Ends(from: segment.from, to: segment.to, isLive: segment.isLive)
      if ties[ends] == nil { order.append(ends) }
      ties[ends, default: []].append(segment.tie)
    }
    // Those that hold first, so that none hides one that does not.
    return order.filter(\.isLive).map { arc($0.from, $0.to, isLive: true, ties[$0] ?? []) }
      + order.filter { !$0.isLive }.map { arc($0.from, $0.to, isLive: false, ties[$0] ?? []) }
  }

  private func arc(_ from: LinkGraph.Place, _ to: LinkGraph.Place, isLive: Bool, _ ties: [Int]) -> String {
    let (start, end) = ((x: x(from.lane), y: y(layout[from])), (x: x(to.lane), y: y(layout[to])))
    // Over the commits of the lanes between, not through them.
    let lift = to.lane - from.lane > 1 ? Self.rowHeight * 0.45 : 0
    let bend = (end.x - start.x) * 0.4
    let (first, second) = (
      (x: start.x + bend, y: start.y - lift), (x: end.x - bend, y: end.y - lift)
    )
    let path =
      "M\(number(start.x)) \(number(start.y))C\(number(first.x)) \(number(first.y)) "
      + "\(number(second.x)) \(number(second.y)) \(number(end.x)) \(number(end.y))"
    let words = ties.prefix(5).map { "\(graph.ties[$0].event.short) \(printable(graph.ties[$0].reason))" }
    let more = ties.count > 5 ? ["and \(ties.count - 5) more"] : []
    let title = "<title>\(Quoted.xml((words + more).joined(separator: "; ")))</title>"
    guard !isLive else {
      let stroke = number(1 + min(2, 0.4 * Double(ties.count)))
      return "<path class=\"live\" stroke-width=\"\(stroke)\" d=\"\(path)\">\(title)</path>"
    }
    let middle = (
      x: (start.x + 3 * first.x + 3 * second.x + end.x) / 8,
      y: (start.y + 3 * first.y + 3 * second.y + end.y) / 8
    )
    return "<path class=\"revoked\" d=\"\(path)\">\(title)</path>" + cross(middle.x, middle.y, 5)
  }

  private func cross(_ x: Double, _ y: Double, _ size: Double) -> String {
    let (left, right, top, bottom) = (number(x - size), number(x + size), number(y - size), number(y + size))
    return
      "<path class=\"cross\" d=\"M\(left) \(top)L\(right) \(bottom)M\(left) \(bottom)L\(right) \(top)\"/>"
  }

  private var commits: [String] {
    graph.lanes.indices.flatMap { lane in
      graph.lanes[lane].commits.indices.flatMap { index -> [String] in
        let place = LinkGraph.Place(lane: lane, index: index)
        let commit = graph[place]
        let (x, y) = (x(lane), y(layout[place]))
        let style = commit.isPicked ? "label picked" : "label"
        return [
          shape(GraphMark(commit), x, y),
          "<text class=\"\(style)\" x=\"\(number(x + 9))\" y=\"\(number(y + 14))\">"
            + "<title>\(Quoted.xml(commit.id.hex + (commit.subject.map { " " + printable($0) } ?? "")))</title>"
            + "\(Quoted.xml(cut(commit.label, to: Self.labelLength)))</text>",
        ] + fold(hidden[lane][index], x, y - Self.rowHeight * 0.45)
      } + fold(hidden[lane].last ?? 0, x(lane), y(layout.rowCount))
    }
  }

  private func fold(_ count: Int, _ x: Double, _ y: Double) -> [String] {
    guard count > 0 else { return [] }
    return [
      "<text class=\"fold\" text-anchor=\"end\" x=\"\(number(x - 4))\" y=\"\(number(y + 4))\">⋮ \(count)</text>"
    ]
  }

  private func shape(_ mark: GraphMark, _ x: Double, _ y: Double) -> String {
    let radius = Self.radius
    func circle(_ style: String) -> String {
      "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\" \(style)/>"
    }
    switch mark {
    case .tied: return circle("fill=\"#24292f\"")
    case .beside: return circle("fill=\"#fff\" stroke=\"#24292f\" stroke-width=\"2\"")
    case .missing: return circle("fill=\"#fff\" stroke=\"#6e7781\" stroke-dasharray=\"2 2\"")
    case .revoked:
      return circle("fill=\"#fff\" stroke=\"#c0392b\" stroke-width=\"2\"") + cross(x, y, radius + 2)
    case .picked:
      let size = radius + 3
      return
        "<path fill=\"#1a7f37\" stroke=\"#fff\" d=\"M\(number(x)) \(number(y - size))L\(number(x + size)) "
        + "\(number(y))L\(number(x)) \(number(y + size))L\(number(x - size)) \(number(y))Z\"/>"
    }
  }

  private func legend(at y: Double) -> [String] {
    var (parts, x) = ([String](), Self.margin + Self.radius)
    func word(_ text: String) -> String {
      "<text class=\"label\" x=\"\(number(x + 12))\" y=\"\(number(y + 4))\">\(Quoted.xml(text))</text>"
    }
    for mark in graph.marks {
      parts += [shape(mark, x, y), word(mark.meaning)]
      x += 34 + 6.7 * Double(mark.meaning.count)
    }
    if graph.segments.contains(where: { !$0.isLive }) {
      let line = "<path class=\"revoked\" d=\"M\(number(x)) \(number(y))h40\"/>" + cross(x + 20, y, 5)
      x += 36
      parts += [line, word("revoked together")]
    }
    return parts
  }

  /// A number of the picture, with a digit after the point.
  private func number(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(format: "%.1f", value)
  }
}
