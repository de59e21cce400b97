import ForeignText
import WeaveFormats
import WeaveModel
import WeaveStore

/// What else a format may need to be told.
public struct DeploymentOptions: Sendable {
  /// The file of the template, for `template`.
  public var template: String?
  /// The one machine that is asked about, for `ansible`.
  public var host: String?
  /// For Nix: the project whose flake is the root.
  public var root: String?
  /// For Nix: whether the inputs are the projects' own sources, and not the store.
  public var isFromSource = false
  /// For Nix: whether each project is a tree of files, whatever flake it has.
  public var isAsFiles = false

  public init() {}
}

extension Workspace {
  /// The state in a deploy tool's format; `notes` say what could not be said in it.
  ///
  /// Throws ``WeaveFormats/UnwritableState`` where the format cannot say it. The document of `json` differs between a
  /// resolution and a lock, and is not made here.
  public func deploymentText(
    of state: DesiredState, as format: DeployFormat, _ options: DeploymentOptions,
    in loaded: LoadedConstellation
  ) async throws -> (text: String, notes: [String]) {
    switch format {
    case .json: preconditionFailure("json is the command's own document")
    case .lines: return (try state.lines(), [])
    case .env: return (try state.shellVariables(), [])
    case .tfvars: return (try state.terraformVariables(), [])
    case .terraformExternal: return (try state.terraformResult(), [])
    case .githubOutput: return try state.gitHubOutputs()
    case .nomadVar: return (try state.nomadVariable(), [])
    case .consulKV: return (try state.consulKeys(), [])
    case .nixFlake, .nixArgs:
      let (inputs, notes) = try flakeInputs(
        of: state.oneCommitOfEachProject(), state, fromSource: options.isFromSource,
        asFiles: options.isAsFiles)
      let root = try options.root.map { try projectName($0, in: loaded.constellation) }
      return format == .nixFlake
        ? (try state.flake(of: inputs, root: root), notes)
        : (try state.nixArguments(of: inputs, root: root), notes)
    case .ansible:
      let state = try await withCompliance(reachable(state, loaded, asked: options.host), loaded)
      if let host = options.host { return (try state.ansibleVariables(of: host), []) }
      return (try state.ansibleInventory(), [])
    case .prometheus:
      let status = try await status(loaded, staleAfter: Self.usualStaleness)
      // The status is against what is wanted, which a resolution is only where no lock is.
      let wanted = state.lock == nil ? status.lock?.resolution.hex : nil
      return (
        metrics(of: status, resolution: wanted ?? state.resolution, machine: state.selectedMachine), []
      )
    case .template:
      guard let file = options.template else { preconditionFailure("a template has a file") }
      let bytes = try FileSystem.read(
        FileSystem.named(file, from: caller.workingDirectory), atMost: 1 << 20)
      guard let template = String(validating: bytes, as: UTF8.self) else {
        throw WeaveError("\(file) is not valid UTF-8")
      }
      return (try reachable(state, loaded).filled(template: template, file: file), [])
    }
  }

  /// The state without the machines that are not to be reached as their address says. Throws where it is asked about one.
  private func reachable(
    _ state: DesiredState, _ loaded: LoadedConstellation, asked host: String? = nil
  ) throws -> DesiredState {
    let doubtful = Set(loaded.constellation.machines.filter(\.isAddressInDoubt).map { ExactText($0.name) })
    guard !doubtful.isEmpty else { return state }
    if let machine = host ?? state.selectedMachine, doubtful.contains(ExactText(machine)) {
      throw WeaveError(
        "\(machine) is not to be reached: \(Machine.addressInDoubt)",
        hint: "`weave accept constellation/\(Quoted.shellWord(loaded.constellation.name))`")
    }
    var state = state
    state.machines.removeAll { machine in
      guard doubtful.contains(ExactText(machine.name)) else { return false }
      caller.warn("\(machine.name) is left out: \(Machine.addressInDoubt)")
      return true
    }
    return state
  }

  /// The status in Prometheus' text format, of all machines or of that one. `resolution` is the id of what is wanted, where it
  /// is known.
  public func metrics(
    of status: ConstellationStatus, resolution: String? = nil, machine: String? = nil
  ) -> String {
    PrometheusText(
      constellation: status.constellation, resolution: resolution ?? status.lock?.resolution.hex,
      lock: status.lock?.id.hex,
      machines: status.machines.filter { machine == nil || $0.report.machine == machine }.map { machine in
        PrometheusText.Machine(machine.report, observedAt: machine.age.map { now - $0 })
      }
    ).text
  }

  /// From which age on an observation is stale where nobody says: an hour.
  static let usualStaleness: Int64 = 3_600

  /// The query that Terraform sends on standard input.
  public func terraformQuery() throws -> TerraformQuery {
    try TerraformQuery(
      parsing: FileSystem.readStandardInput(of: caller))
  }

  /// The state of today with how each machine stands to it. A lock that is no longer in force says nothing of that.
  private func withCompliance(
    _ state: DesiredState, _ loaded: LoadedConstellation
  ) async throws -> DesiredState {
    let status = try await status(loaded, staleAfter: Self.usualStaleness)
    guard state.lock == nil || state.lock == status.lock?.id.hex else { return state }
    let words = Dictionary(
      uniqueKeysWithValues: status.machines.map { ($0.report.machine, $0.report.compliance) })
    var state = state
    for index in state.machines.indices {
      state.machines[index].compliance = words[state.machines[index].name]
    }
    return state
  }
}
