import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A stored constellation that breaks a rule")
struct UnreadableConstellationTests {
  /// Constellations as a store of an older weave, or a hub, may hold them: under what name, and where each is wrong.
  static let bad = [
    (component: "bad", text: named("bad", "{ address: \"-oProxyCommand=touch pwned\" }"), place: "bad:5:20:"),
    (component: "bad", text: named("bad", "{}").replacing("toto", with: "-rf"), place: "bad:5:3:"),
    (component: "bad", text: named("bad", "{ aliases: [\"a\\u200db\"] }"), place: "bad:5:21:"),
    (component: "bad", text: named("bad", "{}").replacing("dns", with: "\u{301}dns"), place: "bad:3:10:"),
    (component: "bad", text: "machines: [\n", place: "bad:"),
    (component: "bad", text: named("bad\u{D4E}';id;:\u{D4E}'", "{}"), place: "bad:1:16: it calls itself"),
    (component: "bad", text: named("emerald-city", "{}"), place: "bad:1:16: it calls itself"),
    (component: "%E3%85%A4", text: named("\u{3164}", "{}"), place: "%E3%85%A4:1:16:"),
    (component: "acme%2Fprod", text: named("acme/prod", "{}"), place: "acme%2Fprod:1:16:"),
    (component: "-rf", text: named("-rf", "{}"), place: "-rf:1:16:"),
    (
      component: "bad", text: named("bad", "{}") + "\n# note\u{2028}data: { hidden: \"yes\" }\n",
      place: "bad:6:7: U+2028"
    ),
    (component: "Bad", text: named("Bad", "{}"), place: "Bad:1:16:"),
  ]

  private static func named(_ name: String, _ toto: String) -> String {
    """
    constellation: "\(name)"
    projects: { telperion: {} }
    roles: { dns: { projects: [telperion] } }
    machines:
      toto: \(toto)
    """
  }

  let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
  }

  @Test("stops no other, and is not even read where another one is asked about", arguments: bad)
  func others(component: String, text: String, place: String) throws {
    try lab.constellationByHand(text, as: component)
    for arguments in [
      ["resolve"], ["sha", "telperion", "--machine", "toto"], ["lock", "--show"], ["lock"],
      ["manifest", "--machine", "toto"], ["status"], ["why", "telperion"], ["lock", "--list"], ["graph"],
    ] {
      let result = try lab.run(arguments + ["-c", "emerald-city"])
      #expect(result.status == 0, "\(arguments): \(result.stderr)")
      #expect(!result.stderr.contains("cannot be read"), "\(arguments): \(result.stderr)")
    }
  }

  @Test("is an error where it is asked for, which says where it is wrong and what mends it", arguments: bad)
  func asked(component: String, text: String, place: String) throws {
    try lab.constellationByHand(text, as: component)
    for arguments in [
      ["resolve"], ["status"], ["sha", "telperion", "--machine", "toto"], ["lock", "--show"],
    ] {
      let error = try lab.refusal(arguments + ["--constellation=\(component)"])
      #expect(
        error.contains("error: the stored constellation '\(component)' cannot be read: \(place)"), "\(error)")
      #expect(error.contains("`weave constellation show --raw "), "\(error)")
      #expect(error.contains("`weave constellation remove "), "\(error)")
    }
  }

  @Test("is never taken for missing where -c is not given", arguments: bad)
  func onlyOne(component: String, text: String, place: String) throws {
    try lab.constellationByHand(text, as: component)
    for arguments in [
      ["resolve"], ["sha", "telperion", "--machine", "toto"], ["lock"], ["check", "telperion@v1"],
    ] {
      let error = try lab.refusal(arguments)
      #expect(error.contains("error: 2 constellations are stored: "), "\(error)")
      #expect(error.contains("emerald-city"), "\(error)")
      #expect(error.contains("hint: `-c NAME` says which"), "\(error)")
    }
    let error = try lab.refusal(["hold", "toto", "telperion@v1", "-m", "why"])
    #expect(error.contains("which constellation is meant is not known"), "\(error)")
  }

  @Test(
    "is an error of whoever adds up over all, and of who names a machine that it may have", arguments: bad)
  func addingUp(component: String, text: String, place: String) throws {
    try lab.revoke("telperion@v2", "laurelin@v2")
    try lab.constellationByHand(text, as: component)
    for arguments in [
      ["status"], ["status", "--json"], ["affected"], ["reverse", "telperion@v1"],
      ["report", "--machine", "an-alias", "telperion=\(try lab.id("telperion@v1"))"],
      ["link", "--running", "an-alias"],
    ] {
      let result = try lab.run(arguments)
      #expect(result.status == 1 && result.stdout.isEmpty, "\(arguments): \(result)")
      #expect(
        result.stderr.contains("error: the stored constellation '\(component)' cannot be read: \(place)"),
        "\(arguments): \(result)")
    }
  }

  @Test("is one, too, whose bytes cannot be had")
  func lost() throws {
    try lab.constellationByHand(Self.named("bad", "{}"), as: "bad")
    let blob = try lab.store.git("rev-parse", "refs/weave/public/manifest:constellations/bad")
    try FileManager.default.removeItem(
      atPath: lab.store.path + "/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
    for arguments in [["status"], ["affected"], ["resolve", "-c", "bad"]] {
      let error = try lab.refusal(arguments)
      #expect(error.contains("error: the stored constellation 'bad' cannot be read: "), "\(error)")
    }
    let list = try lab.run("constellation", "list")
    #expect(list.status == 1 && list.stderr.contains("error: the stored constellation 'bad' "), "\(list)")
    #expect(try lab.refusal(["resolve"]).contains("2 constellations are stored"))
    #expect(try lab.run("resolve", "-c", "emerald-city").status == 0)
  }

  @Test(
    "has a lock all the same, and another that contradicts it is refused", arguments: ["bad", "acme%2Fprod"])
  func contradiction(component: String) throws {
    let pinned = Self.named("bad", "{ roles: [dns] }").replacing(
      "telperion: {}", with: "telperion: { pin: \(try lab.id("telperion@v1")) }")
    try lab.constellation(pinned)
    try lab.weave("lock", "-c", "bad")
    let locks = "refs/weave/public/locks"
    let name = component.replacing("%2F", with: "/")
    let lock = try lab.store.git(
      ["commit-tree", "\(locks)/bad^{tree}"], input: Array("lock \(name)\n\nWeave-Lock: \(name)\n".utf8))
    if component != "bad" { try lab.store.git("update-ref", "\(locks)/\(component)", lock) }
    try lab.weave("constellation", "remove", "bad")
    try lab.constellationByHand("machines: [\n", as: component)
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    let error = try lab.refusal(["lock", "-c", "emerald-city"])
    #expect(error.contains("and the lock of \(component) wants telperion@"), "\(error)")
  }

  @Test("is listed as such, shown, and removed by the command that the error gives", arguments: bad)
  func removed(component: String, text: String, place: String) throws {
    try lab.constellationByHand(text, as: component)
    let listed = try lab.run("constellation", "list")
    #expect(
      listed.stdout.split(separator: "\n").map(String.init).sorted()
        == ["\(component) (cannot be read)", "emerald-city"].sorted())
    let word = component.hasPrefix("-") ? "-- \(component)" : component
    #expect(listed.stderr.contains("`weave constellation remove \(word)`"), "\(listed.stderr)")
    let arguments = component.hasPrefix("-") ? ["--", component] : [component]
    #expect(try lab.run(["constellation", "show", "--raw"] + arguments).stdoutBytes == Array(text.utf8))
    let fsck = try lab.run("fsck")
    #expect(fsck.status != 0)
    #expect(fsck.stdout.contains(place) || fsck.stderr.contains(place), "\(fsck.stdout)\(fsck.stderr)")
    try lab.weave(["constellation", "remove"] + arguments)
    #expect(try lab.weave("constellation", "list") == "emerald-city")
    try lab.weave("resolve")
  }

  @Test("is mended by adding its text again under its name")
  func mended() throws {
    try lab.constellationByHand(Self.bad[0].text, as: "bad")
    try lab.constellation(Self.bad[0].text.replacing("-oProxyCommand=touch pwned", with: "10.0.0.7"))
    #expect(try lab.run("resolve", "-c", "bad").status == 0)
  }

  @Test("with a name too long to be told from the manifest is known by that name")
  func longName() throws {
    let name = String(repeating: "日本", count: 20)
    try lab.constellation(Self.named(name, "{}"))
    #expect(try lab.weave("constellation", "list").split(separator: "\n").contains { $0 == name })
    #expect(try lab.run("resolve", "-c", name).status == 0)
  }

  @Test(
    "gives Ansible no address that is an option, added or stored",
    .enabled(if: Peer.ansible.isInstalled, "ansible is not installed (pip install ansible-core)"))
  func ansible() throws {
    let pwned = lab.directory.appending("pwned")
    let text = """
      constellation: bad
      projects: { telperion: {} }
      roles: { dns: { projects: [telperion] } }
      machines: { toto: { roles: [dns], address: "-oProxyCommand=touch \(pwned)" } }
      """
    let error = try lab.refusal(["constellation", "add", "-"], input: text)
    #expect(error.contains("is no address of a machine"), "\(error)")
    try lab.constellationByHand(text, as: "bad")
    let inventory = lab.directory.appending("inventory")
    try "#!/bin/sh\nexec '\(weaveExecutable)' -C '\(lab.workspace)' resolve -c bad --format ansible \"$@\"\n"
      .write(toFile: inventory, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: inventory)
    let ran = try lab.runPeer(
      "ansible", ["-i", inventory, "-m", "raw", "-a", "true", "all"], in: lab.directory.path)
    #expect(!FileManager.default.fileExists(atPath: pwned))
    #expect((ran.stdout + ran.stderr).contains("is no address of a machine"), "\(ran.stdout)\(ran.stderr)")
  }
}
