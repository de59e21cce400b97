import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Who an event is from", .inProcess)
struct CommitterTests {
  private let unset: [String: String?] = ["GIT_COMMITTER_NAME": nil, "GIT_COMMITTER_EMAIL": nil]

  private func link(_ lab: Lab, _ environment: [String: String?]) throws -> String {
    let arguments = ["link", "telperion@v1", "laurelin@v1", "-m", "x"]
    try lab.run(arguments, environment: lab.environment.with(environment)).succeeded(arguments)
    return try lab.store.git("show", "--no-patch", "--format=%an <%ae> %cn <%ce>", lab.ledger())
  }

  @Test("the committer, and not the author whose commit a hook was started for")
  func hook() throws {
    try Lab.withTwoProjects { lab, _, _ in
      let author = try link(
        lab,
        [
          "GIT_AUTHOR_NAME": "Somebody Else", "GIT_AUTHOR_EMAIL": "else@example.org",
          "GIT_AUTHOR_DATE": "@1 +0000",
        ])
      #expect(author == "Cid Committer <cid@example.org> Cid Committer <cid@example.org>")
      let date = try lab.store.git("show", "--no-patch", "--format=%at", lab.ledger())
      #expect(date == String(TestEnvironment.epoch))
    }
  }

  @Test("without it, what Git's configuration says, wherever GIT_CONFIG_GLOBAL has it")
  func configuration() throws {
    try Lab.withTwoProjects { lab, _, _ in
      let file = try lab.directory.write(
        "[user]\n\tname = Joe Smith\n\temail = joe@example.org\n", to: "elsewhere/config")
      let author = try link(lab, unset.merging(["GIT_CONFIG_GLOBAL": file]) { $1 })
      #expect(author == "Joe Smith <joe@example.org> Joe Smith <joe@example.org>")
    }
  }

  @Test("the store's own configuration comes before the user's")
  func ownConfiguration() throws {
    try Lab.withTwoProjects { lab, _, _ in
      try lab.store.git("config", "user.name", "Store Keeper")
      try lab.store.git("config", "user.email", "keeper@example.org")
      try #expect(link(lab, unset) == "Store Keeper <keeper@example.org> Store Keeper <keeper@example.org>")
    }
  }

  @Test("a date in any form that Git takes")
  func date() throws {
    try Lab.withTwoProjects { lab, _, _ in
      _ = try link(lab, ["GIT_COMMITTER_DATE": "2026-08-01T14:03:00+0200"])
      let date = try lab.store.git("show", "--no-patch", "--format=%ai", lab.ledger())
      #expect(date == "2026-08-01 14:03:00 +0200")
    }
  }

  @Test("where Git knows nobody, it says what to type, and init makes nothing")
  func nobody() throws {
    try Lab.withDirectory { lab in
      let result = try lab.run(
        "init",
        environment: lab.environment.with(unset.merging(["EMAIL": nil, "GIT_CONFIG_COUNT": nil]) { $1 }))
      // On a machine whose name makes an address, Git knows the user all the same.
      guard result.status != 0 else { return }
      #expect(result.status == 1)
      #expect(result.stderr.hasPrefix("error: cannot record who this is from"))
      #expect(result.stderr.contains("git config --global user.name"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: lab.workspace) == [])
    }
  }
}
