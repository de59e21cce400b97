import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What a source is told and can give, beside a private project")
struct ProjectExchangeTests {
  private static let who = "Eve <eve@example.org> 1700000000 +0000"

  /// A store with the public projects `telperion` and `laurelin`, and the private `narya`, all fetched.
  private func withSecret(endsBroken: Bool = false, _ body: (Lab) throws -> Void) throws {
    try Lab.withTwoProjects(endsBroken: endsBroken) { lab, _, _ throws in
      try addSecret(to: lab)
      try lab.tellingNoSecret(body)
    }
  }

  private func addSecret(to lab: Lab) throws {
    _ = try lab.makeSource("narya")
    try lab.weave("project", "add", "narya", lab.source("narya").path, "--private")
    try lab.weave("fetch")
  }

  private func exchange(_ project: String, of lab: Lab) -> TestRepository {
    TestRepository(at: "\(lab.store.path)/weave/exchange/projects/\(project).git")
  }

  /// The ids of all that narya has: of commits, trees and files.
  private func secrets(of lab: Lab) throws -> Set<String> {
    Set(
      try lab.source("narya").git("rev-list", "--all", "--objects").split(separator: "\n").map {
        String($0.prefix(40))
      })
  }

  /// Points a branch at `id` without a question.
  private func set(_ branch: String = "main", to id: String, of source: TestRepository) throws {
    try source.write("\(id)\n", to: ".git/refs/heads/\(branch)")
  }

  /// Has a source show the commit `id` of narya, of which it has the commit and nothing that it names.
  private func show(_ id: String, of lab: Lab, in source: TestRepository) throws {
    let raw = try runGit(
      ["cat-file", "commit", id], in: lab.source("narya").path, environment: source.environment)
    let written = try source.git(
      ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], input: Array(raw.stdout.utf8))
    #expect(written == id)
    try set(to: id, of: source)
  }

  /// Has a source show a new commit of its own, whose parent is the commit `secret` of narya, which it does not have.
  private func graft(onto secret: String, in source: TestRepository) throws -> String {
    let tree = try source.git("rev-parse", "main^{tree}")
    let text = "tree \(tree)\nparent \(secret)\nauthor \(Self.who)\ncommitter \(Self.who)\n\nbait\n"
    let bait = try source.git(
      ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], input: Array(text.utf8))
    // For whoever serves it, the history ends there (gitrepository-layout(5), "info/grafts").
    try FileManager.default.createDirectory(
      atPath: source.path + "/.git/info", withIntermediateDirectories: true)
    try source.write("\(bait)\n", to: ".git/info/grafts")
    try set(to: bait, of: source)
    return bait
  }

  private func expectNothingTaken(
    _ lab: Lab, of commit: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try lab.store.refs().filter { $0.key.hasPrefix("refs/namespaces/laurelin/") }
    try lab.source("telperion").commit("another")
    let fetch = try lab.run("fetch")
    #expect(fetch.status == 1, sourceLocation: sourceLocation)
    #expect(
      fetch.stderr.contains("error: cannot fetch laurelin from "), "\(fetch.stderr)",
      sourceLocation: sourceLocation)
    #expect(
      try lab.store.refs().filter { $0.key.hasPrefix("refs/namespaces/laurelin/") } == before,
      sourceLocation: sourceLocation)
    // The others are fetched.
    #expect(
      try lab.store.resolve("refs/namespaces/telperion/refs/heads/main") == lab.id("telperion@main"),
      sourceLocation: sourceLocation)
    let link = try lab.run("link", "telperion@main", "laurelin@\(commit)")
    #expect(link.status == 1, sourceLocation: sourceLocation)
    #expect(link.stderr.contains("laurelin has no commit"), "\(link.stderr)", sourceLocation: sourceLocation)
  }

  @Test(
    "a source that shows a private commit by its id alone does not get it taken for its own",
    arguments: Transport.withoutServer)
  func shownByID(transport: Transport) throws { try shownByID(over: transport) }

  @Test("nor does it over ssh", .enabled(if: SSHServer.isInstalled, "sshd is not installed"))
  func shownByIDOverSSH() throws { try shownByID(over: .ssh) }

  @Test("nor over HTTP", .enabled(if: HTTPServer.isInstalled, "nginx and fcgiwrap are not installed"))
  func shownByIDOverHTTP() throws { try shownByID(over: .http) }

  private func shownByID(over transport: Transport) throws {
    try TwoMachines.with(transport) { machines in
      let lab = machines.here
      // A project that was public until now: what is private is in the store already.
      try lab.weave("fetch")
      try lab.weave("project", "set", "narya", "private", "true")
      try lab.tellingNoSecret { lab throws in
        let honest = try lab.id("laurelin@main")
        let secret = try lab.id("narya@main")
        try show(secret, of: lab, in: lab.source("laurelin"))
        try expectNothingTaken(lab, of: secret)
        // It moves to a place of Eve's, who has the honest history.
        let evil = try TestRepository.create(at: lab.directory.appending("sources/evil"), bare: true)
        try lab.source("laurelin").git("push", "--quiet", evil.path, "\(honest):refs/heads/main")
        try lab.weave("project", "set", "laurelin", "source", machines.url(of: "evil"))
        try lab.weave("fetch")
        try lab.link("telperion@main", "laurelin@\(honest)")
        try lab.weave("push", "--with-commits")
        for id in try secrets(of: lab) { #expect(evil.resolve("\(id)^{object}") == nil, "\(id) is there") }
      }
      try lab.check()
    }
  }

  @Test("a source that shows a commit of its own on top of a private one does not get that taken for its own")
  func parent() throws {
    try withSecret { lab throws in
      let secret = try lab.id("narya@main")
      let bait = try graft(onto: secret, in: lab.source("laurelin"))
      try expectNothingTaken(lab, of: bait)
      #expect(exchange("laurelin", of: lab).resolve("\(secret)^{object}") == nil)
    }
  }

  @Test("a source that is moved by a hub, and accepted, is told of nothing but the project's own commits")
  func movedByHub() throws {
    try Lab.withHub { lab, _, bob throws in
      try addSecret(to: lab)
      let evil = try TestRepository.create(at: lab.directory.appending("evil"))
      try evil.git("fetch", "--quiet", lab.source("laurelin").path, "main")
      try evil.git("reset", "--quiet", "--hard", "FETCH_HEAD")
      // With a new branch to get, there is something to negotiate.
      try evil.checkout("side", create: true)
      try evil.commit("side")
      try show(lab.id("narya@main"), of: lab, in: evil)
      try bob.weave("project", "set", "laurelin", "source", evil.path)
      try bob.weave("push")
      try lab.weave("pull")
      try lab.weave("accept", "project/laurelin")
      try lab.tellingNoSecret { lab throws in
        #expect(try lab.run("fetch").status == 1)
      }
      #expect(try lab.run("link", "telperion@main", "laurelin@\(lab.id("narya@main"))").status == 1)
    }
  }

  @Test("no fetch and no push of a store with a private project tells anybody of a private id")
  func traces() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try addSecret(to: lab)
      try lab.share()
      let checkout = try lab.checkout("laurelin")
      try lab.link("telperion@main", "laurelin@\(checkout.commit("local"))")
      try lab.link("telperion@main", "narya@main")
      try lab.source("telperion").checkout("side", create: true)
      for project in ["telperion", "laurelin"] { try lab.source(project).commit("new") }
      for command in [["push", "--with-commits"], ["fetch", "telperion", "laurelin"], ["pull"]] {
        let talks = try lab.tellingNoSecret { lab throws in try lab.weave(command) }
        #expect(talks > 0 || command == ["pull"], "\(command): nothing was traced")
      }
    }
  }

  @Test(
    "the commits of an older weave's fetch that are a private project's are not pushed, and the error names both"
  )
  func takenBefore() throws {
    try withSecret { lab throws in
      let secret = try lab.id("narya@main")
      try lab.share()
      // As one came by a source that showed it.
      try lab.store.git("update-ref", "refs/namespaces/laurelin/refs/heads/main", secret)
      try lab.link("telperion@main", "laurelin@\(secret)")
      try lab.weave("fetch")
      let push = try lab.run("push", "--with-commits")
      #expect(push.status == 1)
      #expect(
        push.stderr
          == """
          error: cannot push commits of laurelin to \(lab.source("laurelin").path): \(secret), which they are or descend \
          from, is one of the private project narya
          hint: `git push` it there yourself if whoever reads laurelin may have it

          """)
      #expect(lab.source("laurelin").resolve("\(secret)^{object}") == nil)
      try lab.weave("fetch")
    }
  }

  @Test("a commit that only a checkout has goes to its source, and with it nothing else")
  func withCommits() throws {
    try withSecret { lab throws in
      try lab.share()
      let checkout = try lab.checkout("laurelin")
      let local = try checkout.commit("local")
      try lab.link("telperion@main", "laurelin@\(local)")
      try lab.weave("push", "--with-commits")
      #expect(lab.source("laurelin").resolve("refs/tags/weave/\(local)") == local)
      #expect(lab.store.resolve("refs/namespaces/laurelin/refs/tags/weave/\(local)") == local)
    }
  }

  @Test("a commit of a private record that a checkout has does not go to its source")
  func privateRecord() throws {
    try withSecret { lab throws in
      try lab.share()
      let checkout = try lab.checkout("laurelin")
      try checkout.git("fetch", "--quiet", lab.store.path, "refs/weave/private/manifest:refs/heads/taken")
      let record = try #require(checkout.resolve("taken"))
      try lab.link("telperion@main", "laurelin@\(record)")
      let push = try lab.run("push", "--with-commits")
      #expect(push.status == 1 && push.stderr.contains("is of a private record"), "\(push.stderr)")
      #expect(lab.source("laurelin").resolve("refs/tags/weave/\(record)") == nil)
    }
  }

  @Test(
    "the store has every ref and object of each source, and each exchange repository those of its own project alone"
  )
  func each() throws {
    try withSecret { lab throws in
      // A branch in the place of a directory of branches, and the other way round.
      let telperion = lab.source("telperion")
      try telperion.branch("a/b")
      try telperion.branch("c")
      try lab.weave("fetch")
      for name in ["a/b", "c"] { try telperion.git("branch", "--quiet", "-D", name) }
      try telperion.branch("a")
      try telperion.branch("c/d")
      try telperion.tag("annotated", message: "tag")
      try telperion.git("tag", "--force", "v1", "main")
      try lab.weave("fetch")
      for project in ["telperion", "laurelin", "narya"] {
        let source = try lab.source(project).refs()
        for repository in [lab.store, exchange(project, of: lab)] {
          let here = try repository.refs().filter { $0.key.hasPrefix("refs/namespaces/\(project)/refs/") }
          #expect(here.mapKeys { $0.replacing("refs/namespaces/\(project)/", with: "") } == source)
        }
        #expect(try Set(exchange(project, of: lab).refs().keys).allSatisfy { $0.contains("/\(project)/") })
      }
      let secrets = try secrets(of: lab)
      for project in ["telperion", "laurelin"] {
        for id in secrets { #expect(exchange(project, of: lab).resolve("\(id)^{object}") == nil) }
      }
    }
  }

  @Test("a HEAD that is detached, and a branch again, is followed")
  func head() throws {
    try withSecret { lab throws in
      let (source, head) = (lab.source("telperion"), "refs/namespaces/telperion/HEAD")
      try source.checkout("v1")
      let alone = try source.commit("on no branch")
      try lab.weave("fetch")
      #expect(lab.store.resolve(head) == alone)
      try source.checkout("main")
      let newest = try source.commit("on main")
      for _ in 1...2 {
        try lab.weave("fetch")
        #expect(try lab.store.git("symbolic-ref", head) == "refs/namespaces/telperion/refs/heads/main")
        #expect(lab.store.resolve(head) == newest)
      }
    }
  }

  @Test("a fetch with nothing new makes nothing, and without a private project nothing comes between")
  func nothingNew() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.source("telperion").commit("new")
      try lab.weave("fetch")
      #expect(!FileManager.default.fileExists(atPath: exchange("telperion", of: lab).path))
      try addSecret(to: lab)
      let before = try contents(of: lab.store.path + "/weave/exchange")
      try lab.weave("fetch")
      #expect(try contents(of: lab.store.path + "/weave/exchange") == before)
    }
  }

  private func contents(of directory: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: directory).sorted()
  }

  @Test(
    "a project that becomes private is fetched apart from then on, as are the others, and one that is public again is not"
  )
  func moved() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.addProject("narya")
      try lab.weave("fetch")
      try lab.weave("project", "set", "narya", "private", "true")
      for project in ["telperion", "narya"] { try lab.source(project).commit("new") }
      try lab.weave("fetch")
      for project in ["telperion", "laurelin", "narya"] {
        #expect(try exchange(project, of: lab).git("cat-file", "-t", lab.id("\(project)@main")) == "commit")
      }
      try lab.weave("project", "set", "narya", "private", "false")
      try lab.source("telperion").commit("newer")
      try lab.weave("fetch")
      #expect(try exchange("telperion", of: lab).resolve("\(lab.id("telperion@main"))^{object}") == nil)
      for _ in 1...2 { try lab.weave("gc") }
      #expect(!FileManager.default.fileExists(atPath: exchange("telperion", of: lab).path))
      #expect(try !packs(of: lab.store).contains { $0.hasSuffix(".keep") })
      #expect(try lab.holds(lab.id("telperion@main")))
    }
  }

  private func packs(of repository: TestRepository) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: repository.path + "/objects/pack")
  }

  @Test("gc packs both, and what an exchange repository holds is on the disk once")
  func collect() throws {
    try withSecret { lab throws in
      for number in 1...3 {
        for project in ["telperion", "narya"] { try lab.source(project).commit("\(number)") }
        try lab.weave("fetch")
      }
      let old = try lab.id("telperion@main")
      try lab.source("telperion").git("reset", "--quiet", "--hard", "v1")
      try lab.source("telperion").commit("instead")
      try lab.weave("fetch")
      for _ in 1...2 { try lab.weave("gc", "--prune", "now") }
      #expect(try !lab.holds(old))
      #expect(exchange("telperion", of: lab).resolve("\(old)^{object}") == nil)
      for project in ["telperion", "laurelin", "narya"] {
        let packs = try packs(of: exchange(project, of: lab)).filter { $0.hasSuffix(".pack") }
        let pack = try #require(packs.first)
        #expect(packs.count == 1)
        let inodes = try [exchange(project, of: lab), lab.store].map {
          try FileManager.default.attributesOfItem(atPath: "\($0.path)/objects/pack/\(pack)")[
            .systemFileNumber]
            as? UInt64
        }
        #expect(inodes[0] == inodes[1])
      }
      let ids = try lab.store.git("cat-file", "--batch-all-objects", "--batch-check", "--unordered").split(
        separator: "\n"
      ).count
      let counted = try lab.store.git("count-objects", "-v").split(separator: "\n")
      #expect(counted.contains("in-pack: \(ids)"), "each object is in one pack: \(counted)")
      try lab.source("telperion").commit("after")
      try lab.weave("fetch")
    }
  }

  @Test("an exchange repository that is removed, cut off in the making, or damaged is made anew")
  func damaged() throws {
    try withSecret { lab throws in
      let (exchange, store) = (exchange("telperion", of: lab), lab.store)
      try FileManager.default.removeItem(atPath: exchange.path)
      try lab.weave("fetch")
      #expect(try exchange.refs().count == 2)
      // Made, and killed before its settings were there.
      try FileManager.default.removeItem(atPath: exchange.path)
      _ = try TestRepository.create(at: exchange.path, bare: true)
      try lab.weave("fetch")
      #expect(try exchange.refs().count == 2)
      #expect(try exchange.git("config", "--local", "include.path") == "../../../../config")
      let object =
        "objects/\(try lab.id("telperion@main").prefix(2))/\(try lab.id("telperion@main").dropFirst(2))"
      // A file of its own: the store's is another name of the same one.
      try FileManager.default.removeItem(atPath: "\(exchange.path)/\(object)")
      try exchange.write("", to: object)
      let check = try lab.run("fsck")
      #expect(check.status == 1)
      #expect(
        check.stdout.contains(
          "\(exchange.path), through which telperion is fetched, is damaged; `weave fsck --repair`"),
        "\(check.stdout)")
      try lab.weave("fsck", "--repair")
      #expect(!FileManager.default.fileExists(atPath: exchange.path))
      try lab.source("telperion").commit("new")
      try lab.weave("fetch")
      #expect(try store.resolve("refs/namespaces/telperion/HEAD") == lab.id("telperion@main"))
    }
  }

  @Test("the store's own settings are those by which a source is asked")
  func settings() throws {
    try withSecret { lab throws in
      let path = lab.source("telperion").path
      try lab.source("telperion").commit("new")
      try FileManager.default.moveItem(atPath: path, toPath: path + "-moved")
      try lab.store.git("config", "url.\(path)-moved.insteadOf", path)
      try lab.weave("fetch")
      #expect(
        try lab.store.resolve("refs/namespaces/telperion/HEAD")
          == TestRepository(at: path + "-moved").git("rev-parse", "main"))
      try FileManager.default.moveItem(atPath: path + "-moved", toPath: path)
    }
  }

  @Test("a project that is removed leaves no exchange repository behind")
  func removed() throws {
    try withSecret { lab throws in
      try lab.weave("project", "remove", "telperion")
      #expect(!FileManager.default.fileExists(atPath: exchange("telperion", of: lab).path))
    }
  }

  @Test(
    "after each of 100 kills of a fetch through exchange repositories the store is sound, and the next completes it",
    .enabled(if: KillSweep.isPossible))
  func kills() throws {
    try withSecret { lab throws in
      try lab.source("laurelin").branch("gone")
      try lab.weave("fetch")
      for project in ["telperion", "laurelin", "narya"] { try lab.source(project).commit("three") }
      try lab.source("laurelin").git("branch", "--quiet", "-D", "gone")
      try lab.source("narya").branch("new")
      try KillSweep(of: ["fetch"], in: lab).kill(100, seed: 16) { () throws in
        for project in ["telperion", "laurelin", "narya"] {
          let here = try lab.store.refs().filter { $0.key.hasPrefix("refs/namespaces/\(project)/refs/") }
          #expect(
            here.mapKeys { $0.replacing("refs/namespaces/\(project)/", with: "") }
              == (try lab.source(project).refs()))
        }
      }
    }
  }
}

extension Dictionary {
  fileprivate func mapKeys<NewKey>(_ transform: (Key) -> NewKey) -> [NewKey: Value] {
    Dictionary<NewKey, Value>(uniqueKeysWithValues: map { (transform($0.key), $0.value) })
  }
}
