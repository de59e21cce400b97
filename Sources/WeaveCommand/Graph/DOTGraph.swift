import ForeignText
import WeaveModel

/// A graph in Graphviz's language (<https://graphviz.org/doc/info/lang.html>), to be drawn by `dot`.
struct DOTGraph {
  let graph: LinkGraph

  var text: String {
    let layout = GraphLayout(graph)
    var lines = [
      "graph weave {", "  rankdir=TB; ranksep=0.3; nodesep=0.5;",
      "  node [shape=box, style=rounded, fontname=monospace, fontsize=10];",
    ]
    var rows: [Int: [String]] = [:]
    for (lane, own) in graph.lanes.enumerated() {
      lines.append("  h\(lane) [label=\(Quoted.dot(own.project.text)), shape=plaintext, group=g\(lane)];")
      var last = "h\(lane)"
      for (index, commit) in own.commits.enumerated() {
        let name = "c\(lane)_\(index)"
        lines.append(
          "  \(name) [label=\(Quoted.dot(cut(commit.label, to: 30))), group=g\(lane)\(style(of: commit))];")
        let hidden = own.hidden[index]
        let fold = hidden > 0 ? ", label=\(Quoted.dot("⋮ \(hidden)"))" : ""
        lines.append("  \(last) -- \(name) [weight=100, color=gray\(fold)];")
        rows[layout.rows[lane][index], default: []].append(name)
        last = name
      }
    }
    let headers = graph.lanes.indices.map { "h\($0)" }
    for names in [headers] + rows.sorted(by: { $0.key < $1.key }).map(\.value) where names.count > 1 {
      lines.append("  { rank=same; \(names.joined(separator: "; ")) }")
    }
    for segment in graph.segments {
      let ends = "c\(segment.from.lane)_\(segment.from.index) -- c\(segment.to.lane)_\(segment.to.index)"
      let style = segment.isLive ? "color=steelblue" : "color=firebrick, style=dashed, label=\"✕\""
      let event = graph.ties[segment.tie].event.short
      lines.append("  \(ends) [constraint=false, \(style), tooltip=\"\(event)\"];")
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  private func style(of commit: LinkGraph.Commit) -> String {
    switch GraphMark(commit) {
    case .tied: ""
    case .picked: ", penwidth=3, peripheries=2"
    case .beside: ", style=\"rounded,dotted\""
    case .missing: ", style=dotted, fontcolor=gray"
    case .revoked: ", style=\"rounded,dashed\", color=firebrick, xlabel=\"✕\""
    }
  }
}
