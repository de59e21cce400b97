import TestSupport

@testable import LabSupport

extension Lab {
  /// Runs weave, which is killed (SIGXCPU) where it takes more than so many seconds of processor time, whatever else this
  /// machine does.
  func run(_ arguments: [String], in directory: String? = nil, cpuSeconds most: Int) throws -> ProcessResult {
    try runProcess(
      "sh", ["-c", "ulimit -t \(most) && exec \"$0\" \"$@\"", weaveExecutable] + arguments,
      in: directory ?? workspace, environment: environment.variables)
  }
}
