import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A probe that is stored", .inProcess)
struct StoredProbeTests {
  private func wasAsked(in lab: Lab) -> [String] {
    let path = lab.directory.appending("asked")
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    try? FileManager.default.removeItem(atPath: path)
    return text.split(separator: "\n").map(String.init).sorted()
  }

  /// A probe that writes down whom it asks, and where.
  private func probe(in lab: Lab) -> String {
    "probe: { command: [sh, -c, 'echo $1 $2 >>\(lab.directory.appending("asked"))', sh, '{machine}', '{address}'] }\n"
  }

  private static let more = [
    ["accept", "--all"], ["gc"], ["harvest"], ["lock"], ["policy"], ["clone", "HUB", "clone"],
    ["push", "--with-commits"], ["fsck", "--remote"],
  ]

  @Test("is run by no command but `weave probe`, though it is allowed")
  func alone() throws {
    let lab = try Lab.filled()
    let text = Constellations.emeraldCity + "\n" + probe(in: lab)
    try lab.constellation(text)
    _ = try lab.run("probe", "--allow")
    #expect(wasAsked(in: lab) == ["barge barge", "toto toto"])
    let removal = ["constellation", "remove", "emerald-city"]
    let commands =
      EveryCommand.reading + Self.more + EveryCommand.writing.filter { $0 != removal } + [removal]
    for template in commands where template[0] != "probe" {
      let result = try lab.run(lab.arguments(template), input: text)
      #expect(wasAsked(in: lab) == [], "\(template)")
      #expect([0, 2, 3, 4, 5].contains(result.status), "\(template): \(result.stderr)")
    }
  }

  @Test("is allowed by nothing that a pull brings: the store's own settings stay as they are")
  func settings() throws {
    let consent = try ConsentLab()
    let (lab, bob) = (consent.lab, consent.bob)
    func settings() throws -> [UInt8] {
      try Array(Data(contentsOf: URL(fileURLWithPath: lab.store.path + "/config")))
    }
    let before = try settings()
    let text = Constellations.trusting(
      "[eve@example.org]", probe: probe(in: lab), toto: ", address: evil.example")
    try bob.weave("constellation", "add", "-", input: text)
    _ = try bob.run("probe", "--allow")
    try bob.weave("project", "set", "telperion", "source", lab.source("laurelin").path)
    try bob.weave("project", "set", "laurelin", "notes", "true")
    try bob.weave("project", "add", "new", lab.source("narya").path)
    try bob.weave("push")
    let pull = try lab.run("pull")
    #expect(pull.status == 0 && pull.stderr.contains("its trust"), "\(pull.stderr)")
    #expect(try settings() == before)
    // A yes to use what came is none to run it.
    try lab.weave("accept", "--all")
    #expect(try settings() == before)
  }

  @Test("does not ask a machine whose address was changed, allowed or not, before that is accepted")
  func address() throws {
    let consent = try ConsentLab()
    let (lab, bob) = (consent.lab, consent.bob)
    func text(_ address: String) -> String {
      let machines = ", address: \(address) }\n, barge: { roles: [dns], address: barge.example"
      return Constellations.trusting(probe: probe(in: lab), toto: machines)
    }
    try lab.constellation(text("ody.example"))
    _ = try lab.run("probe", "-c", "pair", "--allow")
    #expect(wasAsked(in: lab) == ["barge barge.example", "toto ody.example"])
    try lab.weave("push")
    try bob.weave("pull")
    try bob.weave("constellation", "add", "-", input: text("evil.example"))
    try bob.weave("push")
    #expect(try lab.run("pull").stderr.contains("constellation/pair: the address of toto"))
    for options in [[], ["--allow"], ["toto"]] {
      _ = try lab.run(["probe", "-c", "pair"] + options)
      #expect(wasAsked(in: lab) == (options == ["toto"] ? [] : ["barge barge.example"]), "\(options)")
    }
    try lab.weave("accept", "constellation/pair")
    _ = try lab.run("probe", "-c", "pair")
    #expect(wasAsked(in: lab) == ["barge barge.example", "toto evil.example"])
  }
}
