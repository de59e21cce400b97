import WeaveModel
import WeaveStore

/// A stored constellation that is not read beside the others, as all together are too much.
struct ExcessConstellation {
  let size: Int
  let bound: ConstellationBound
}

/// How much the stored constellations may be together. A few bytes of each can stand for a hundred thousand machines, and
/// anybody may have pushed a thousand of them.
enum ConstellationBound: Int, Comparable {
  case bytes = 16_777_216
  case values = 2_000_000
  case machines = 200_000
  case work = 8_000_000

  var most: String {
    switch self {
    case .bytes: "16 MiB of text"
    case .values: "2,000,000 values in YAML"
    case .machines: "200,000 machines"
    case .work: "8,000,000 values of machines and pairs of projects"
    }
  }

  static func < (left: ConstellationBound, right: ConstellationBound) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// What the stored constellations come to.
struct MeasuredConstellations {
  let records: [ConstellationRecord]
  /// Those that are not read by whoever adds up over all.
  var excess: [ConstellationRecord: ExcessConstellation] = [:]
  /// The others, for as long as nobody has read them, the smallest first.
  var unread: [(record: ConstellationRecord, draft: ConstellationDraft)] = []
}
