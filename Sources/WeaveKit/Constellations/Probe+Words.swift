import WeaveModel

extension Probe {
  /// What it runs, with the places for what is a machine's own: its kind, then the words of the command.
  var words: [String] {
    switch method {
    case .ssh(let target, let run): ["ssh", "ssh", target.source, run.source]
    case .command(let program, let arguments): ["command", program] + arguments.map(\.source)
    }
  }
}
