import TestSupport
import Testing

@testable import LabSupport

@Suite("Exchanges at the same time in one store")
struct OneStoreTests {
  @Test("pulls, pushes, links, collections and changes of remotes at the same time all come to their end")
  func atOnce() async throws {
    let (lab, hub, others) = try Lab.apart()
    // The first only tells.
    try lab.weave("gc")
    let commands = [
      ["pull"], ["pull"], ["push"], ["gc"], ["remote", "add", "other", hub.path],
      ["remote", "remove", "gone"],
      ["link", "telperion@v4", "laurelin@v4"], ["link", "telperion@v2", "laurelin@v1"], ["push"], ["gc"],
    ]
    try lab.weave("remote", "add", "gone", hub.path)
    let failures = await withTaskGroup(of: String?.self) { group in
      for arguments in commands {
        let arguments = arguments.count == 1 && arguments != ["gc"] ? arguments + ["hub"] : arguments
        group.addTask {
          do {
            // Two that wait for each other wait for ever.
            let result = try runProcess(
              "timeout", ["300", weaveExecutable] + arguments, in: lab.workspace,
              environment: lab.environment.variables)
            return result.status == 0 ? nil : "\(arguments): \(result.status): \(result.stderr)"
          } catch { return "\(arguments): \(error)" }
        }
      }
      return await group.reduce(into: [String]()) { $0 += $1.map { [$0] } ?? [] }
    }
    #expect(failures == [])
    try lab.check()
    try lab.weave("push", "hub")
    #expect(try lab.me.events().count == 7)
    try others[0].weave("pull")
    #expect(try others[0].events() == lab.me.events())
  }
}
