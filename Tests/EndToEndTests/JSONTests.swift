import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// Docs/reference/json.md is held to what the commands print: each example there has exactly the keys, and the kinds of
/// values, that a command was seen to print under that schema.
@Suite("The JSON of the reading commands")
struct JSONTests {
  private static let constellation = """
    constellation: emerald-city
    data: { owner: joe }
    projects:
      telperion: { data: { tier: "1" } }
      laurelin: {}
    roles:
      dns: { projects: [telperion, laurelin], data: { port: 53 } }
      relay: { projects: [laurelin] }
    machines:
      toto.canon: { roles: [dns], data: { rack: [a, b] } }
      ody-01: { roles: [relay], pins: { laurelin: v1 } }
    couplings: [[telperion, laurelin]]
    """

  @Test("every key that is printed is documented, and every documented key is printed")
  func documented() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin in
      var printed: [String: Set<String>] = [:]
      func read(_ arguments: String...) throws { try read(arguments) }
      func read(_ arguments: [String], of other: Lab? = nil, status: Int32 = 0) throws {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        let result = try (other ?? lab).run(arguments[..<end] + ["--json"] + arguments[end...])
        #expect(result.status == status, "\(arguments): \(result.stderr)")
        let document = try JSONSerialization.jsonObject(with: Data(result.stdoutBytes))
        let schema = try #require((document as? [String: Any])?["schema"] as? String)
        printed[schema, default: []].formUnion(Self.shape(of: document))
      }
      try lab.weave("project", "set", "telperion", "track", "main")
      let checkout = try lab.checkout("telperion")
      try lab.checkout("laurelin").git("checkout", "--quiet", "v1")
      let withdrawn = try lab.weave(
        "link", "telperion@v1", "laurelin@main", "-m", "a slip", "--evidence", "https://ci.example/1")
      try lab.weave("withdraw", withdrawn, "-m", "the wrong commit")
      try lab.weave("link", "telperion@v1", "laurelin@v1", "-m", "works")
      let newest = try lab.weave("link", "telperion@main", "laurelin@main", "-m", "works")
      try lab.directory.write(Self.constellation, to: "workspace/city.yaml")
      try lab.weave("constellation", "add", "city.yaml")
      try lab.weave("lock", "-m", "first")
      try lab.weave(
        "report", "--machine", "toto.canon", "telperion=\(telperion.two)", "laurelin=\(laurelin.two)")
      try checkout.write("changed\n", to: "file")
      try lab.weave("remote", "add", "hub", lab.bare().path)
      try lab.weave("set", "release-1", "telperion@v1", "laurelin@v1")
      for arguments in [
        ["project", "list"], ["remote", "list"], ["set", "list"], ["set", "show", "release-1"],
        ["constellation", "list"],
        ["constellation", "show", "emerald-city"],
      ] {
        try read(arguments)
      }
      try lab.constellationByHand("machines: [", as: "broken")
      try read("constellation", "list")
      try lab.weave("constellation", "remove", "broken")
      try read("resolve")
      try read("status")
      try read("sha", "telperion", "--machine", "toto.canon")
      try lab.directory.write(
        Self.constellation.replacing("emerald-city", with: "hosts").replacing(
          "roles: [dns],", with: "roles: [dns], containers: { dashy: { roles: [relay], with-host: true } },"),
        to: "workspace/hosts.yaml")
      try read("manifest", "--machine", "toto.canon", "-c", "hosts.yaml")
      try read("manifest", "--machine", "toto.canon")
      let probe =
        "probe: { command: [sh, -c, 'test $1 = ody-01 && echo laurelin \(laurelin.one)', sh, '{machine}'] }"
      try lab.directory.write(Self.constellation + "\n" + probe, to: "workspace/probed.yaml")
      try read(["probe", "-c", "probed.yaml"], status: 1)
      try lab.weave("revoke", newest, "-m", "loops")
      try lab.weave("revoke", "telperion@main", "laurelin@v1", "-m", "loops too")
      for sets in [["release-1", newest], [newest, "release-1"]] { try read(["diff"] + sets) }
      try read("links")
      try read("log")
      try read("show", withdrawn)
      try read("show", newest)
      try read("status")
      try lab.weave("hold", "toto.canon", "laurelin@main", "-m", "kernel", "--until", "2999-01-01")
      try lab.weave("status", "--ack", "toto.canon", "--for", "1d", "-m", "known")
      try read("status", "-c", "emerald-city")
      try lab.weave("release", "toto.canon", "laurelin")
      try read("reverse", "laurelin@main")
      try read("affected")
      let index = try Data(contentsOf: URL(fileURLWithPath: "\(checkout.path)/.git/index"))
      try lab.directory.write("garbage", to: "workspace/telperion/.git/index")
      try read("status")
      try index.write(to: URL(fileURLWithPath: "\(checkout.path)/.git/index"))
      try lab.store.git("update-ref", "-d", "refs/notes/weave")
      try read("fsck")
      try lab.weave("fsck", "--repair")
      try checkout.commit("only here")
      try lab.directory.write(
        "constellation: alone\nprojects: { telperion: {} }\nroles: { r: { projects: [telperion] } }\n"
          + "machines: { sam: { roles: [r] } }\n", to: "workspace/alone.yaml")
      try lab.weave("lock", "-c", "alone.yaml", "--local")
      try read("lock", "-c", "alone.yaml", "--show")
      try read("lock", "-c", "alone.yaml", "--list")
      try lab.weave("revoke", "telperion@v1", "-m", "bad")
      try lab.directory.write(
        Self.constellation.replacing("emerald-city", with: "nothing-fits"), to: "workspace/none.yaml")
      try read("status", "-c", "none.yaml")

      let three = try Lab.threeProjects()
      try three.constellation(Constellations.pair())
      try three.link("telperion@v4", "laurelin@v1")
      try three.link("telperion@v1", "laurelin@v4")
      try three.revoke("laurelin@v3")
      try read(["resolve"], of: three)
      try read(["why", "laurelin"], of: three)
      try read(["propose"], of: three)
      try read(["check", "telperion@v4", "laurelin@v2"], of: three, status: 5)
      try read(["check", "telperion@v4", "laurelin@v3"], of: three, status: 5)
      let hold = "{ project: laurelin, at: v1, because: kernel, until: 2999-01-01 }"
      try three.constellation(Constellations.pair(", holds: [\(hold)]"))
      try read(["why", "laurelin"], of: three)

      try three.allowSigners(["ci"])
      try three.sign(as: "ci")
      try three.link("telperion@v1", "laurelin@v1")
      try three.signNothing()
      try three.constellation(Constellations.pair() + "\ntrust: { signers: [ci@example.org] }")
      for arguments in [
        ["verify"], ["log", "--show-signature"], ["resolve"], ["why", "laurelin"], ["propose"],
        ["status", "-c", "pair"],
      ] {
        try read(arguments, of: three)
      }
      try read(["check", "telperion@v4", "laurelin@v1"], of: three, status: 5)
      try three.weave("lock")
      try three.forgeLock(of: "pair", ["toto": ["telperion@v3", "laurelin@v2"]])
      for arguments in [
        ["sha", "telperion", "--machine", "toto"], ["lock", "--show"], ["lock", "--list"],
        ["status", "-c", "pair"],
      ] {
        try read(arguments, of: three)
      }
      try three.weave("hold", "toto", "telperion@v2", "-m", "why")
      try read(["status", "-c", "pair"], of: three)
      try three.weave("release", "toto", "telperion")
      let newer = try three.appendEvent("quarantine", [three.memberLine("laurelin@v2")])
      for arguments in [["log"], ["show", newer]] { try read(arguments, of: three) }
      try read(["check", "telperion@v4", "laurelin@v2"], of: three, status: 5)
      try three.constellationByHand(Constellations.pair(), as: "pair")
      for arguments in [["accept"], ["policy"]] { try read(arguments, of: three) }

      try Lab.withTwoCheckouts { other, telperion, laurelin throws in
        let lost = try telperion.commit("lost")
        try other.link("telperion@\(lost)", "laurelin@main")
        try telperion.git("reset", "--quiet", "--hard", "HEAD~1")
        for checkout in [telperion, laurelin] { try checkout.commit("mine") }
        try other.link("telperion@HEAD", "laurelin@main~1")
        try other.link("telperion@HEAD", "laurelin@HEAD")
        try other.revoke("laurelin@HEAD")
        for checkout in [telperion, laurelin] {
          try checkout.git("commit", "--quiet", "--amend", "--message=in other words")
          try checkout.git("push", "--quiet", "origin", "HEAD:refs/heads/topic")
        }
        try other.weave("fetch")
        try read(["status"], of: other)
        try other.constellation(Constellations.pair())
        try other.weave(
          "report", "--machine", "toto", "telperion=\(telperion.head())", "laurelin=\(laurelin.head())")
        for arguments in [["status", "-c", "pair"], ["relink", "--yes"]] { try read(arguments, of: other) }
      }

      let broken = try Lab.threeProjects()
      let ends = ["--good", "telperion@v1", "laurelin@v1", "--bad", "telperion@v4", "laurelin@v1"]
      let fails = Lab.fails(on: [("telperion", try broken.id("telperion@v3"))])
      try read(["bisect", "--record"] + ends + ["--", "sh", "-c", fails], of: broken)
      try read(["bisect", "--log"], of: broken)
      let untestable =
        "case $(git -C telperion rev-list --count HEAD) in 1) ;; 4) exit 1;; *) exit 125;; esac"
      try read(
        ["bisect", "--ignore-events"] + ends + ["--", "sh", "-c", untestable], of: broken, status: 4)

      let documented = try Self.documentedShapes()
      #expect(Set(printed.keys) == Set(documented.keys))
      for (schema, shape) in printed {
        let examples = documented[schema] ?? []
        #expect(shape.subtracting(examples).sorted() == [], "printed under \(schema) and not documented")
        #expect(examples.subtracting(shape).sorted() == [], "documented under \(schema) and not printed")
      }
    }
  }

  /// The shape of the examples of each schema: every block of JSON on the page.
  private static func documentedShapes() throws -> [String: Set<String>] {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Docs/reference/json.md").standardizedFileURL
    let text = try String(contentsOf: page, encoding: .utf8)
    var shapes: [String: Set<String>] = [:]
    for block in text.components(separatedBy: "```json\n").dropFirst() {
      let json = try #require(block.components(separatedBy: "\n```").first)
      let document = try JSONSerialization.jsonObject(with: Data(json.utf8))
      let schema = try #require((document as? [String: Any])?["schema"] as? String)
      shapes[schema, default: []].formUnion(shape(of: document))
    }
    return shapes
  }

  /// The path of every value in the document, with its kind.
  private static func shape(of value: Any, at path: String = "") -> Set<String> {
    switch value {
    case let object as [String: Any]:
      object.reduce(into: [path + ": object"]) { $0.formUnion(shape(of: $1.value, at: path + "." + $1.key)) }
    case let array as [Any]:
      array.reduce(into: [path + ": array"]) { $0.formUnion(shape(of: $1, at: path + "[]")) }
    case is String: [path + ": string"]
    default: [path + ": number or boolean"]
    }
  }
}
