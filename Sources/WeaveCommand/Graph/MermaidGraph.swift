import WeaveModel

/// A graph in Mermaid's language (<https://mermaid.js.org/syntax/flowchart.html>), as GitHub and GitLab draw it in Markdown.
struct MermaidGraph {
  let graph: LinkGraph

  var text: String {
    var lines = ["flowchart TB"]
    for (lane, own) in graph.lanes.enumerated() {
      lines.append("  subgraph p\(lane)[\(quoted(own.project.text))]")
      lines.append("    direction TB")
      for (index, commit) in own.commits.enumerated() {
        lines.append("    \(name(lane, index))\(node(commit))")
      }
      for index in own.commits.indices.dropFirst() {
        let hidden = own.hidden[index]
        let label = hidden > 0 ? "|\(quoted("⋮ \(hidden)"))|" : ""
        lines.append("    \(name(lane, index - 1)) ---\(label) \(name(lane, index))")
      }
      lines.append("  end")
    }
    for segment in graph.segments {
      let (from, to) = (
        name(segment.from.lane, segment.from.index), name(segment.to.lane, segment.to.index)
      )
      lines.append(segment.isLive ? "  \(from) === \(to)" : "  \(from) -. \(quoted("✕")) .- \(to)")
    }
    return lines.joined(separator: "\n")
  }

  private func name(_ lane: Int, _ index: Int) -> String { "c\(lane)x\(index)" }

  private func node(_ commit: LinkGraph.Commit) -> String {
    let mark = GraphMark(commit)
    let text = quoted(
      mark == .tied ? cut(commit.label, to: 40) : "\(mark.character) \(cut(commit.label, to: 40))")
    return mark == .picked ? "{{\(text)}}" : "[\(text)]"
  }

  /// A quoted string, in which all but letters, digits and the plainest signs are entity codes: quotes, Markdown and
  /// HTML have a meaning there.
  private func quoted(_ text: String) -> String {
    var escaped = ""
    for scalar in printable(text).unicodeScalars {
      let isPlain =
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || " .,:-⋮✕●○◆…".unicodeScalars.contains(scalar)
      if isPlain { escaped.unicodeScalars.append(scalar) } else { escaped += "#\(scalar.value);" }
    }
    return "\"\(escaped)\""
  }
}
