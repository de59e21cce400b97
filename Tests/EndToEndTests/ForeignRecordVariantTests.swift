import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Other records of people who may push")
struct ForeignRecordVariantTests {
  private static let good = "telperion@v2"
  private static let trusted = "{ signers: [ci@example.org] }"
  private static let signed = "{ signers: [ci@example.org], locks: signed }"

  // MARK: one bad record stops nobody

  @Test(
    "A join below a lock, a date that is none, a tag and a blob stop no revocation", arguments: Door.all)
  func badRecords(door: Door) throws {
    let world = try World(door)
    let (lock, eve) = (World.locks, world.eve)
    let links = try eve.git(
      ["mktree"], input: Array("160000 commit \(try eve.git("rev-parse", lock))\tbarge\n".utf8))
    let root = try world.commit("lock canon\n\nWeave-Lock: canon\n", tree: links)
    let join = try world.commit("join\n", tree: links, parents: [lock, root])
    let set = try world.tree(["set": "telperion \(world.lab.id(Self.good))\n"])
    let tag =
      "object \(try eve.git("rev-parse", lock))\ntype commit\ntag x\ntagger e <e@x> 1700000000 +0000\n\nx\n"
    let records = [
      (lock, try world.lock([Self.good, "laurelin@v2"], ["laurelin@v2", "narya@v2"], on: [join])),
      (
        "refs/weave/public/sets/release",
        try world.commit("set release\n\nWeave-Set: release\n", tree: set, date: "01700000000")
      ),
      ("refs/weave/public/observed/barge", try world.object("tag", tag)),
      ("refs/weave/public/ledger/eve-00000000", try world.object("blob", "x")),
    ]
    let taken = try records.filter { try world.push($0.1, to: $0.0) }.map(\.0)
    if door.isHooked { #expect(taken == []) }
    if door == .open { #expect(taken.count == records.count) }
    let status: Int32 = taken.contains { $0.contains("/ledger/") } ? 1 : 0
    try world.expectRevocationArrives(pull: status, naming: taken)
    let dan = try world.clone("dan", status: status)
    #expect(try dan.events().count == 3)
    #expect(try world.sha("telperion", on: "toto", in: dan).trimmed != world.lab.id(Self.good))
  }

  @Test("A ref with a name of 1,500 bytes stops no revocation", arguments: Door.all)
  func longName(door: Door) throws {
    let world = try World(door)
    let name = Array(repeating: String(repeating: "a", count: 240), count: 6).joined(separator: "/")
    let isTaken = try world.push(World.manifest, to: "refs/weave/public/sets/\(name)")
    #expect(isTaken == (door == .open || door == .checked))
    try world.expectRevocationArrives()
    try world.clone("dan")
  }

  @Test("A manifest whose store is a link stops neither ledgers nor those who have one", arguments: Door.all)
  func linkedStore(door: Door) throws {
    let world = try World(door)
    let isTaken = try world.amend("store", "constellations/canon", mode: "120000")
    #expect(isTaken == !door.isHooked)
    try world.clone("dan", status: isTaken ? 1 : 0)
    try world.lab.weave("project", "set", "narya", "track", "main")
    try world.expectRevocationArrives(push: isTaken ? 1 : 0, naming: isTaken ? [World.manifest] : [])
  }

  @Test(
    "What whoever keeps the hub takes away, as the hint says, is brought again by the next push",
    arguments: [World.locks, World.observed])
  func brought(reference: String) throws {
    let world = try World(.open)
    let tip = try world.eve.git("rev-parse", reference)
    let broken = try world.commit("x\n", tree: "\(tip)^{tree}", parents: [tip], date: "01700000000")
    #expect(try world.push(broken, to: reference))
    let pull = try world.lab.run("pull")
    #expect(pull.status == 0 && pull.stderr.contains("`weave push` brings it again"), "\(pull.stderr)")
    try world.hub.git("update-ref", "-d", reference)
    try world.lab.report("toto", "telperion@v2", "laurelin@v2")
    let push = try world.lab.run("push")
    #expect(world.hub.resolve(reference) == tip, "\(push.status): \(push.stdout)\(push.stderr)")
  }

  // MARK: reports

  @Test(
    "A report by a number that is none, or of an earlier epoch, changes nothing and is named",
    arguments: Door.all)
  func reports(door: Door) throws {
    let world = try World(door)
    let before = try world.eve.git("rev-parse", World.observed)
    let later = try world.report("Weave-Sequence: 5\nWeave-Epoch: 1\n", on: before)
    let numbers = ["+2", "02", "\u{0662}", "2\nWeave-Sequence: 3", "1\nWeave-Epoch: 9223372036854775807"]
    let reports =
      try numbers.map { try world.report("Weave-Sequence: \($0)\n", on: before) } + [
        world.report("Weave-Sequence: 6\n", on: later)
      ]
    for (number, report) in reports.enumerated() {
      let isTaken = try world.push(report, to: World.observed)
      #expect(isTaken == !door.isHooked, "\(number)")
      guard isTaken else { continue }
      let pull = try world.bob.run("pull")
      #expect(pull.status == 0 && pull.stderr.contains(World.observed), "\(number): \(pull.stderr)")
      #expect(try world.bob.store.git("rev-parse", World.observed) == before, "\(number)")
      try world.hub.git("update-ref", World.observed, before)
    }
    try world.lab.report("toto", "telperion@v3")
    try world.lab.weave("push")
    try world.bob.weave("pull")
    #expect(try world.status(in: world.bob).project("telperion").had == world.lab.id("telperion@v3"))
  }

  @Test("A date ahead that only the author has is never fresh, and gives way", arguments: Door.all)
  func dateAhead(door: Door) throws {
    let world = try World(door)
    let seen = try world.commit(
      "seen toto\n\nWeave-Machine: toto\nWeave-Sequence: 1\n", tree: world.tree([:]),
      date: "\(TestEnvironment.epoch + 601)", committed: "\(TestEnvironment.epoch)")
    try world.push(seen, to: "refs/weave/public/seen/toto")
    try world.bob.weave("pull")
    #expect(try world.status(in: world.bob).freshness == "fresh")
    let dan = try world.clone("dan")
    if try dan.store.git("rev-parse", "refs/weave/public/seen/toto") == seen {
      #expect(try world.status(in: dan).freshness == "clock-ahead")
    }
    var lab = world.lab
    lab.environment.setDate(TestEnvironment.epoch + 60)
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    try lab.weave("push")
    try lab.weave("pull", in: dan.workspace)
    #expect(try lab.weave("status", "-c", "canon", in: dan.workspace).contains("0s fresh"))
  }

  // MARK: a lock goes back

  @Test("A join right by its form brings no signed lock back that was replaced", arguments: Door.all)
  func rightJoin(door: Door) throws {
    let world = try World(door, trust: Self.signed)
    let new = try world.eve.git("rev-parse", World.locks)
    let forged = try world.lock(
      ["telperion@v1", "laurelin@v1"], ["laurelin@v1", "narya@v1"], on: ["\(new)^"])
    let join = try world.object(
      "commit",
      "tree \(world.eve.git("rev-parse", "\(forged)^{tree}"))\nparent \(forged)\nparent \(new)\n"
        + "author weave <> 1700000000 +0000\ncommitter weave <> 1700000000 +0000\n\njoin\n")
    try world.push(join, to: World.locks)
    #expect(try world.bob.run("pull").status == 0)
    for clone in [world.bob, try world.clone("dan")] { try world.expect(Self.good, in: clone) }
  }

  @Test("A fresh clone answers by no resolution where somebody spoiled the locks", arguments: Door.all)
  func spoiledLocks(door: Door) throws {
    for trust in ["", Self.trusted] {
      let world = try World(door, trust: trust)
      try world.lab.weave("lock", "--restore", world.lab.locks(of: "canon")[1], "-m", "loops")
      try world.lab.weave("push")
      try world.look()
      let spoiled = try world.commit(
        "lock canon\n\nWeave-Lock: canon\nWeave-Lock: canon\n", tree: "\(World.locks)^{tree}",
        parents: [World.locks])
      #expect(try world.push(spoiled, to: World.locks) == !door.isHooked)
      let answer = try world.sha("telperion", on: "toto", in: world.clone("dan"))
      #expect(
        try answer.trimmed == world.lab.id("telperion@v1"), "\(trust): \(answer.stdout)\(answer.stderr)")
      // So does who has the former lock: what is below is taken.
      #expect(try world.bob.run("pull").status == 0)
      #expect(
        try world.bob.store.git("rev-parse", World.locks) == world.lab.store.git("rev-parse", World.locks))
      try world.expect("telperion@v1", in: world.bob)
    }
  }

  // MARK: trust

  @Test(
    "With trust no change of what the constellation couples, pins or frees has sha print what nobody signed",
    arguments: zip(["couplings", "roles", "free", "pins"], [Door.open, .checked, .update, .preReceive]))
  func looseText(what: String, door: Door) throws {
    for trust in [Self.trusted, Self.signed] {
      let world = try World(door, trust: trust)
      let (text, forged) = (World.canon(trust), try world.lab.id("telperion@v4"))
      let changed =
        switch what {
        case "couplings": text + "\ncouplings: []"
        case "roles": text.replacing("[telperion, laurelin] }", with: "[telperion] }")
        case "free": text.replacing("telperion: {}", with: "telperion: { pin: \"\(forged)\", free: true }")
        default:
          text.replacing("[dns] }", with: "[dns], pins: { telperion: \"\(forged)\" } }") + "\ncouplings: []"
        }
      #expect(try changed != text && world.amend("constellations/canon", changed))
      let toto = what == "roles" ? ["telperion@v4"] : ["telperion@v4", "laurelin@v2"]
      try world.push(world.lock(toto, ["laurelin@v2", "narya@v2"], on: [World.locks]), to: World.locks)
      #expect(try world.bob.run("pull").status == 0)
      let answer = try world.sha("telperion", on: "toto", in: world.bob)
      #expect(
        try answer.status == 5 || answer.trimmed == world.lab.id(Self.good),
        "\(what), \(trust): \(answer.status): \(answer.stdout)\(answer.stderr)")
    }
  }

  @Test(
    "What a signer signs on top of dropped trust, unawares, is no yes to that",
    arguments: [Door.checked, .update])
  func signedOnTop(door: Door) throws {
    let world = try World(door, trust: Self.trusted)
    #expect(try world.amend("constellations/canon", World.canon("")))
    try world.lab.weave("pull")
    try world.lab.weave("project", "set", "narya", "track", "main")
    try world.lab.weave("push")
    let lock = try world.lock(
      ["telperion@v4", "laurelin@v3"], ["laurelin@v3", "narya@v1"], on: [World.locks])
    #expect(try world.push(lock, to: World.locks))
    #expect(try world.bob.run("pull").status == 0)
    #expect(try world.bob.run("pull", "--strict").status == 1)
    #expect(try world.bob.weave("accept").contains("constellation/canon"))
    try world.expect(Self.good, in: world.bob)
    try world.bob.weave("accept", "constellation/canon")
    try world.expect("telperion@v4", in: world.bob)
  }

  @Test(
    "A hold that a signer made once, and changed since, is not said by them again",
    arguments: [Door.open, .preReceive])
  func formerHold(door: Door) throws {
    let world = try World(door, trust: Self.trusted)
    for version in ["v1", "v2"] { try world.lab.weave("hold", "toto", "telperion@\(version)", "-m", version) }
    try world.lab.weave("push")
    try world.bob.weave("pull")
    try world.expect(Self.good, in: world.bob)
    try world.look()
    let former = try world.eve.git("show", "\(World.manifest)^:holds/telperion@toto") + "\n"
    #expect(try world.amend("holds/telperion@toto", former))
    #expect(try world.bob.run("pull").status == 0)
    let answer = try world.sha("telperion", on: "toto", in: world.bob)
    #expect(answer.status == 5 && answer.stdout.isEmpty, "\(answer.stdout)\(answer.stderr)")
    try world.expect("laurelin@v2", on: "barge", in: world.bob)
  }
}

/// A hub by what it asks of a push.
enum Door: String, CaseIterable, CustomTestStringConvertible {
  case open = "no check"
  case checked = "receive.fsckObjects"
  case sample = "the sample hook of 0.1.0"
  case update
  case preReceive = "pre-receive"

  fileprivate static let all = allCases
  var testDescription: String { rawValue }
  fileprivate var isHooked: Bool { self == .update || self == .preReceive }

  fileprivate func guardHub(_ hub: TestRepository) throws {
    try hub.git("config", "receive.fsckObjects", "\(self != .open)")
    switch self {
    case .open, .checked: break
    case .sample: try HookedHub.installSample(in: hub.path)
    case .update, .preReceive: try HookedHub.install([rawValue], in: hub.path)
    }
  }
}

/// A store with two locks, the second in force, and a report of `toto`; a hub, bob's clone, and what Eve has of the hub.
private struct World {
  static let manifest = "refs/weave/public/manifest"
  static let locks = "refs/weave/public/locks/canon"
  static let observed = "refs/weave/public/observed/toto"
  let lab: Lab
  let hub: TestRepository
  let bob: Colleague
  let eve: TestRepository

  static func canon(_ trust: String) -> String {
    """
    constellation: canon
    projects: { telperion: {}, laurelin: {}, narya: {} }
    roles: { dns: { projects: [telperion, laurelin] }, media: { projects: [laurelin, narya] } }
    machines: { toto: { roles: [dns] }, barge: { roles: [media] } }
    """ + (trust.isEmpty ? "" : "\ntrust: \(trust)")
  }

  init(_ door: Door, trust: String = "") throws {
    var lab = try Lab.threeProjects()
    lab.environment = HookedHub.environment(lab.environment)
    self.lab = lab
    hub = try lab.bare()
    try door.guardHub(hub)
    try lab.allowSigners(["ci"])
    if !trust.isEmpty { try lab.sign(as: "ci") }
    try lab.constellation(Self.canon(trust))
    for version in ["v1", "v2"] {
      try lab.link(Lab.threeProjectNames.map { "\($0)@\(version)" })
      try lab.weave("lock", "-c", "canon", "-m", version)
    }
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    try lab.share()
    bob = try lab.colleague("bob")
    eve = try TestRepository.create(at: lab.directory.appending("eve.git"), bare: true)
    try believeKeys(in: bob.store)
    try look()
  }

  private func believeKeys(in store: TestRepository) throws {
    try store.git("config", "gpg.format", "ssh")
    try store.git("config", "gpg.ssh.allowedSignersFile", lab.directory.appending("allowed-signers"))
  }

  @discardableResult
  func clone(_ name: String, status: Int32 = 0) throws -> Colleague {
    let clone = Colleague(lab: lab, workspace: lab.directory.appending(name))
    let result = try lab.run("clone", hub.path, clone.workspace, in: lab.directory.path)
    #expect(result.status == status, "\(result.stderr)")
    if FileManager.default.fileExists(atPath: clone.store.path) { try believeKeys(in: clone.store) }
    return clone
  }

  /// Expects that the machine is told the commit `member`.
  func expect(
    _ member: String, on machine: String = "toto", in clone: Colleague,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let answer = try sha(String(member.prefix { $0 != "@" }), on: machine, in: clone)
    #expect(try answer.trimmed == lab.id(member), "\(answer.stderr)", sourceLocation: sourceLocation)
  }

  func sha(_ project: String, on machine: String, in clone: Colleague) throws -> ProcessResult {
    try clone.run("sha", project, "--machine", machine, "-c", "canon")
  }

  func status(in clone: Colleague) throws -> StatusDocument.Machine {
    let text = try clone.run("status", "-c", "canon", "--json").stdout
    let document = try JSONDecoder().decode(StatusDocument.self, from: Data(text.utf8))
    return try #require(document.machines.first { $0.machine == "toto" })
  }

  /// Has what `toto` runs revoked and pushed, which ends with `push`; bob's pull, which names `records`, must bring it.
  func expectRevocationArrives(push: Int32 = 0, pull: Int32 = 0, naming records: [String] = []) throws {
    try lab.revoke("telperion@v2", "laurelin@v2")
    let sent = try lab.run("push")
    #expect(sent.status == push, "\(sent.stderr)")
    let result = try bob.run("pull")
    #expect(result.status == pull, "\(result.stderr.prefix(2_000))")
    for record in records { #expect(result.stderr.contains(record), "\(result.stderr)") }
    let answer = try sha("telperion", on: "toto", in: bob)
    #expect(answer.status == 5, "\(answer.stdout)\(answer.stderr)")
    try expect("laurelin@v2", on: "barge", in: bob)
  }

  // MARK: Eve

  func look() throws { try eve.git("fetch", "--quiet", "--force", hub.path, "+refs/*:refs/*") }

  /// Pushes what `id` names, or a deletion where it is empty, past what is there; whether the hub took it.
  @discardableResult
  func push(_ id: String, to reference: String) throws -> Bool {
    let id = id.isEmpty ? "" : try eve.git("rev-parse", id)
    return try runProcess(
      "git", ["push", "--quiet", "--force", hub.path, "\(id):\(reference)"], in: eve.path,
      environment: HookedHub.environment(eve.environment).variables
    ).status == 0
  }

  func object(_ type: String, _ text: String) throws -> String {
    try eve.git(["hash-object", "-t", type, "-w", "--stdin", "--literally"], input: Array(text.utf8))
  }

  /// A commit of Eve's, whose dates are written as they are given.
  func commit(
    _ message: String, tree: String, parents: [String] = [], date: String = "1700000000",
    committed: String? = nil
  ) throws -> String {
    let parents = try parents.map { "parent \(try eve.git("rev-parse", $0))\n" }.joined()
    return try object(
      "commit",
      "tree \(eve.git("rev-parse", tree))\n\(parents)author eve <e@x> \(date) +0000\n"
        + "committer eve <e@x> \(committed ?? date) +0000\n\n\(message)")
  }

  func tree(_ files: [String: String]) throws -> String {
    let entries = try files.sorted { $0.key < $1.key }.map {
      "100644 blob \(try object("blob", $1))\t\($0)\n"
    }
    return try eve.git(["mktree"], input: Array(entries.joined().utf8))
  }

  func lock(_ toto: [String], _ barge: [String], on parents: [String]) throws -> String {
    let files = try ["toto": toto, "barge": barge].mapValues { members in
      try members.map { "\($0.prefix { $0 != "@" }) \(try lab.id($0))\n" }.sorted().joined()
    }
    return try commit("lock canon\n\nforged\n\nWeave-Lock: canon\n", tree: tree(files), parents: parents)
  }

  func report(_ trailers: String, on parent: String) throws -> String {
    try commit(
      "observed toto\n\nWeave-Machine: toto\n\(trailers)",
      tree: tree(["observed": "telperion \(lab.id("telperion@v1"))\n"]), parents: [parent])
  }

  /// Puts a file into the newest manifest of the hub; whether the hub took it.
  func amend(_ path: String, _ content: String, mode: String = "100644") throws -> Bool {
    try look()
    let stream = """
      commit \(Self.manifest)
      committer Eve <eve@example.org> \(TestEnvironment.epoch) +0000
      data 4
      eve
      from \(Self.manifest)^0
      M \(mode) inline \(path)
      data \(content.utf8.count)
      \(content)

      """
    try eve.git(["fast-import", "--quiet"], input: Array(stream.utf8))
    return try push(Self.manifest, to: Self.manifest)
  }
}
