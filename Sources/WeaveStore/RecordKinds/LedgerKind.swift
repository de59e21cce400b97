import ForeignText
import Git
import WeaveModel

extension RecordKind {
  /// The events of one writer: `ledger/<writer>`.
  public static let ledger: RecordKind = RecordKind(
    name: "ledger", component: .writer, growth: .onward,
    joining: .join { one, other, repository in
      try Join(of: [one, other].sorted(), tree: repository.writeTree([]), in: repository)
    },
    inspecting: .commits { _, commit, _ in commit.tree == .emptyTree ? nil : "its tree is not empty" },
    // What somebody put on top of a ledger cuts nobody off.
    remainder: .all, owner: .writer, isAlwaysGiven: true, content: .events, keeping: .events,
    isRemembered: true,
    // Nobody says again what an event said.
    beginsAnew: false, isWanted: true, statedName: { _ in nil },
    leak: { secrets, commit in
      guard commit.tree == .emptyTree else { return "has a tree" }
      // Where nothing is private, no words can tell of it: a first push need not read them all.
      guard !secrets.projects.isEmpty || !secrets.events.isEmpty,
        let message = try? EventMessage(
          parsing: commit.message, hasEncodingHeader: commit.hasEncodingHeader)
      else { return nil }
      return secrets.leak(in: message)
    },
    bound: nil,
    told: { record in
      ("in the ledger of \(record.component)", "no command that asks what is fit answers without it")
    })
}

extension RecordRef {
  /// Whether it is a ledger, which has events.
  public var isLedger: Bool { kind == .ledger }
}

extension RefName {
  public static func ledger(_ writer: WriterName, _ audience: Audience) -> String {
    RecordRef(.ledger, writer.text, audience).name
  }
}

extension Secrets {
  fileprivate func leak(in message: EventMessage) -> String? {
    if let project = named(by: message.claim.members?.members.map(\.project) ?? []) {
      return "names the private project \(project)"
    }
    let event: EventID? =
      switch message.claim {
      case .withdraw(let event): event
      case .revoke(_, let given): given
      case .link: nil
      }
    return event.flatMap { events.contains($0.objectID) ? "names the private event \($0)" : nil }
  }
}
