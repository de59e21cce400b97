import TestSupport
import Testing

@testable import LabSupport

@Suite("A set", .inProcess)
struct SetTests {
  private let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  private func members(_ name: String) throws -> String { try lab.weave("set", "show", name) }

  @Test("names commits of several projects, as stock Git can read them")
  func named() throws {
    try lab.weave("set", "release-1", "telperion@v1", "laurelin@v2", "-m", "what the lab ran in August")
    let lines = "laurelin \(try lab.id("laurelin@v2"))\ntelperion \(try lab.id("telperion@v1"))"
    #expect(try members("release-1") == lines)
    #expect(try lab.store.git("show", "refs/weave/public/sets/release-1:set") == lines)
    #expect(try lab.weave("set", "list").contains("what the lab ran in August"))
    try lab.check()
  }

  @Test("keeps its commits, whatever becomes of their branches")
  func kept() throws {
    let commit = try lab.branchOff("telperion", "experiment")
    try lab.weave("set", "tried", "telperion@experiment")
    try lab.source("telperion").git("branch", "-D", "experiment")
    try lab.weave("fetch")
    try lab.collectGarbage()
    #expect(try lab.holds(commit))
  }

  @Test("is looked at by fsck, which names a commit that nothing keeps, and keeps it again")
  func checked() throws {
    let commit = try lab.branchOff("telperion", "experiment")
    try lab.weave("set", "tried", "telperion@experiment")
    try lab.source("telperion").git("branch", "-D", "experiment")
    try lab.weave("fetch")
    try lab.store.git("update-ref", "-d", "refs/weave-local/keep/telperion")
    let result = try lab.run("fsck")
    #expect(result.status != 0 && result.stdout.contains(commit), "\(result.stdout)")
    try lab.weave("fsck", "--repair")
    try lab.collectGarbage()
    #expect(try lab.holds(commit))
  }

  @Test("gives its name to other commits only when told to")
  func replaced() throws {
    try lab.weave("set", "release", "telperion@v1")
    let error = try lab.refusal(["set", "release", "telperion@v2"])
    #expect(error.contains("there is a set release already") && error.contains("--replace"))
    try lab.weave("set", "release", "telperion@v2", "--replace")
    #expect(try members("release") == "telperion \(try lab.id("telperion@v2"))")
    #expect(try lab.store.git("rev-list", "--count", "refs/weave/public/sets/release") == "2")
  }

  @Test("is the same set when it is made again, and nothing is written")
  func again() throws {
    try lab.weave("set", "release", "telperion@v1")
    let before = try lab.store.refs()
    try lab.weave("set", "release", "telperion@v1")
    #expect(try lab.store.refs() == before)
  }

  @Test("can be made of an event, a lock, a constellation, and another set")
  func selected() throws {
    try lab.constellation()
    let link = try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    let lock = try lab.weave("lock")
    try lab.weave("set", "event", String(link.prefix(9)))
    try lab.weave("set", "lock", String(lock.prefix(9)))
    try lab.weave("set", "wanted", "-c", "emerald-city")
    try lab.weave("set", "copy", "event")
    for name in ["lock", "wanted", "copy"] { #expect(try members(name) == members("event")) }
  }

  @Test("that is removed is gone, also where it was pulled to, and its commits stay")
  func removed() throws {
    try lab.share()
    try lab.weave("set", "release", "telperion@v1", "laurelin@v1")
    try lab.weave("push")
    let bob = try lab.colleague("bob")
    #expect(try bob.weave("set", "show", "release").contains("telperion"))
    try lab.weave("set", "remove", "release")
    try lab.weave("push")
    try bob.weave("pull")
    #expect(try bob.weave("set", "list").contains("release") == false)
    #expect(try lab.refusal(["set", "show", "release"]).contains("no set is called 'release'"))
    try lab.check()
  }

  @Test("that names a private project is not pushed to a public remote")
  func ofPrivateProject() throws {
    let hub = try lab.bare()
    let secret = try lab.makeSource("vilya")
    try lab.weave("project", "add", "vilya", secret.repository.path, "--private")
    try lab.weave("fetch", "vilya")
    try lab.weave("remote", "add", "hub", hub.path)
    try lab.weave("set", "hidden", "vilya@main", "telperion@v1")
    try lab.weave("push")
    #expect(try !hub.refs().description.contains("hidden"))
    #expect(try lab.weave("set", "show", "hidden").contains("vilya"))
  }

  @Test(
    "cannot have a name that reads as something else",
    arguments: [
      "-x", "-\u{301}x", "a\u{3164}", "\u{20E3}", "a\u{200D}b", "telperion@v1", " ", "list",
      "c0ffee0000000000000000000000000000000000",
    ])
  func refusedNames(_ name: String) throws {
    let error = try lab.refusal(["set", "make", "--", name, "telperion@v1"])
    #expect(error.contains("cannot be called"))
  }

  @Test("that nobody made is told apart from an event, with the nearest name")
  func unknown() throws {
    try lab.weave("set", "release-1", "telperion@v1")
    #expect(try lab.refusal(["set", "copy", "relase-1"]).contains("did you mean 'release-1'?"))
  }
}
