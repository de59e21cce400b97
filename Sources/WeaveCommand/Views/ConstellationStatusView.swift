import ForeignText
import WeaveKit
import WeaveModel

/// The status of a constellation, for people and for machines.
struct ConstellationStatusView {
  let status: ConstellationStatus
  /// Whether it is as if something were so that nobody recorded.
  let isSupposed: Bool
  let printer: Printer

  func print() {
    printer.line(
      "\(status.constellation)  "
        + (status.lock.map { "lock \($0.id.short)" }
          ?? (status.passedOver.isEmpty ? "no lock, so the resolution is wanted" : "no lock that counts")))
    printer.note(status.trust)
    if let lacking = status.lacksResolution {
      printer.note("warning: \(lacking.description); `\(resolve)` says why")
    }
    if let gaveUp = status.gaveUp {
      printer.note("warning: what is wanted is not known: the resolver \(gaveUp.description)")
    }
    // On a narrow terminal the ids go before the words: DRIFT says the same, and --json has them.
    var table = Table(
      "MACHINE", "STATUS", "SEEN", "PROJECT", "HAS", "WANTED", "DRIFT", dispensable: ["HAS", "WANTED"])
    for machine in status.machines {
      let word = ([machine.report.compliance.rawValue] + flags(machine.report)).joined(separator: " ")
      let seen =
        (machine.age.map { age($0) + " " } ?? "") + machine.report.freshness.rawValue
      if machine.projects.isEmpty { table.add(machine.report.machine, word, seen, "", "", "", "") }
      for (index, project) in machine.projects.enumerated() {
        table.add(
          index == 0 ? machine.report.machine : "", index == 0 ? word : "", index == 0 ? seen : "",
          project.comparison.project.text, project.comparison.had?.short ?? "-",
          project.comparison.wanted?.short ?? "-",
          drift(project, isObserved: machine.report.isObserved))
      }
    }
    table.print(on: printer)
    printRevocations()
    printSharedTrees()
    for line in status.distrustLines { printer.paragraph(line) }
    let words = status.holds(as: \.words)
    for machine in status.machines { printRemarks(on: machine, words) }
    printer.line(summary(of: status.machines.map(\.report)))
    if !status.unfitWanted.isEmpty {
      printer.note("hint: `\(resolve)` shows what fits" + (isSupposed ? "" : ", `weave lock` adopts it"))
    }
  }

  private var resolve: String { isSupposed ? "weave what-if resolve" : "weave resolve" }

  func flags(_ report: MachineReport) -> [String] {
    (report.isUntested ? ["untested"] : []) + (report.hasExpiredHold ? ["hold-expired"] : [])
      + (report.isAcknowledged ? ["acknowledged"] : [])
  }

  func drift(_ project: ConstellationStatus.ProjectStatus, isObserved: Bool) -> String {
    guard isObserved else { return "-" }
    var text = project.comparison.drift.rawValue
    if let ahead = project.ahead, ahead > 0 { text += " +\(ahead)" }
    if let behind = project.behind, behind > 0 { text += " -\(behind)" }
    return text
  }

  /// Each revocation once: what it forbids, why, by whom, and the machines that run that or should.
  private func printRevocations() {
    let running = EventsOfMachines(status.machines.map { ($0.report.machine, $0.revocations) })
    let wanted = EventsOfMachines(status.unfitWanted.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    var shown: Set<EventID> = []
    for event in running.events + wanted.events where shown.insert(event.id).inserted {
      let indent = String(repeating: " ", count: event.id.short.count + 2)
      printer.line("\(event.id.short)  revokes \(event.members?.shown ?? "")")
      printer.line("\(indent)\(event.reasonLine)\(status.trust?.remark(on: event.id) ?? "")")
      let date = moment(event.author.seconds, offsetMinutes: event.author.offsetMinutes)
      printer.line("\(indent)\(event.author.name), \(date)")
      for (verb, machines) in [("runs on", running), ("wanted on", wanted)] {
        if let names = machines.listedMachines(of: event.id) { printer.line("\(indent)\(verb) \(names)") }
      }
    }
  }

  /// A flag and no verdict: nobody said it of these commits.
  private func printSharedTrees() {
    let sharing = EventsOfMachines(status.machines.map { ($0.report.machine, $0.revocationsSharingTrees) })
    for event in sharing.events {
      let verb = sharing.count(of: event.id) == 1 ? "runs" : "run"
      printer.paragraph(
        "\(sharing.listedMachines(of: event.id) ?? "") \(verb) the same trees as a revoked set: "
          + "\(event.revocationSentence) (\(event.id.short))")
    }
  }

  private func printRemarks(on machine: ConstellationStatus.MachineStatus, _ words: [Hold: String]) {
    for hold in machine.holds {
      let end =
        hold.isPast(at: status.now)
        ? ": expired; `weave release \(Quoted.shellOperand(machine.report.machine)) \(hold.project)` ends it"
        : ""
      printer.paragraph(
        "\(machine.report.machine) keeps \(hold.project) at \(words[hold] ?? hold.words)\(end)")
    }
    if let acknowledgement = machine.acknowledgement {
      printer.paragraph("\(machine.report.machine) is \(acknowledgement.words)")
    }
  }

  func printJSON() throws {
    let holds = status.holds(as: HoldJSON.init)
    var listed = ListedEvents()
    try printer.json(
      Document(
        schema: "weave.status/1", constellation: status.constellation, lock: status.lock?.id.hex,
        machines: status.machines.map { machine in
          MachineJSON(
            machine: machine.report.machine, compliance: machine.report.compliance.rawValue,
            freshness: machine.report.freshness.rawValue, ageSeconds: machine.age,
            untested: machine.report.isUntested,
            holdExpired: machine.report.hasExpiredHold,
            distrusted: status.distrusted[machine.report.machine]?.reason,
            holds: machine.holds.map { holds[$0] ?? HoldJSON($0) },
            acknowledged: machine.acknowledgement.map(AcknowledgementJSON.init),
            projects: machine.projects.map { project in
              ProjectJSON(
                project: project.comparison.project.text, had: project.comparison.had?.hex,
                wanted: project.comparison.wanted?.hex, drift: project.comparison.drift.rawValue,
                ahead: project.ahead,
                behind: project.behind)
            },
            revocations: listed.json(machine.revocations),
            moreRevocations: ListedEvents.excess(of: machine.revocations),
            revocationsSharingTrees: listed.json(machine.revocationsSharingTrees),
            moreRevocationsSharingTrees: ListedEvents.excess(of: machine.revocationsSharingTrees),
            wantedRevocations: listed.json(status.unfitWanted[machine.report.machine] ?? []),
            moreWantedRevocations: ListedEvents.excess(of: status.unfitWanted[machine.report.machine] ?? []))
        },
        unresolved: unresolved, trust: status.trust.map(TrustJSON.init),
        passedOver: PassedOverJSON.list(status.passedOver)))
  }

  /// Never empty where nothing is wanted.
  private var unresolved: [String] {
    if let lacking = status.lacksResolution {
      return lacking.reasons.isEmpty ? [lacking.description] : lacking.reasons
    }
    return status.gaveUp.map { [$0.description] } ?? []
  }

  struct Document: Encodable {
    let schema, constellation: String; let lock: String?; let machines: [MachineJSON]
    let unresolved: [String]; let trust: TrustJSON?; let passedOver: [PassedOverJSON]?
  }
  struct MachineJSON: Encodable {
    let machine, compliance, freshness: String; let ageSeconds: Int64?; let untested, holdExpired: Bool
    let distrusted: String?; let holds: [HoldJSON]; let acknowledged: AcknowledgementJSON?
    let projects: [ProjectJSON]; let revocations: [EventJSON]; let moreRevocations: Int?
    let revocationsSharingTrees: [EventJSON]; let moreRevocationsSharingTrees: Int?
    let wantedRevocations: [EventJSON]; let moreWantedRevocations: Int?
  }
  struct HoldJSON: Encodable {
    let project, at, because: String; let until, author: String?; let time: Int64?

    init(_ hold: Hold) {
      (project, at, because, until) = (hold.project.text, hold.at.description, hold.listedReason, hold.until)
      (author, time) = (hold.author?.name, hold.author?.seconds)
    }
  }
  struct AcknowledgementJSON: Encodable {
    let because, author: String; let time, until: Int64

    init(_ acknowledgement: Acknowledgement) {
      (because, author) = (acknowledgement.because, acknowledgement.author.name)
      (time, until) = (acknowledgement.author.seconds, acknowledgement.until)
    }
  }
  struct ProjectJSON: Encodable {
    let project: String; let had, wanted: String?; let drift: String; let ahead, behind: Int?
  }
}

extension ConstellationStatus {
  /// Why nothing is wanted of machines, each reason once.
  var distrustLines: [String] {
    var machines: [Distrust: [String]] = [:]
    for machine in self.machines.map(\.report.machine) {
      if let distrust = distrusted[machine] { machines[distrust, default: []].append(machine) }
    }
    return machines.sorted { $0.value[0] < $1.value[0] }.map { distrust, names in
      "what \(listed(names)) should run is not to be trusted: \(distrust.reason); \(distrust.hint)"
    }
  }

  /// What `form` gives of each hold. A range lends one to all its machines, and its reason takes long to look through.
  func holds<Form>(as form: (Hold) -> Form) -> [Hold: Form] {
    Dictionary(
      Set(machines.flatMap(\.holds)).map { ($0, form($0)) }, uniquingKeysWith: { first, _ in first })
  }
}

/// How many machines there are, and how many under each word, the worst first.
func summary(of reports: [MachineReport]) -> String {
  let counts = Dictionary(reports.map { ($0.compliance, 1) }, uniquingKeysWith: +)
  let words = Compliance.worstFirst.compactMap { word -> String? in
    let count = counts[word] ?? 0
    return count == 0 ? nil : "\(count) \(word == .unobserved ? "never seen" : word.rawValue)"
  }
  let old = [Freshness.stale, .clockAhead, .unreachable].compactMap { freshness -> String? in
    let count = reports.count { $0.freshness == freshness }
    return count == 0 ? nil : "\(count) \(freshness.rawValue)"
  }
  return ([counted(reports.count, "machine")] + (words.isEmpty ? [] : [words.joined(separator: ", ")]))
    .joined(separator: ": ") + (old.isEmpty ? "" : "; of these \(old.joined(separator: ", "))")
}

extension Hold {
  /// `d0230f1, kernel regression (Ada, 2026-11-22 02:10), until 2026-12-01`.
  var words: String {
    let place = if case .commit(let commit) = at { commit.short } else { at.description }
    let who = author.map { " (\($0.name), \(moment($0.seconds, offsetMinutes: $0.offsetMinutes)))" } ?? ""
    return "\(place), \(reasonLine)\(who)" + (until.map { ", until \($0)" } ?? "")
  }
}

extension Acknowledgement {
  /// `acknowledged until 2026-11-24 02:10: new disk on its way (Ada)`.
  var words: String { "acknowledged until \(moment(until)): \(reasonLine) (\(author.name))" }
}
