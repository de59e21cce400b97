import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Events that are signed")
struct SigningTests {
  @Test("with weave.sign every event is signed with the user's key, and stock Git finds it good")
  func signed() throws {
    try Lab.withTwoProjects { lab, _, _ in
      try lab.sign(as: "joe")
      try lab.allowSigners(["joe"])
      let link = try lab.link("telperion@v1", "laurelin@v1")
      let revocation = try lab.revoke("telperion@main", because: "ĺoops, in UTF-8")
      let withdrawal = try lab.weave("reinstate", revocation, "-m", "it was the switch")
      let taken = try lab.weave("withdraw", link, "-m", "mistaken")
      let good = [link, revocation, withdrawal, taken].map { ($0, "G joe@example.org") }
      #expect(try lab.verdictsOfGit() == Dictionary(uniqueKeysWithValues: good))
    }
  }

  @Test("so is each link that a harvest makes of what others wrote")
  func harvested() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin in
      try lab.sign(as: "joe")
      try lab.allowSigners(["joe"])
      try telperion.repository.commit("needs it\n\nDepends-On: laurelin@\(laurelin.one)")
      try lab.weave("fetch")
      try lab.weave("harvest")
      let link = try #require(lab.events().first)
      #expect(try lab.verdictsOfGit() == [link: "G joe@example.org"])
    }
  }

  @Test("a signed event is the commit that an unsigned one would be, and its signature")
  func sameCommit() throws {
    try Lab.withTwoProjects { lab, _, _ in
      let environment = lab.environment.with([
        "GIT_COMMITTER_NAME": "Ĵoe  Smith", "GIT_COMMITTER_DATE": "@1700000123 +0130",
        "GIT_AUTHOR_NAME": "Somebody Else", "GIT_AUTHOR_DATE": "@1 -0200",
      ])
      try lab.store.git("config", "i18n.commitEncoding", "ISO-8859-1")
      func link() throws -> String {
        let arguments = ["link", "telperion@v1", "laurelin@v1", "-m", "wörks", "--evidence", "https://ci/1"]
        let id = try lab.run(arguments, environment: environment).succeeded(arguments).trimmed
        return try lab.store.git("cat-file", "commit", id)
      }
      let plain = try link()
      try lab.store.git("update-ref", "-d", lab.ledger())
      try lab.forgetTips()
      try lab.sign(as: "joe")
      let signed = try link()
      #expect(signed.contains("\ngpgsig -----BEGIN SSH SIGNATURE-----\n"))
      #expect(signed.replacing(/\ngpgsig [^\n]*(\n [^\n]*)*/, with: "") == plain)
    }
  }

  @Test(
    "commit.gpgSign signs events too, and weave.sign has the last word",
    arguments: [
      ("true", nil, true), ("true", "false", false), ("false", "true", true), ("false", nil, false),
    ]
      as [(String, String?, Bool)])
  func settings(gpgSign: String, sign: String?, isSigned: Bool) throws {
    try Lab.withTwoProjects { lab, _, _ in
      try lab.sign(as: "joe")
      try lab.store.git("config", "--unset", "weave.sign")
      try lab.store.git("config", "commit.gpgSign", gpgSign)
      if let sign { try lab.store.git("config", "weave.sign", sign) }
      let id = try lab.link("telperion@v1", "laurelin@v1")
      #expect(try lab.store.git("cat-file", "commit", id).contains("\ngpgsig ") == isSigned)
    }
  }

  @Test("what cannot be signed is not recorded, and the error says why and what to type")
  func failure() throws {
    try Lab.withTwoProjects { lab, _, _ in
      try lab.sign(as: "joe")
      try lab.store.git("config", "user.signingKey", "/nowhere/key")
      let result = try lab.run("link", "telperion@v1", "laurelin@v1", "-m", "works")
      #expect(result.status == 1 && result.stdout == "")
      #expect(result.stderr.hasPrefix("error: cannot record a link: signing it failed: "))
      #expect(result.stderr.contains("/nowhere/key"))
      #expect(result.stderr.contains("config weave.sign false"))
      #expect(try lab.events() == [])
      try lab.signNothing()
      try lab.link("telperion@v1", "laurelin@v1")
    }
  }

  @Test("events that are signed at once in one ledger are all in it")
  func concurrent() throws {
    try Lab.withTwoProjects { lab, _, _ in
      try lab.sign(as: "joe")
      try lab.allowSigners(["joe"])
      let running = try (0..<6).map {
        try lab.start("link", "telperion@v1", "laurelin@v1", "-m", "run \($0)")
      }
      let ids = Set(running.map { $0.wait().trimmed })
      #expect(try Set(lab.events()) == ids && ids.count == 6)
      #expect(try Set(lab.verdictsOfGit().values) == ["G joe@example.org"])
    }
  }
}
