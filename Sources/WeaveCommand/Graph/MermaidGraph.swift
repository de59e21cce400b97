import ForeignText
import WeaveModel

/// A graph in Mermaid's language (<https://mermaid.js.org/syntax/flowchart.html>), as GitHub and GitLab draw it in Markdown.
struct MermaidGraph {
  let graph: LinkGraph

  var text: String {
    var lines = ["flowchart TB"]
    for (lane, own) in graph.lanes.enumerated() {
      lines.append("  subgraph p\(lane)[\(Quoted.mermaid(own.project.text))]")
      lines.append("    direction TB")
      for (index, commit) in own.commits.enumerated() {
        lines.append("    \(name(lane, index))\(node(commit))")
      }
      for index in own.commits.indices.dropFirst() {
        let hidden = own.hidden[index]
        let label = hidden > 0 ? "|\(Quoted.mermaid("⋮ \(hidden)"))|" : ""
        lines.append("    \(name(lane, index - 1)) ---\(label) \(name(lane, index))")
      }
      lines.append("  end")
    }
    for segment in graph.segments {
      let (from, to) = (
        name(segment.from.lane, segment.from.index), name(segment.to.lane, segment.to.index)
      )
      lines.append(segment.isLive ? "  \(from) === \(to)" : "  \(from) -. \(Quoted.mermaid("✕")) .- \(to)")
    }
    return lines.joined(separator: "\n")
  }

  private func name(_ lane: Int, _ index: Int) -> String { "c\(lane)x\(index)" }

  private func node(_ commit: LinkGraph.Commit) -> String {
    let mark = GraphMark(commit)
    let text = Quoted.mermaid(
      mark == .tied ? cut(commit.label, to: 40) : "\(mark.character) \(cut(commit.label, to: 40))")
    return mark == .picked ? "{{\(text)}}" : "[\(text)]"
  }
}
