import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Names that look equal", .inProcess)
struct EqualNameTests {
  /// Equal to a file system that folds case or normal forms, and two of them to Swift.
  private static let names = ["Joe", "joe", "J\u{E9}", "Je\u{301}", "jo\u{E9}", "joe\u{301}"]

  @Test("machines whose names differ in case or normal form each keep their own report")
  func reports() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      for (number, name) in Self.names.enumerated() {
        let id = number.isMultiple(of: 2) ? telperion.one : telperion.two
        #expect(
          try lab.run("report", "--machine", name, "telperion=\(id)").stderr.hasSuffix("report 1, changed\n"))
      }
      let observed = "refs/weave/public/observed"
      #expect(try lab.store.git("for-each-ref", observed).split(separator: "\n").count == Self.names.count)
      for (number, name) in Self.names.enumerated() {
        let id = number.isMultiple(of: 2) ? telperion.one : telperion.two
        #expect(try lab.run("report", "--machine", name, "telperion=\(id)").stderr.hasSuffix(", unchanged\n"))
      }
    }
  }

  @Test("a constellation with two machines that Swift takes for one is refused in one error")
  func machines() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let text = """
        constellation: c
        projects: { telperion: {} }
        roles: { dns: { projects: [telperion] } }
        machines: { "J\u{E9}": { roles: [dns] }, "Je\u{301}": { roles: [dns] } }
        """
      let result = try lab.run("constellation", "add", "-", input: text)
      #expect(result.status == 1)
      #expect(result.stderr.hasPrefix("error: ") && result.stderr.contains("twice"), "\(result.stderr)")
    }
  }

  @Test("constellations whose names differ in case or normal form are stored and removed apart")
  func constellations() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      for name in Self.names {
        let text = """
          constellation: "\(name)"
          projects: { telperion: {} }
          roles: { dns: { projects: [telperion] } }
          machines: { toto: { roles: [dns] } }
          """
        #expect(try lab.run("constellation", "add", "-", input: text).status == 0)
      }
      func stored() throws -> Int {
        try lab.store.git("ls-tree", "refs/weave/public/manifest", "constellations/").split(separator: "\n")
          .count
      }
      #expect(try stored() == Self.names.count)
      try lab.weave("constellation", "remove", Self.names[2])
      #expect(try stored() == Self.names.count - 1)
    }
  }

  @Test(
    "whatever the user is called, the writer's name is one that a ref can have",
    arguments: [
      "\u{E9}", "Joe", "..", "a/../b", "x.lock", "-x", "$(id)", "CON", "🌈",
      String(repeating: "n", count: 300),
      "Ann  Author", "@", "~^:?*[\\",
    ])
  func writer(user: String) throws {
    try Lab.withDirectory { lab throws in
      let result = try lab.run("init", environment: lab.environment.with(["GIT_AUTHOR_NAME": user]))
      #expect(result.status == 0, "\(result.stderr)")
      let writer = try lab.store.git("config", "weave.writer")
      #expect(writer.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,40}-[0-9a-f]{8}/) != nil, "\(writer)")
      try lab.store.git("check-ref-format", lab.ledger())
    }
  }
}
