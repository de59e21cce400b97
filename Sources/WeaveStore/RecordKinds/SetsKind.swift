import Git
import WeaveModel

extension RecordKind {
  /// Commits under a name: `sets/<name>`.
  public static let sets: RecordKind = RecordKind(
    name: "sets", component: .encoded, growth: .onward,
    joining: .join { theirs, ours, repository in try repository.join(of: theirs, before: ours) },
    inspecting: .chain { inspection, commit, record in
      if commit.parents.count > 1 { return try inspection.refusalOfResolution(commit.tree) }
      guard let name = RecordMessage(parsing: commit.message)?["Weave-Set"],
        RefComponent.encode(name) == record.component
      else { return "it is no set of that name" }
      if let reason = SetName.reason(against: name) { return "it is no set's name: \(reason)" }
      return try inspection.refusalOfResolution(commit.tree)
    },
    remainder: .nothing, owner: .nobody, isAlwaysGiven: false, content: .files(cleanLines),
    keeping: .versions, isRemembered: true, beginsAnew: true, isWanted: false,
    statedName: { $0["Weave-Set"] },
    leak: { secrets, commit in try secrets.leak(inFilesOf: commit, of: .sets) },
    // Some two million commits.
    bound: Bound(words: "sets", mostBytes: 128 << 20),
    told: { record in
      ("the set \(record.shownName)", "whatever asks for the sets fails; `weave set` records it anew")
    })
}

extension RefName {
  public static func set(_ name: String, _ audience: Audience) -> String {
    RecordRef(.sets, RefComponent.encode(name), audience).name
  }
}
