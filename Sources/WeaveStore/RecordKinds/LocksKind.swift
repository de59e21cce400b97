import Git
import WeaveModel

extension RecordKind {
  /// What is wanted of each machine of a constellation: `locks/<constellation>`.
  public static let locks: RecordKind = RecordKind(
    name: "locks", component: .encoded, growth: .onward,
    joining: .join { theirs, ours, repository in try repository.join(of: theirs, before: ours) },
    inspecting: .chain { inspection, commit, record in
      if commit.parents.count > 1 { return try inspection.refusalOfResolution(commit.tree) }
      let message = RecordMessage(parsing: commit.message)
      guard let message, message["Weave-Lock"].map(RefComponent.encode) == record.component else {
        return "it is no lock of \(record.component)"
      }
      return try message.lockProblem ?? inspection.refusalOfResolution(commit.tree)
    },
    // Else what somebody put on top would freeze the chain for all, and a new clone would have no lock, and answer as if there
    // had been none.
    remainder: .newest, owner: .nobody, isAlwaysGiven: false, content: .files(cleanLines), keeping: .versions,
    isRemembered: true, beginsAnew: true, isWanted: true, statedName: { $0["Weave-Lock"] },
    leak: { secrets, commit in try secrets.leak(inFilesOf: commit, of: .locks) }, bound: nil,
    told: { record in
      (
        "the lock of \(record.shownName)", "whatever asks for that lock fails; `weave lock` makes a new one"
      )
    })
}

extension RefName {
  public static func locks(_ constellation: String, _ audience: Audience) -> String {
    locks(under: RefComponent.encode(constellation), audience)
  }
  static func locks(under component: String, _ audience: Audience) -> String {
    RecordRef(.locks, component, audience).name
  }
}

extension RecordMessage {
  /// What is malformed in the trailers that a lock may have; nil where nothing is.
  var lockProblem: String? {
    let versions = values(of: "Weave-Constellation")
    if versions.count > 1 || versions.contains(where: { ObjectID(hex: $0) == nil }) {
      return "its Weave-Constellation is not one object's id"
    }
    return values(of: "Weave-Local").first { Member($0) == nil }.map { "'\($0)' is not `project SHA`" }
  }
}
