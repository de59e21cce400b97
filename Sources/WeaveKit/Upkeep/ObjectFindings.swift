import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  /// What is wrong with the projects' exchange repositories, each of which the next fetch makes anew where it is not there. With
  /// `repair` those are removed. Reads all that they hold.
  func projectExchangeFindings(repair isRepairing: Bool) async throws -> [Finding] {
    var findings: [Finding] = []
    for exchange in store.projectExchanges() {
      // Git would wait for what is no file.
      if Store.irregularFiles(in: exchange.gitDirectory).isEmpty,
        try await git.checkObjects(in: exchange.gitDirectory).isClean
      {
        continue
      }
      if isRepairing {
        FileSystem.removeAll(exchange.gitDirectory)
        caller.warn(
          "\(exchange.gitDirectory) was damaged, and is removed: the next fetch of \(exchange.project) makes it anew"
        )
      } else {
        findings.append(
          Finding(
            severity: .error,
            message: "\(exchange.gitDirectory), through which \(exchange.project) is fetched, is damaged; "
              + "`weave fsck --repair` removes it, and the next fetch makes it anew"))
      }
    }
    return findings
  }

  /// What `git fsck` finds, each with the record that it belongs to and what works without it. Reads all of the store.
  func objectFindings() async throws -> [Finding] {
    let gitDirectory = store.repository.gitDirectory
    // Git would wait for them.
    let irregular = Store.irregularFiles(in: gitDirectory)
    guard irregular.isEmpty else {
      return irregular.map {
        Finding(
          severity: .error,
          message:
            "\(gitDirectory)/\($0) is no file, and Git would wait for it for ever; nothing else was looked at: "
            + "`weave fsck --repair` moves it away")
      }
    }
    let check = try await git.checkObjects(in: gitDirectory)
    var findings = check.malformed.map {
      Finding(severity: .warning, message: "Git finds fault with an object that is as it was written: \($0)")
    }
    // Those that are empty are named already.
    let empty = store.brokenReferences()
    for name in check.unresolved where !empty.contains(name) {
      if let fault = faultOfReference(name) { findings.append(Finding(severity: .error, message: fault)) }
    }
    guard !check.isClean else { return findings }
    var named: Set<ObjectID> = []
    for damage in try store.recordDamage() {
      named.insert(damage.object)
      findings.append(Self.finding(damage))
    }
    for missing in check.missing {
      guard let id = ObjectID(hex: missing.id), named.insert(id).inserted else { continue }
      findings.append(Self.finding("\(id) is missing", at: missing.place ?? "", isOfNewest: true))
    }
    for id in try store.repository.damagedLooseObjects()
      + check.damagedLoose.sorted().compactMap(ObjectID.init(hex:))
    where named.insert(id).inserted {
      findings.append(Self.finding("\(id) is damaged", at: "", isOfNewest: true))
    }
    findings += check.damagedPacks.sorted().map {
      Finding(
        severity: .error,
        message: "\($0), or its index, is damaged; `weave fsck --repair` keeps what can be read of it")
    }
    if check.isCommitGraphDamaged {
      findings.append(
        Finding(
          severity: .error,
          message: "the commit-graph is not true of what is stored; `weave fsck --repair` removes it"))
    }
    findings += check.complaints.filter { complaint in !empty.contains { complaint.holds($0) } }.map {
      Finding(severity: .error, message: "Git says: \($0)")
    }
    return findings
  }

  /// Why the ref leads to nothing.
  private func faultOfReference(_ name: String) -> String? {
    do {
      guard case .symbolic(let target)? = try store.repository.reference(name)?.target else { return nil }
      return "\(name) names \(target), which is not there; `weave fetch` sets it anew"
    } catch { return "\(error)" }
  }

  private static func finding(_ damage: RecordDamage) -> Finding {
    finding("\(damage.object): \(damage.reason)", at: damage.reference, isOfNewest: damage.isOfNewest)
  }

  private static func finding(_ what: String, at place: String, isOfNewest: Bool) -> Finding {
    let owner = ObjectOwner(place, isOfNewest: isOfNewest)
    return Finding(severity: .error, message: "\(what); \(owner.words): \(owner.consequence)")
  }
}

/// What an object belongs to, by the ref that reaches it.
private struct ObjectOwner {
  let words: String
  /// What works without it, and what to type.
  let consequence: String

  /// `place` begins with the ref's name; what Git puts behind one, as `~3:file`, may follow.
  init(_ place: String, isOfNewest: Bool) {
    let reference = String(place.prefix(whileScalar: { !"~^:@".unicodeScalars.contains($0) }))
    let isOld =
      !isOfNewest || place.utf8.count > reference.utf8.count + 1 && place.holds(anyOf: "~^".unicodeScalars)
    if let record = RecordRef(name: reference) {
      (words, consequence) = Self.ofRecord(record, isOld: isOld)
    } else if reference == RefName.accepted {
      (words, consequence) = (
        "what was accepted here",
        isOld
          ? "nothing needs it"
          : "hardly a command works; `weave fsck --repair` takes what was accepted before"
      )
    } else if reference == RefName.notes {
      (words, consequence) = ("a note", "`weave fsck --repair` makes the notes anew")
    } else if let project = Self.project(in: reference) {
      (words, consequence) = (
        "of \(project)",
        "what needs that commit fails; `weave fsck --repair` gets it from the source of \(project)"
      )
    } else {
      (words, consequence) = (
        "of nothing that is named", "`weave fsck --repair` gets it from where it is whole"
      )
    }
  }

  private static func ofRecord(_ record: RecordRef, isOld: Bool) -> (String, String) {
    isOld && !record.isLedger
      ? ("of an earlier state of \(record.name)", "only what looks back needs it, and a first push")
      : record.told
  }

  private static func project(in reference: String) -> String? {
    for prefix in ["refs/namespaces/", "refs/weave-local/keep/"] {
      guard let rest = reference.dropping(prefix: prefix) else { continue }
      return String(rest.prefix(whileScalar: { $0 != "/" }))
    }
    return nil
  }
}
