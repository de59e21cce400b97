import TestSupport
import Testing

@testable import LabSupport

@Suite("Sharing over every transport")
struct TransportTests {
  @Test(
    "a store goes to an empty repository, is cloned from it, and what is said there comes back",
    arguments: Transport.withoutServer)
  func locally(transport: Transport) throws { try Self.thereAndBack(over: transport) }

  @Test("a store goes there and back over ssh", .enabled(if: SSHServer.isInstalled, "sshd is not installed"))
  func ssh() throws { try Self.thereAndBack(over: .ssh) }

  @Test(
    "a store goes there and back over HTTP, with a credential helper",
    .enabled(if: HTTPServer.isInstalled, "nginx and fcgiwrap are not installed"))
  func http() throws { try Self.thereAndBack(over: .http) }

  private static func thereAndBack(over transport: Transport) throws {
    try TwoMachines.with(transport) { machines in
      try machines.pushAndClone()
      let (here, there) = (machines.here, machines.there)
      for project in Lab.threeProjectNames {
        let checkout = TestRepository(at: "\(there.workspace)/\(project)")
        #expect(try checkout.head() == here.id("\(project)@main"))
        #expect(try checkout.git("remote", "get-url", "origin") == machines.url(of: project))
      }

      try there.link("telperion@v2", "laurelin@v2")
      try there.weave("push")
      try here.weave("pull")
      try here.revoke("laurelin@v1", "narya@v1")
      try here.weave("push")
      try there.weave("pull")

      let events = try here.weave("log", "--json")
      #expect(try there.weave("log", "--json") == events)
      #expect(try here.weave("log").split(separator: "\n").count == 3)
      #expect(try machines.remote.refs().keys.allSatisfy { $0.hasPrefix("refs/weave/public/") })
      for lab in [here, there] { try lab.check() }
    }
  }

  @Test("what else is in the repository stays as it is", arguments: Transport.withoutServer)
  func othersLocally(transport: Transport) throws { try Self.leavesOthersAlone(over: transport) }

  @Test(
    "what else is in the repository stays as it is, over ssh",
    .enabled(if: SSHServer.isInstalled, "sshd is not installed"))
  func othersOverSSH() throws { try Self.leavesOthersAlone(over: .ssh) }

  @Test(
    "what else is in the repository stays as it is, over HTTP",
    .enabled(if: HTTPServer.isInstalled, "nginx and fcgiwrap are not installed"))
  func othersOverHTTP() throws { try Self.leavesOthersAlone(over: .http) }

  private static func leavesOthersAlone(over transport: Transport) throws {
    try TwoMachines.with(transport) { machines in
      let remote = machines.remote
      try machines.here.source("narya").git("push", "--quiet", remote.path, "main", "main:next", "--tags")
      try remote.git("update-ref", "refs/notes/commits", "main")
      try remote.git("update-ref", "refs/weave/elsewhere", "main")
      let before = try (refs: remote.refs(), head: remote.git("symbolic-ref", "HEAD"))

      try machines.pushAndClone()
      try machines.there.link("telperion@v2", "laurelin@v2")
      try machines.there.weave("push")

      let after = try remote.refs()
      #expect(after.filter { !$0.key.hasPrefix("refs/weave/public/") } == before.refs)
      #expect(after.count > before.refs.count)
      #expect(try remote.git("symbolic-ref", "HEAD") == before.head)
      for lab in [machines.here, machines.there] {
        #expect(try lab.store.resolve("refs/weave/elsewhere") == nil)
      }
    }
  }
}
