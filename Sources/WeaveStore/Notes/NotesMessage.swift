import ForeignText
import Git
import WeaveModel

/// The message of a commit of notes: whose they are, and the tips of the ledgers that they are true of.
struct NotesMessage: Equatable {
  private static let subject = "weave: notes"

  /// The project whose commits alone have notes; nil for all.
  let project: ProjectName?
  /// By the names of the ledgers' refs; none where the notes may want something that could not be read.
  let tips: [String: ObjectID]

  init(project: ProjectName?, tips: [String: ObjectID]) { (self.project, self.tips) = (project, tips) }

  /// What `commit` says of its notes; nil for one that some other program wrote, or somebody by hand.
  init?(of commit: Commit) {
    guard commit.parents.isEmpty, let message = RecordMessage(parsing: commit.message) else { return nil }
    let tips = message.values(of: "Weave-Tip").compactMap { value -> (String, ObjectID)? in
      let parts = value.split(atScalar: " ")
      guard parts.count == 2, let tip = ObjectID(hex: String(parts[1])) else { return nil }
      return (RefName.records + parts[0], tip)
    }
    project = message["Weave-Project"].flatMap { try? ProjectName($0) }
    self.tips = Dictionary(tips) { first, _ in first }
    guard bytes == commit.message else { return nil }
  }

  var bytes: [UInt8] {
    var lines = project.map { ["Weave-Project: \($0)"] } ?? []
    for (name, tip) in tips.sorted(by: { $0.key < $1.key }) {
      lines.append("Weave-Tip: \(name.dropFirst(bytes: RefName.records.utf8.count)) \(tip)")
    }
    return Array(([Self.subject] + (lines.isEmpty ? [] : [""]) + lines).map { $0 + "\n" }.joined().utf8)
  }
}
