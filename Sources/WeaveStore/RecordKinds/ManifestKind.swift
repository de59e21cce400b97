import ForeignText
import Git
import WeaveModel

extension RecordKind {
  /// The projects and constellations of a store: `manifest`.
  public static let manifest: RecordKind = RecordKind(
    name: "manifest", component: .single, growth: .onward, joining: .merge(merge),
    inspecting: .whole { inspection, record, tip, new in
      try inspection.refusalOfManifest(at: tip) ?? inspection.refusalOfLostFormat(at: tip, new)
        ?? inspection.refusalOfManifestJoins(at: tip, of: record.audience, new)
        ?? inspection.refusalOfRespelling(new, of: record)
    },
    remainder: .nothing, owner: .nobody, isAlwaysGiven: true, content: .entries, keeping: .nothing,
    isRemembered: true,
    // Without it nothing works.
    beginsAnew: false, isWanted: true, statedName: { _ in nil },
    leak: { secrets, commit in
      let repository = secrets.repository
      // What a parent has was there before: somebody else may have a public project of that name.
      let parents = try commit.parents.map(repository.commit)
      guard !secrets.projects.isEmpty, !parents.contains(where: { $0.tree == commit.tree }) else {
        return nil
      }
      let former = Set(try parents.flatMap { try repository.projectEntries(inManifest: $0.tree) })
      let new = Set(try repository.projectEntries(inManifest: commit.tree)).subtracting(former)
      return secrets.projects.first { new.contains($0.text) }.map {
        "has an entry of the private project \($0)"
      }
    },
    bound: nil,
    told: { record in
      (
        "in the \(record.audience) manifest", "nothing works without it; a remote, or a clone, may have it"
      )
    })

  private static func merge(_ apart: Divergence) throws -> Merge {
    let repository = apart.repository
    let base = try repository.mergeBase(apart.ours, apart.theirs).flatMap {
      try ManifestPart.past(at: $0, in: repository)
    }
    let merge = ManifestMerge(
      base: base ?? ManifestPart(store: apart.store), ours: try ManifestPart(at: apart.ours, in: repository),
      theirs: try ManifestPart(at: apart.theirs, in: repository), choices: apart.choices
    ) { "version \($0)" }
    do { try merge.merged.format.requireKnown() } catch {
      return .refused("it went apart from ours, and \(error); upgrade weave")
    }
    guard merge.conflicts.isEmpty else { return .conflicting(merge.conflicts) }
    let tree = try merge.merged.write(to: repository)
    return .joined(try Join(of: [apart.ours, apart.theirs].sorted(), tree: tree, in: repository))
  }
}

extension RefName {
  public static func manifest(_ audience: Audience) -> String { RecordRef(.manifest, audience).name }
}

extension Inspection {
  fileprivate func refusalOfManifest(at tip: ObjectID) throws -> String? {
    let part = try ManifestPart(at: tip, in: repository)
    if let store, part.store != store { return "it is of another store, \(part.store)" }
    if let path = part.malformed.first {
      return "its entry \(FreeText.name(path)) is none that a manifest can have"
    }
    for record in part.projects.values.sorted(by: { $0.name < $1.name }) {
      if let reason = ProjectSource.refusal(of: record.source.textWithSecret) {
        return "the source of \(record.name): \(reason)"
      }
      if let problem = record.trackProblem { return problem }
    }
    return nil
  }

  /// Weave 0.1.0 writes only the entries that it knows: where a manifest has lost its format, it has lost more.
  fileprivate func refusalOfLostFormat(at tip: ObjectID, _ new: NewCommits) throws -> String? {
    guard try !format(at: tip).isStated else { return nil }
    for id in new.ids {
      for parent in try repository.parents(of: id) where try format(at: parent).isStated {
        return "it was written by weave 0.1.0, which loses what newer ones record: "
          + "it has no `format`, and \(parent), which it goes on from, has one"
      }
    }
    return nil
  }

  fileprivate func refusalOfManifestJoins(
    at tip: ObjectID, of audience: Audience, _ new: NewCommits
  ) throws -> String? {
    var joins = ManifestJoins(of: audience, in: repository)
    return try joins.refusal(
      of: new.ids.filter { try repository.parents(of: $0).count > 1 }, below: tip)
  }

  private func format(at commit: ObjectID) throws -> ManifestFormat {
    try ManifestFormat(at: commit, in: repository)
  }
}
