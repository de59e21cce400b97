import ArgumentParser

/// What the benchmarks and the agreement check run; it is not installed.
@main
struct WeaveBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weave-bench",
    abstract: "Make instances of the resolver's problem and measure the resolver on them.",
    subcommands: [GenerateCommand.self, ResolveCommand.self])
}
