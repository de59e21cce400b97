import ArgumentParser
import WeaveKit

/// A command of weave: what the parser makes of the arguments, and what it does in given surroundings.
protocol Command: ParsableCommand {
  /// Does it, and prints what it comes to. Errors are for the caller to report; an `ExitCode` is what to exit with.
  mutating func run(_ surroundings: Surroundings, _ printer: Printer) async throws
}
