import ForeignText
import WeaveModel

/// How machines stand to what is wanted of them, as metrics in Prometheus' text format, for node_exporter's textfile
/// collector.
public struct PrometheusText: Sendable {
  public struct Machine: Sendable {
    public let report: MachineReport
    /// When it last said what it runs, in seconds since 1970; nil where it never did.
    public let observedAt: Int64?

    public init(_ report: MachineReport, observedAt: Int64?) {
      (self.report, self.observedAt) = (report, observedAt)
    }
  }

  private let constellation: String
  private let resolution: String?
  private let lock: String?
  private let machines: [Machine]

  /// The metrics of these machines; `resolution` and `lock` are ids of what is wanted, where they are known.
  public init(constellation: String, resolution: String? = nil, lock: String?, machines: [Machine]) {
    (self.constellation, self.resolution, self.lock) = (constellation, resolution, lock)
    self.machines = machines
  }

  /// One family after the other. Every status and freshness has a sample for each machine, 0 where it does not apply,
  /// so that an alert ends when the machine's status does.
  public var text: String {
    var text = gauge(
      "weave_constellation_info", "What is wanted: the ids of the resolution and of the lock in force.",
      [sample([("id", resolution ?? ""), ("lock", lock ?? "")], 1)])
    text += gauge(
      "weave_machine_status", "How a machine stands to what is wanted of it: 1 for the word that applies.",
      machines.flatMap { machine in
        Compliance.allCases.map { word in
          sample(
            [("machine", machine.report.machine), ("status", word.word.underscored())],
            machine.report.compliance == word ? 1 : 0)
        }
      })
    text += gauge(
      "weave_machine_freshness",
      "How far a machine's last report can be relied on: 1 for the word that applies.",
      machines.flatMap { machine in
        Freshness.allCases.map { word in
          sample(
            [("machine", machine.report.machine), ("freshness", word.rawValue.underscored())],
            machine.report.freshness == word ? 1 : 0)
        }
      })
    text += flag("weave_machine_untested", "Whether a machine runs a pair that is not linked and must be.") {
      $0.isUntested
    }
    text += flag("weave_machine_hold_expired", "Whether a hold on a machine is past its end.") {
      $0.hasExpiredHold
    }
    text += flag("weave_machine_acknowledged", "Whether what is wrong with a machine is known and expected.")
    {
      $0.isAcknowledged
    }
    text += gauge(
      "weave_machine_observed_timestamp_seconds", "When a machine last said what it runs.",
      machines.compactMap { machine in
        machine.observedAt.map { sample([("machine", machine.report.machine)], $0) }
      })
    return text
      + gauge(
        "weave_machine_info", "The commits that a machine should run, and those that it said it runs.",
        machines.flatMap { machine in
          machine.report.comparisons.map {
            sample(
              [
                ("machine", machine.report.machine), ("project", $0.project.text),
                ("want", $0.wanted?.hex ?? ""), ("have", $0.had?.hex ?? ""),
              ], 1)
          }
        })
  }

  private func flag(_ name: String, _ help: String, _ applies: (MachineReport) -> Bool) -> String {
    gauge(
      name, help,
      machines.map { sample([("machine", $0.report.machine)], applies($0.report) ? 1 : 0) })
  }

  private func gauge(_ name: String, _ help: String, _ samples: [String]) -> String {
    guard !samples.isEmpty else { return "" }
    return "# HELP \(name) \(help)\n# TYPE \(name) gauge\n" + samples.map { "\(name)\($0)\n" }.joined()
  }

  private func sample(_ labels: [(String, String)], _ value: Int64) -> String {
    let all = [("constellation", constellation)] + labels
    return "{" + all.map { "\($0.0)=\(Quoted.prometheus($0.1))" }.joined(separator: ",") + "} \(value)"
  }
}
