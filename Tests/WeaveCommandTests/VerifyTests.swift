import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Verifying signatures", .inProcess)
struct VerifyTests {
  /// A lab with one link that joe has signed, and joe known.
  private func labOfJoe() throws -> (lab: Lab, link: String) {
    let lab = try Lab.threeProjects()
    try lab.sign(as: "joe")
    try lab.allowSigners(["joe"])
    return (lab, try lab.link("telperion@v1", "laurelin@v1"))
  }

  @Test("log --show-signature says of each event whether it is signed, by whom, and with which key")
  func log() throws {
    let (lab, joes) = try labOfJoe()
    try lab.sign(as: "eve")
    let eves = try lab.link("telperion@v2", "laurelin@v2")
    try lab.signNothing()
    let unsigned = try lab.revoke("telperion@v3")
    let lines = try lab.weave("log", "--show-signature").split(separator: "\n").map(String.init)
    func signature(_ event: String) throws -> String {
      let index = try #require(lines.firstIndex { $0.hasPrefix(event.prefix(7)) })
      return lines[index + 1]
    }
    #expect(
      try signature(joes).wholeMatch(of: /\s{9}good signature of joe@example.org, key SHA256:\S{43}/) != nil)
    #expect(
      try signature(eves).wholeMatch(of: /\s{9}nothing says whose the key is that signed: SHA256:\S{43}/)
        != nil)
    #expect(try signature(unsigned) == "         not signed")
    #expect(try !lab.weave("log").contains("sign"))
  }

  @Test("show says who signed an event")
  func show() throws {
    let (lab, joes) = try labOfJoe()
    #expect(try lab.weave("show", joes).contains("\nSigned:  good signature of joe@example.org, key SHA256:"))
    try lab.signNothing()
    #expect(try lab.weave("show", lab.revoke("telperion@v3")).contains("\nSigned:  no\n"))
  }

  @Test("verify ends with 1 when an event that is named is not good, and else when a signature is bad")
  func exitCodes() throws {
    let (lab, joes) = try labOfJoe()
    try lab.signNothing()
    let unsigned = try lab.link("telperion@v2", "laurelin@v2")
    #expect(try lab.run("verify").status == 0)
    #expect(try lab.run("verify", String(joes.prefix(8))).status == 0)
    #expect(try lab.run("verify", joes, unsigned).status == 1)
    let bad = try lab.replaceTip(by: lab.rawCommit(joes).replacing("\n\nworks\n", with: "\n\nworks not\n"))
    let result = try lab.run("verify")
    #expect(result.status == 1)
    #expect(result.stdout.contains(bad.prefix(7) + "  link  bad"))
  }

  @Test("who signed is the signer, whatever the author and the committer of the event")
  func forgedAuthor() throws {
    let lab = try Lab.threeProjects()
    try lab.allowSigners(["alice", "joe"])
    try lab.sign(as: "joe")
    let environment = lab.environment.with([
      "GIT_COMMITTER_NAME": "Alice", "GIT_COMMITTER_EMAIL": "alice@example.org",
    ])
    let arguments = ["link", "telperion@v1", "laurelin@v1", "-m", "works"]
    let id = try lab.run(arguments, environment: environment).succeeded(arguments).trimmed
    #expect(
      try lab.store.git("show", "-s", "--format=%an <%ae> %cn <%ce>", id)
        == "Alice <alice@example.org> Alice <alice@example.org>")
    #expect(try lab.verdicts() == [id: "good joe@example.org"])
  }

  @Test("joe's signature of his own event is bad on alice's")
  func graftedSignature() throws {
    let (lab, joes) = try labOfJoe()
    let signature = try #require(try lab.rawCommit(joes).firstMatch(of: /\ngpgsig [^\n]*(\n [^\n]*)*/)).output
      .0
    try lab.signNothing()
    let alices = try lab.rawCommit(lab.link("telperion@v2", "laurelin@v2"))
    let end: String.Index = try #require(alices.firstRange(of: "\n\n")).lowerBound
    let id = try lab.replaceTip(by: String(alices[..<end]) + signature + String(alices[end...]))
    #expect(try lab.verdicts()[id] == "bad")
  }

  @Test("a signature at the tip of a ledger says nothing of the event below it")
  func below() throws {
    let (lab, joes) = try labOfJoe()
    try lab.signNothing()
    let unsigned = try lab.link("telperion@v2", "laurelin@v2")
    try lab.sign(as: "joe")
    let tip = try lab.link("telperion@v3", "laurelin@v3")
    let good = "good joe@example.org"
    #expect(try lab.verdicts() == [joes: good, unsigned: "unsigned", tip: good])
  }

  @Test(
    "the signer is the first principal of the key's line, a pattern being one as it stands",
    arguments: [
      ("joe@example.org,ci@example.org", "joe@example.org"),
      ("ci@example.org,joe@example.org", "ci@example.org"), ("*@example.org", "*@example.org"),
    ])
  func principals(line: String, signer: String) throws {
    let (lab, joes) = try labOfJoe()
    let key = try String(contentsOfFile: lab.sshKey("joe") + ".pub", encoding: .utf8)
    try lab.directory.write("\(line) \(key)", to: "allowed-signers")
    #expect(try lab.verdicts() == [joes: "good \(signer)"])
  }

  @Test("an event dated back to before its key's end is good, and no more once the key's line is gone")
  func backdated() throws {
    let lab = try Lab.threeProjects()
    try lab.allowSigners(["joe"], options: "valid-before=\"20250101\"")
    try lab.sign(as: "joe")
    func link(at seconds: Int) throws -> String {
      var environment = lab.environment
      environment.setDate(seconds)
      let arguments = ["link", "telperion@v1", "laurelin@v1", "-m", "at \(seconds)"]
      return try lab.run(arguments, environment: environment).succeeded(arguments).trimmed
    }
    let late = try link(at: 1_790_000_000)
    let dated = try link(at: 1_600_000_000)
    #expect(try lab.verdicts() == [late: "unknown-key", dated: "good joe@example.org"])
    try lab.allowSigners([])
    #expect(try lab.verdicts() == [late: "unknown-key", dated: "unknown-key"])
  }

  @Test("a signature by an ssh key that is revoked is bad")
  func revoked() throws {
    let (lab, joes) = try labOfJoe()
    #expect(try lab.verdicts() == [joes: "good joe@example.org"])
    let path = try lab.directory.write("", to: "revoked")
    try lab.store.git("config", "gpg.ssh.revocationFile", path)
    #expect(try lab.verdicts() == [joes: "good joe@example.org"])
    // Its content is what counts, and not that it is set.
    try lab.directory.write(
      String(contentsOfFile: lab.sshKey("joe") + ".pub", encoding: .utf8), to: "revoked")
    #expect(try lab.verdicts() == [joes: "bad"])
  }

  @Test("without an allowed-signers file no ssh signature is verified, and verify says what to set")
  func noAllowedSigners() throws {
    let lab = try Lab.threeProjects()
    try lab.sign(as: "joe")
    let id = try lab.link("telperion@v1", "laurelin@v1")
    let result = try lab.run("verify")
    #expect(result.status == 0 && result.stdout.contains("not verified"))
    #expect(result.stderr.contains("gpg.ssh.allowedSignersFile"))
    try lab.allowSigners(["joe"])
    #expect(try lab.verdicts() == [id: "good joe@example.org"])
  }

  @Test(
    "a path of an allowed-signers file that is no whole one begins at the workspace, and with ~/ at home",
    arguments: [("signers", "workspace/signers"), ("~/signers", "home/signers")])
  func relative(path: String, file: String) throws {
    let (lab, joes) = try labOfJoe()
    try lab.directory.write(
      "joe@example.org \(String(contentsOfFile: lab.sshKey("joe") + ".pub", encoding: .utf8))",
      to: file)
    try lab.store.git("config", "gpg.ssh.allowedSignersFile", path)
    try lab.directory.write("", to: "workspace/below/file")
    let result = try lab.run(["verify", joes], in: lab.workspace + "/below")
    #expect(result.status == 0, "\(result.stdout)")
  }

  @Test("a signature at which Git gives up keeps no other from being verified")
  func strangeArmour() throws {
    let (lab, joes) = try labOfJoe()
    let strange = try lab.rawCommit(lab.link("telperion@v2", "laurelin@v2")).replacing(
      "SSH SIGNATURE", with: "XXX SIGNATURE")
    let id = try lab.replaceTip(by: strange)
    #expect(try lab.verdicts() == [joes: "good joe@example.org", id: "unverifiable"])
  }

  /// What ssh-keygen ends at before it has read what was signed: nothing, no base64, other bytes, a version, a hash or a length
  /// that are none.
  static let unreadableBodies: [[String]] = [
    [], ["x"], ["aGVsbG8="], ["U1NIU0lHAAAAAg=="], ["U1NIU0lHAAAAAf////8="],
    ["U1NIU0lHAAAAAQAAAAAAAAAAAAAAAAAAAANtZDUAAAAA"],
  ]

  @Test(
    "one that ssh-keygen cannot read is bad, however long the text is, and is not asked of",
    arguments: unreadableBodies)
  func unreadable(lines: [String]) throws {
    let (lab, joes) = try labOfJoe()
    let link = try lab.weave("link", "telperion@v2", "laurelin@v2", "-m", "TEXT")
    let raw = try lab.rawCommit(link, signedBy: lines).replacing(
      "TEXT", with: String(repeating: "x", count: 200_000))
    let good = [joes: "good joe@example.org"]
    let verifier = try CountingVerifier(of: lab)
    #expect(try lab.verdicts().filter { $0.key == joes } == good)
    _ = try verifier.calls()
    let id = try lab.replaceTip(by: raw)
    #expect(try lab.verdicts() == good.merging([id: "bad"]) { $1 })
    #expect(try verifier.calls() == 0)
  }

  @Test("one that ends Git, for whatever reason, keeps no other from being verified")
  func endsGit() throws {
    let (lab, joes) = try labOfJoe()
    // The text is no longer what was signed; the program does not come as far.
    let short = try lab.weave("link", "telperion@v2", "laurelin@v2", "-m", "TEXT")
    let long = try lab.replaceTip(
      by: lab.rawCommit(short).replacing("TEXT", with: String(repeating: "x", count: 200_000)))
    let line = try #require(
      lab.rawCommit(long).split(separator: "\n").last { $0.hasPrefix(" ") && !$0.contains("-----") }
    ).dropFirst()
    // A program that knows one signature, and reads nothing of what that is of.
    let directory = try TemporaryDirectory()
    let program = try directory.write(
      """
      #!/bin/sh
      before=
      for word; do
        if [ "$before" = -s ] && grep -qxF '\(line)' "$word"; then exit 1; fi
        before=$word
      done
      exec ssh-keygen "$@"
      """, to: "ssh-keygen", executable: true)
    try lab.store.git("config", "gpg.ssh.program", program)
    #expect(try lab.verdicts() == [joes: "good joe@example.org", long: "unverifiable"])
  }

  @Test("a verdict is kept until what it depends on changes, and is found again when the file is lost")
  func kept() throws {
    let (lab, joes) = try labOfJoe()
    let verifier = try CountingVerifier(of: lab)
    let good = [joes: "good joe@example.org"]
    #expect(try lab.verdicts() == good)
    #expect(try verifier.calls() > 0)
    #expect(try lab.verdicts() == good)
    #expect(try verifier.calls() == 0)
    let path = "\(lab.store.path)/weave/signatures"
    for damage in [nil, "", "garbage"] as [String?] {
      if let damage {
        try damage.write(toFile: path, atomically: false, encoding: .utf8)
      } else {
        try FileManager.default.removeItem(atPath: path)
      }
      #expect(try lab.verdicts() == good)
      #expect(try verifier.calls() > 0)
    }
    try lab.allowSigners(["eve"])
    #expect(try lab.verdicts() == [joes: "unknown-key"])
    try lab.allowSigners(["joe"])
    #expect(try lab.verdicts() == good)
    let other = try CountingVerifier(of: lab)
    #expect(try lab.verdicts() == good)
    #expect(try other.calls() > 0)
  }

  @Test("no setting of what stock Git's log shows changes a verdict")
  func logSettings() throws {
    let (lab, joes) = try labOfJoe()
    for (key, value) in [
      ("log.showSignature", "true"), ("color.ui", "always"), ("format.pretty", "fuller"),
      ("log.decorate", "full"),
      ("i18n.logOutputEncoding", "ISO-8859-1"), ("log.diffMerges", "separate"), ("log.mailmap", "true"),
      ("log.showRoot", "true"), ("notes.displayRef", "refs/notes/*"), ("gpg.minTrustLevel", "ultimate"),
    ] {
      try lab.store.git("config", key, value)
    }
    #expect(try lab.verdicts() == [joes: "good joe@example.org"])
  }

  @Test("a program that cannot be run leaves an event not verified, and only for as long")
  func missingProgram() throws {
    let (lab, joes) = try labOfJoe()
    let directory = try TemporaryDirectory()
    let program = directory.appending("ssh-keygen")
    try lab.store.git("config", "gpg.ssh.program", program)
    #expect(try lab.verdicts() == [joes: "unverifiable"])
    try runProcess(
      "sh", ["-c", "ln -s \"$(command -v ssh-keygen)\" '\(program)'"], in: "/",
      environment: lab.environment.variables
    ).succeeded(["ln"])
    #expect(try lab.verdicts() == [joes: "good joe@example.org"])
  }

  @Test("an event that was signed for another store's ledger counts for nothing here")
  func otherStore() throws {
    let (lab, _) = try labOfJoe()
    let other = try Lab.withOwnStore(keysOf: lab)
    try other.sign(as: "joe")
    let id = try other.link("telperion@v2", "laurelin@v2")
    try other.store.git("push", "--quiet", lab.store.path, "\(id):refs/weave/public/ledger/\(other.writer())")
    #expect(try lab.verdictsOfGit()[id] == "G joe@example.org")
    #expect(try lab.verdicts()[id] == nil)
    #expect(try lab.weave("links", "telperion@v2") == "")
    #expect(try lab.run("fsck").stdout.contains("\(id): not an event: it was written for another ledger"))
  }
}

extension Lab {
  /// Another store of projects with the same histories, for people with the same keys.
  fileprivate static func withOwnStore(keysOf lab: Lab) throws -> Lab {
    let other = try Lab()
    try other.weave("init")
    for name in Lab.threeProjectNames { try other.weave("project", "add", name, lab.source(name).path) }
    try other.weave("fetch")
    try FileManager.default.copyItem(
      atPath: lab.directory.appending("keys"), toPath: other.directory.appending("keys"))
    let files = FileManager.default
    try files.copyItem(
      atPath: lab.directory.appending("sources"), toPath: other.directory.appending("sources"))
    return other
  }
}
