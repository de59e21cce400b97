import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A hub in which one ledger is broken", .inProcess) struct BrokenHubTests {
  enum Damage: CaseIterable { case tipGone, refToNothing, refEmpty }

  private let lab: Lab
  private let hub: TestRepository
  private let owner: Colleague
  private let other: Colleague
  private let ledger: String

  /// The owner's ledger has two events, of which others know one.
  init() throws {
    lab = try Lab()
    try lab.weave("init")
    for project in ["telperion", "laurelin"] { try lab.addProject(project) }
    try lab.weave("fetch")
    hub = try lab.share()
    owner = try lab.colleague("owner")
    other = try lab.colleague("other")
    try owner.weave("link", "telperion@v1", "laurelin@v1", "-m", "one")
    try owner.weave("push")
    try lab.weave("pull")
    try owner.weave("link", "telperion@main", "laurelin@main", "-m", "two")
    try owner.weave("push")
    ledger = try owner.ledger()
  }

  private func damage(_ damage: Damage) throws {
    let path = "\(hub.path)/\(ledger)"
    switch damage {
    case .tipGone:
      let tip = try #require(hub.resolve(ledger))
      try FileManager.default.removeItem(atPath: "\(hub.path)/objects/\(tip.prefix(2))/\(tip.dropFirst(2))")
    case .refToNothing:
      try Data("\(String(repeating: "12", count: 20))\n".utf8).write(to: URL(fileURLWithPath: path))
    case .refEmpty: try Data().write(to: URL(fileURLWithPath: path))
    }
  }

  /// Something new of each kind, by who is neither its owner nor who asks.
  private func pushNews() throws {
    try lab.weave("link", "telperion@v1", "laurelin@main", "-m", "three")
    try lab.weave("set", "rel", "telperion@v1")
    try lab.weave("push")
  }

  @Test(
    "a pull brings all the others, names the ref and its cure, and exits with 1", arguments: Damage.allCases)
  func pull(damage: Damage) throws {
    try pushNews()
    try self.damage(damage)
    let pull = try other.run("pull")
    #expect(pull.status == 1)
    #expect(pull.stderr.contains("error: \(ledger) is broken at origin"), "\(pull.stderr)")
    #expect(pull.stderr.contains("`weave push --whole`"), "\(pull.stderr)")
    #expect(try other.events().count == 1)
    #expect(try other.weave("set", "list").contains("rel"))
    // What was known of it stays.
    let known = try lab.run("pull")
    #expect(!known.stderr.contains("was deleted there"), "\(known.stderr)")
    #expect(try lab.eventIDs(in: lab.workspace).count == 2)
  }

  @Test("more of them than are told apart, of one object or of many, keep no ledger and no lock from anybody")
  func many() throws {
    try pushNews()
    let one = try hub.commitThatGitRefuses()
    var refs = (0..<120).map { "create refs/weave/public/seen/one\($0) \(one)\n" }
    refs += try (2..<112).map {
      "create refs/weave/public/set/z\($0) \(try hub.commitThatGitRefuses(secondsBefore: $0))\n"
    }
    try hub.git(["update-ref", "--stdin"], input: Array(refs.joined().utf8))
    let pull = try other.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(pull.stderr.contains("seen/one0 is broken at origin"), "\(pull.stderr)")
    #expect(pull.stderr.contains(" more refs are broken at origin"), "\(pull.stderr)")
    #expect(pull.stderr.components(separatedBy: " is broken at origin").count == 21)
    #expect(try other.events().count == 3)
  }

  @Test("more of them than a command line can name keep nothing from anybody")
  func longNames() throws {
    try pushNews()
    let one = try hub.commitThatGitRefuses()
    let refs = (0..<12_000).map {
      "create refs/weave/public/seen/\(String(repeating: "x", count: 180))\($0) \(one)\n"
    }
    try hub.git(["update-ref", "--stdin"], input: Array(refs.joined().utf8))
    let pull = try other.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(try other.events().count == 3)
  }

  @Test("a clone has all the others, names the ref, and exits with 1")
  func clone() throws {
    try pushNews()
    try damage(.tipGone)
    let clone = try lab.run("clone", hub.path, lab.directory.appending("new"), in: lab.directory.path)
    #expect(clone.status == 1)
    #expect(clone.stderr.contains("error: \(ledger) is broken at origin"), "\(clone.stderr)")
    #expect(try lab.eventIDs(in: lab.directory.appending("new")).count == 1)
  }

  @Test(
    "a push that Git refuses for it names the ref and its cure, and exits with 1", arguments: Damage.allCases)
  func push(damage: Damage) throws {
    try self.damage(damage)
    try other.weave("link", "telperion@v1", "laurelin@main", "-m", "three")
    let push = try other.run("push")
    #expect(push.status == 1)
    #expect(push.stderr.contains("error: \(ledger) is broken at origin"), "\(push.stderr)")
    #expect(push.stderr.contains("git update-ref -d \(ledger)"), "\(push.stderr)")
  }

  @Test("its owner's push of something new gives it whole again", arguments: [Damage.tipGone, .refToNothing])
  func ownerPushes(damage: Damage) throws {
    try self.damage(damage)
    try owner.weave("link", "telperion@v1", "laurelin@main", "-m", "three")
    let push = try owner.run("push")
    #expect(push.status == 0 && push.stderr.contains("\(ledger) is given whole again"), "\(push.stderr)")
    #expect(try hub.git("fsck", "--strict", "--no-dangling") == "")
    try other.weave("pull")
    #expect(try other.events() == owner.events())
    try other.check()
  }

  @Test("its owner's push --whole gives it whole again where there is nothing new")
  func whole() throws {
    try damage(.tipGone)
    try owner.weave("push", "--whole")
    #expect(try hub.git("fsck", "--strict", "--no-dangling") == "")
    try other.weave("pull")
    #expect(try other.events() == owner.events())
  }

  @Test("its owner's push names what else is broken")
  func anotherBroken() throws {
    try damage(.tipGone)
    let manifest = try #require(hub.resolve("refs/weave/public/manifest"))
    try FileManager.default.removeItem(
      atPath: "\(hub.path)/objects/\(manifest.prefix(2))/\(manifest.dropFirst(2))")
    try owner.weave("link", "telperion@v1", "laurelin@main", "-m", "three")
    let push = try owner.run("push")
    #expect(push.status == 1)
    #expect(push.stderr.contains("error: refs/weave/public/manifest is broken at origin"), "\(push.stderr)")
  }

  @Test("a hub that cannot be asked at all is no hub with a broken ref")
  func gone() throws {
    try FileManager.default.removeItem(atPath: hub.path)
    #expect(try other.run("pull").stderr.contains("error: cannot fetch from origin"))
  }
}
