import WeaveModel

/// What is to be seen of a commit at a glance; each has a shape of its own, so that no colour is needed.
enum GraphMark: CaseIterable {
  case picked, tied, beside, missing, revoked

  init(_ commit: LinkGraph.Commit) {
    self =
      if commit.isRevoked { .revoked } else if commit.isPicked { .picked } else if commit.subject == nil {
        .missing
      } else if commit.age == nil { .beside } else { .tied }
  }

  var character: Character {  // Characters: a column of a terminal
    switch self {
    case .picked: "◆"
    case .tied: "●"
    case .beside: "○"
    case .missing: "?"
    case .revoked: "✕"
    }
  }

  /// What it means, in a legend.
  var meaning: String {
    switch self {
    case .picked: "picked"
    case .tied: "linked"
    case .beside: "not in the tracked history"
    case .missing: "not here"
    case .revoked: "revoked"
    }
  }
}

extension LinkGraph.Commit {
  /// The short id and the subject, fit to be shown anywhere.
  var label: String { id.short + (subject.map { " " + printable($0) } ?? "") }
}

extension LinkGraph {
  var marks: [GraphMark] {
    let used = Set(lanes.flatMap { $0.commits.map { GraphMark($0) } })
    return GraphMark.allCases.filter(used.contains)
  }

  /// The two ends of each part of a tie, and whether it holds.
  var segments: [(from: Place, to: Place, isLive: Bool, tie: Int)] {
    ties.indices.flatMap { number in
      let tie = ties[number]
      return zip(zip(tie.places, tie.places.dropFirst()), tie.isLive).map {
        ($0.0.0, $0.0.1, $0.1, number)
      }
    }
  }
}

/// The text, cut to at most `width` characters.
func cut(_ text: String, to width: Int) -> String {
  // Any number of marks may stand on one letter.
  let text = String(text.unicodeScalars.prefix(8 * max(1, width)))
  return text.count > width ? text.prefix(max(0, width - 1)) + "…" : text
}
