import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// Where `secret` can be read in `directory`: in an object of any Git directory, or a ref, or a file, but the one place
/// where a store keeps secrets.
private func leaks(of secret: String, in directory: String) throws -> [String] {
  let script = """
    grep -rlaF --exclude-dir=secrets -e "$1" . | sed 's/^/file /'
    find . -name objects -type d | while read -r objects; do
      git --git-dir="${objects%/objects}" cat-file --batch-all-objects --batch --buffer 2>/dev/null | grep -aqF -e "$1" &&
        echo "objects of $objects"
      git --git-dir="${objects%/objects}" for-each-ref | grep -F -e "$1"
    done
    find . | grep -F -e "$1" | sed 's/^/name /'
    :
    """
  let result = try runProcess(
    "sh", ["-c", script, "sh", secret], in: directory,
    environment: TestEnvironment(home: "/nonexistent").with([
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.bareRepository", "GIT_CONFIG_VALUE_0": "all",
    ]).variables
  ).succeeded(["sh"])
  return result.stdout.split(separator: "\n").map(String.init)
}

@Suite("A token in a URL", .inProcess)
struct AttackVariantSecretTests {
  private static let secret = "glpat9XkQ2vSecret"
  private static let host = "127.0.0.1:9"

  /// Spellings of a URL with the token, that Git takes.
  private static let urls = [
    "https://\(secret)@\(host)/narya.git", "https://oauth2:\(secret)@\(host)/narya.git",
    "HTTPS://x:\(secret)@\(host)/narya",
    "https://\(secret):x-oauth-basic@\(host)/narya.git", "https://u%3A\(secret)@\(host)/narya.git",
    "https://u:p%40\(secret)@\(host)/narya.git", "http://\(host)/narya.git?private_token=\(secret)",
    "http://\(host)/narya.git?a=b&Access%5FToken=\(secret)&c=d",
    "http://\(host)/narya.git?X-Amz-Signature=\(secret)",
    "ssh://git:\(secret)@\(host)/narya.git", "git://u:\(secret)@\(host)/narya.git",
    "http://\(host)/narya.git#access_token=\(secret)",
    "https://u:\(secret)@[::1]:9/narya.git", "https://:\(secret)@\(host)/narya.git",
    "https://u:\(secret)\u{0302}@\(host)/narya.git",
    "https://u\u{1193F}:\(secret)@\(host)/narya.git",
    "https://u:\u{11D46}\(secret)\u{0E33}@\(host)/narya.git?\u{11D46}&token=\(secret)",
  ]

  /// Runs `arguments` to whatever end: nothing that they print holds the token.
  @discardableResult
  private static func silent(
    _ lab: Lab, _ arguments: [String], in directory: String? = nil, input: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProcessResult {
    let result = try lab.run(arguments, in: directory, input: input)
    let said = result.stdout + result.stderr
    let isTold = Array(said.utf8).firstRange(of: Array(secret.utf8)) != nil
    #expect(!isTold, "\(arguments): \(said)", sourceLocation: sourceLocation)
    return result
  }

  /// What shows projects, remotes and links shows no token, and none goes to a hub or a clone.
  private static func expectNoLeak(_ lab: Lab, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let members = ["telperion@v1", "laurelin@v1"]
    for arguments in [
      ["project", "list"], ["project", "list", "--json"], ["remote", "list"], ["log"], ["log", "--json"],
      ["status"],
      ["fsck"], ["fetch"], ["export"] + members + ["--format", "west"],
      ["export"] + members + ["--format", "flake"],
      ["export"] + members + ["--format", "mani"], ["push", "hub"],
    ] { try silent(lab, arguments, sourceLocation: sourceLocation) }
    #expect(try leaks(of: secret, in: lab.workspace) == [], sourceLocation: sourceLocation)
    let hub = lab.directory.appending("hub.git")
    guard FileManager.default.fileExists(atPath: hub) else { return }
    #expect(try leaks(of: secret, in: hub) == [], sourceLocation: sourceLocation)
    let clone = lab.directory.appending("clone")
    try silent(lab, ["clone", hub, clone], in: lab.directory.path)
    let all = try runProcess(
      "grep", ["-rlaF", secret, clone], in: "/", environment: lab.environment.variables)
    #expect(all.stdout.isEmpty, "\(all.stdout)", sourceLocation: sourceLocation)
  }

  @Test("in the words of a lock, a set or an acknowledgement that somebody else recorded is not shown")
  func foreignWords() throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.constellation(Constellations.pair())
      try lab.link("telperion@v1", "laurelin@v1")
      for arguments in [
        ["lock", "-m", "see it"], ["set", "good", "telperion@v1", "laurelin@v1", "-m", "see it"],
        ["status", "--ack", "toto", "--for", "2d", "-m", "see it"],
      ] { try lab.weave(arguments) }
      let words = "see https://u:\(Self.secret)@ci.example/1"
      for reference in ["locks/pair", "sets/good"].map({ "refs/weave/public/\($0)" }) {
        let message = try lab.store.git("log", "-1", "--format=%B", reference)
        let forged = try lab.store.git(
          ["commit-tree", "\(reference)^{tree}", "-p", reference],
          input: Array((message.replacing("see it", with: words) + "\n").utf8))
        try lab.store.git("update-ref", reference, forged)
      }
      let acknowledgement =
        try lab.store.git("show", "refs/weave/public/manifest:acknowledgements/toto") + "\n"
      try lab.manifestEntryByHand(
        acknowledgement.replacing("see it", with: words), in: "acknowledgements", as: "toto")
      for arguments in [
        ["lock", "--list"], ["lock", "--show"], ["lock", "--show", "--json"], ["set", "list"],
        ["set", "list", "--json"], ["set", "show", "good"], ["set", "show", "good", "--json"],
        ["status", "-c", "pair"], ["status", "-c", "pair", "--json"],
      ] {
        let result = try Self.silent(lab, arguments)
        #expect(result.status != 1, "\(result.stderr)")
      }
      for arguments in [["lock", "--list"], ["set", "show", "good"], ["status", "-c", "pair", "--json"]] {
        let result = try lab.run(arguments)
        #expect((result.stdout + result.stderr).contains("see https://ci.example/1"), "\(arguments)")
      }
    }
  }

  @Test(
    "in a source that is added or set is in no record, no file but one, and nothing that is printed",
    arguments: 0..<3)
  func sources(part: Int) throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.share()
      for index in Self.urls.indices where index % 3 == part {
        try Self.silent(lab, ["project", "add", "narya\(index)", Self.urls[index]])
        try Self.silent(lab, ["project", "set", "telperion", "source", Self.urls[index]])
        try Self.silent(lab, ["project", "add", "narya\(index)", Self.urls[index]])
        try Self.silent(lab, ["remote", "add", "far\(index)", Self.urls[index]])
      }
      try Self.silent(
        lab, ["link", "telperion@v1", "laurelin@v1", "-m", "x", "--evidence", Self.urls[part * 2]])
      try Self.expectNoLeak(lab)
    }
  }

  @Test(
    "in the place of a port, where the host was forgotten, is no source, and no evidence with it",
    arguments: ["https://oauth2:\(secret)", "ssh://git:\(secret)/narya", "https://u:\(secret)/narya.git"])
  func port(url: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try Self.silent(lab, ["project", "add", "narya", url])
      try Self.silent(lab, ["link", "telperion@v1", "laurelin@v1", "-m", "x", "--evidence", url])
      #expect(try leaks(of: Self.secret, in: lab.workspace) == [])
    }
  }

  private static let files = [
    "west.yml": """
    manifest:
      remotes:
        - { name: r, url-base: "https://oauth2:\(secret)@\(host)/acme" }
      projects:
        - { name: narya, remote: r, revision: "1111111111111111111111111111111111111111" }
        - { name: nenya, url: "https://\(host)/n?private_token=\(secret)" }
    """,
    ".gitmodules": """
    [submodule "narya"]
    \tpath = narya
    \turl = https://oauth2:\(secret)@\(host)/narya.git
    [submodule "nenya"]
    \tpath = nenya
    \turl = "https://\(host)/n.git?token=\(secret)"
    """,
    "default.xml": """
    <manifest><remote name="r" fetch="https://oauth2:\(secret)@\(host)/acme"/>
    <default remote="r" revision="1111111111111111111111111111111111111111"/><project name="narya" path="narya"/></manifest>
    """,
    "all.repos": """
    repositories:
      narya: { type: git, url: "https://\(secret)@\(host)/narya", version: "1111111111111111111111111111111111111111" }
    """,
    "flake.lock": """
    {"version": 7, "root": "root", "nodes": {"root": {"inputs": {"narya": "narya"}}, "narya": {
      "locked": {"type": "git", "url": "https://oauth2:\(secret)@\(host)/narya?access_token=\(secret)", "rev": "1111111111111111111111111111111111111111"},
      "original": {"type": "git", "url": "git+https://oauth2:\(secret)@\(host)/narya"}}}}
    """,
    "DEPS":
      "deps = { 'narya': 'https://oauth2:\(secret)@\(host)/narya.git@1111111111111111111111111111111111111111' }\n",
    "mani.yaml": "projects:\n  narya: { path: narya, url: \"https://oauth2:\(secret)@\(host)/narya.git\" }\n",
  ]

  @Test(
    "in another tool's file that is imported is in no record, and nothing that is printed",
    arguments: files.keys.sorted())
  func imports(file: String) throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.share()
      // Beside the workspace: the file itself has the token.
      let path = try lab.directory.write(Self.files[file] ?? "", to: "other/\(file)")
      try Self.silent(lab, ["import", path, "--yes"])
      try Self.silent(lab, ["import", path, "--link", "-m", "works", "--yes"])
      try Self.expectNoLeak(lab)
    }
  }

  @Test(
    "in the origin of a checkout is in no record when a folder of checkouts becomes a workspace",
    arguments: [0, 5, 7, 9])
  func folder(url: Int) throws {
    try Lab.withDirectory { lab in
      _ = try lab.makeSource("narya")
      let checkout = try lab.checkout("narya")
      try checkout.git("remote", "set-url", "origin", Self.urls[url])
      try checkout.git("config", "remote.origin.pushurl", Self.urls[0])
      try Self.silent(lab, ["init", "--yes"])
      try Self.silent(lab, ["adopt", "--yes"])
      try Self.silent(lab, ["status"])
      try Self.silent(lab, ["fetch"])
      let narya = "\(lab.workspace)/narya"
      try FileManager.default.moveItem(atPath: narya, toPath: lab.directory.appending("moved"))
      #expect(try leaks(of: Self.secret, in: lab.workspace) == [])
      let listed = try lab.weave("project", "list")
      #expect(listed.contains("narya"), "\(listed)")
    }
  }

  @Test("that a lock of flakes in a project's history names goes into no record when it is harvested")
  func harvest() throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, telperion, _ throws in
      try lab.share()
      for (name, text) in Self.files { try telperion.repository.write(text, to: name) }
      try telperion.repository.commit("pins")
      try lab.weave("fetch")
      try Self.silent(lab, ["harvest", "--every"])
      try Self.silent(lab, ["resolve", "-c", "-", "--format", "nix-flake"], input: Constellations.pair())
      for arguments in [["project", "list"], ["log", "--json"], ["graph"], ["fsck"], ["push", "hub"]] {
        try Self.silent(lab, arguments)
      }
      let store = try lab.store.git("for-each-ref", "--format=%(refname)", "refs/weave").split(
        separator: "\n")
      for ref in store {
        let text = try lab.store.git("log", "-p", "--format=raw", String(ref))
        #expect(!text.contains(Self.secret), "\(ref)")
      }
    }
  }
}
