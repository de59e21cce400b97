import ForeignText
import WeaveKit
import WeaveModel

/// The status of a constellation as a JUnit report (the Jenkins xUnit schema, `junit-10.xsd`): a test case for each machine,
/// so that whatever shows test results shows drift.
///
/// What is not as it should be is a failure, of the type that is the machine's word; what cannot be told is an error; what
/// is acknowledged is skipped, unless it is incompatible.
struct StatusJUnit {
  let status: ConstellationStatus
  let printer: Printer

  func print() {
    let cases = status.machines.map(Case.init) + wanted
    func count(_ kind: String) -> Int { cases.count { $0.kind == kind } }
    let name = Quoted.xml(status.constellation)
    printer.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    printer.line(
      "<testsuites><testsuite name=\"\(name)\" tests=\"\(cases.count)\" failures=\"\(count("failure"))\" "
        + "errors=\"\(count("error"))\" skipped=\"\(count("skipped"))\">")
    for each in cases {
      let open = "<testcase classname=\"\(name)\" name=\"\(Quoted.xml(each.name))\""
      guard let kind = each.kind else {
        printer.line("  \(open)/>")
        continue
      }
      let type = kind == "skipped" ? "" : " type=\"\(Quoted.xml(each.word))\""
      printer.line(
        "  \(open)><\(kind)\(type) message=\"\(Quoted.xml(each.message))\"></\(kind)></testcase>")
    }
    printer.line("</testsuite></testsuites>")
  }

  /// One more where what is wanted is itself unfit, or is not known.
  private var wanted: [Case] {
    if let lacking = status.lacksResolution {
      return [Case(name: "what is wanted", word: "unresolved", kind: "failure", message: lacking.description)]
    }
    if let gaveUp = status.gaveUp {
      return [Case(name: "what is wanted", word: "gave-up", kind: "error", message: gaveUp.description)]
    }
    let distrusted = status.distrusted.sorted { $0.key < $1.key }.map { machine, distrust in
      Case(
        name: "what is wanted of \(machine)", word: "not-trusted", kind: "failure", message: distrust.reason)
    }
    return distrusted
      + status.unfitWanted.sorted { $0.key < $1.key }.compactMap { machine, events in
        events.first.map {
          Case(
            name: "what is wanted of \(machine)", word: "unfit", kind: "failure",
            message: $0.revocationSentence
          )
        }
      }
  }

  struct Case {
    let name, word: String
    /// The element in it; nil where all is well.
    let kind: String?
    let message: String
  }
}

extension StatusJUnit.Case {
  fileprivate init(_ machine: ConstellationStatus.MachineStatus) {
    let findings = machine.report.findings.filter { $0 != .untested }
    name = machine.report.machine
    if let acknowledgement = machine.acknowledgement, !findings.contains(.incompatible) {
      (kind, message) = ("skipped", acknowledgement.words)
    } else if findings.contains(where: { $0.status != .cannotTell }) {
      (kind, message) = ("failure", machine.sentence)
    } else {
      (kind, message) = (findings.isEmpty ? nil : "error", machine.sentence)
      word = machine.report.freshness.rawValue
      return
    }
    word = machine.report.compliance.rawValue
  }
}

extension ConstellationStatus.MachineStatus {
  /// `behind: laurelin is at 3fa2c11, wanted is 90ab11c; stale`.
  fileprivate var sentence: String {
    if let event = revocations.first { return "\(report.compliance.rawValue): \(event.revocationSentence)" }
    let projects = projects.filter { ![.same, .extra].contains($0.comparison.drift) }.map { project in
      let comparison = project.comparison
      return "\(comparison.project) is \(comparison.had.map { "at \($0.short)" } ?? "not there")"
        + (comparison.wanted.map { ", wanted is \($0.short)" } ?? "")
    }
    let word = report.isObserved ? report.compliance.rawValue : "never seen"
    return word + (report.isObserved && !projects.isEmpty ? ": " + projects.joined(separator: "; ") : "")
      + (report.freshness == .fresh || !report.isObserved ? "" : " (\(report.freshness.rawValue))")
  }
}
