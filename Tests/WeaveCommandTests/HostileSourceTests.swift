import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A project's source that means ill", .inProcess)
struct HostileSourceTests {
  /// What makes stock Git follow submodules wherever it can be told to.
  private static let eager = """
    [submodule]
    \trecurse = true
    \tactive = .
    [fetch]
    \trecurseSubmodules = true
    [protocol "file"]
    \tallow = always

    """

  @Test("has no submodule fetched or checked out, whatever the user's Git would do")
  func submodule() throws {
    let lab = try Lab.threeProjects()
    let inner = try TestRepository.create(at: lab.directory.appending("inner"))
    let bait = try inner.commit("bait")
    let source = lab.source("telperion")
    try source.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path, "inner")
    let tip = try source.commit("with a submodule")
    let config = try lab.directory.write(Self.eager, to: "gitconfig")
    let environment = lab.environment.with(["GIT_CONFIG_GLOBAL": config])
    for command in [
      ["fetch"], ["project", "checkout", "telperion"], ["set", "release", "telperion@main"],
      ["checkout", "release", "there"], ["checkout", "--in-place", "release"], ["fetch"], ["gc"],
    ] {
      let result = try lab.run(command, environment: environment)
      #expect(result.status == 0, "\(command): \(result.stderr)")
      #expect(lab.store.resolve("\(bait)^{object}") == nil, "\(command)")
    }
    for checkout in ["telperion", "there/telperion"] {
      let checkout = TestRepository(at: "\(lab.workspace)/\(checkout)")
      #expect(try checkout.head() == tip)
      #expect(try FileManager.default.contentsOfDirectory(atPath: checkout.path + "/inner") == [])
      #expect(checkout.resolve("\(bait)^{object}") == nil)
    }
  }

  @Test("has nothing checked out by a command that was not asked to")
  func checkout() throws {
    let lab = try Lab.filled()
    for command in [
      ["fetch"], ["link", "telperion@main", "laurelin@main"], ["lock"], ["resolve"], ["harvest"], ["pull"],
      ["push"], ["gc"], ["set", "all", "telperion@v1", "laurelin@v1"], ["why", "narya"],
      ["export", "all", "--format", "west"],
    ] {
      try lab.source("telperion").commit("for \(command[0])")
      try lab.weave(command)
      #expect(try FileManager.default.contentsOfDirectory(atPath: lab.workspace) == [".weave"], "\(command)")
    }
  }

  @Test("that rewrites its history is shown to have, by the fetch, and what was linked stays")
  func rewritten() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let link = try lab.link("telperion@main", "laurelin@main")
      let new = try telperion.forcePush()
      try laurelin.repository.commit("three")
      let fetch = try lab.run("fetch").stderr.split(separator: "\n")
      #expect(
        fetch.contains("telperion \(telperion.two.prefix(7)) -> \(new.prefix(7)) (forced update)"), "\(fetch)"
      )
      #expect(fetch.count { $0.contains("forced update") } == 1, "\(fetch)")
      try lab.collectGarbage()
      #expect(try lab.holds(telperion.two))
      #expect(try lab.weave("links", "--live").contains(link.prefix(7)))
    }
  }
}
