import TestSupport
import Testing

@testable import LabSupport

@Suite("A record that stock Git made, and that weave would not have made", .inProcess)
struct MalformedRecordTests {
  /// Puts a lock of the constellation on top of the newest in `store`, with `lines` besides; returns its id.
  private static func lock(_ lines: String, in store: TestRepository) throws -> String {
    let reference = "refs/weave/public/locks/emerald-city"
    let message = "lock emerald-city\n\nWeave-Lock: emerald-city\n\(lines)\n"
    let id = try store.git(
      ["commit-tree", "\(reference)^{tree}", "-p", reference], input: Array(message.utf8))
    try store.git("update-ref", reference, id)
    return id
  }

  /// Puts `files` into the public manifest of `store`, in one more commit.
  private static func manifest(_ files: [String: String], in store: TestRepository) throws {
    let reference = "refs/weave/public/manifest"
    var stream = "commit \(reference)\ncommitter Eve <eve@example.org> \(TestEnvironment.epoch) +0000\n"
    stream += "data 4\neve\n\nfrom \(reference)^0\n"
    for (path, content) in files.sorted(by: { $0.key < $1.key }) {
      stream += "M 644 inline \(path)\ndata \(content.utf8.count)\n\(content)\n"
    }
    try store.git(["-c", "core.fsync=none", "fast-import", "--quiet"], input: Array(stream.utf8))
  }

  private static func sharedLab() throws -> (lab: Lab, hub: TestRepository, bob: Colleague) {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
    let hub = try lab.share()
    return (lab, hub, try lab.colleague("bob"))
  }

  private static let lockLines = [
    "Weave-Local: x y z", "Weave-Local: ../x \(String(repeating: "1", count: 40))", "Weave-Local: narya 12",
    "Weave-Constellation: x",
    "Weave-Constellation: \(String(repeating: "1", count: 40))\nWeave-Constellation: \(String(repeating: "2", count: 40))",
  ]

  @Test("a lock with a line that no reader takes is refused by the pull", arguments: lockLines)
  func pulledLock(line: String) throws {
    let (_, hub, bob) = try Self.sharedLab()
    _ = try Self.lock(line, in: hub)
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(pull.stderr.contains("refs/weave/public/locks/emerald-city"), "\(pull.stderr)")
    #expect(try bob.run("lock", "--list").status == 0)
  }

  @Test(
    "a stored lock with such a line is read without it, told of by fsck, and followed by another",
    arguments: lockLines)
  func storedLock(line: String) throws {
    let (lab, _, _) = try Self.sharedLab()
    let id = try Self.lock(line, in: lab.store)
    for command in [["status", "-c", "emerald-city"], ["lock", "--list"], ["lock", "--show"]] {
      let result = try lab.run(command)
      #expect([0, 2, 3, 4].contains(result.status), "\(command): \(result.stderr)")
      #expect(
        result.stderr.contains("warning: the lock \(id.prefix(7)) is read without a line of it"), "\(result)")
    }
    let found = try lab.run(["fsck"])
    #expect(found.status == 1)
    #expect(
      (found.stdout + found.stderr).contains("`weave lock -c emerald-city` adopts one without it"), "\(found)"
    )
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.weave("lock", "-c", "emerald-city")
    try lab.check()
  }

  enum NoLock: CaseIterable { case withoutName, ofAnother, ofNonsense, blob }

  /// Puts what is no lock on top of the newest.
  private static func putNoLock(_ kind: NoLock, in store: TestRepository) throws {
    let reference = "refs/weave/public/locks/emerald-city"
    let nonsense = try store.git(["hash-object", "-w", "--stdin"], input: Array("nonsense\n".utf8))
    let name =
      switch kind {
      case .withoutName: "Weave-Constellation: \(String(repeating: "1", count: 40))"
      case .ofAnother: "Weave-Lock: other"
      case .ofNonsense, .blob: "Weave-Lock: emerald-city"
      }
    let tree =
      kind == .ofNonsense
      ? try store.git(["mktree"], input: Array("100644 blob \(nonsense)\tdorothy\n".utf8))
      : try store.git("rev-parse", "\(reference)^{tree}")
    guard kind != .blob else {
      try store.git("update-ref", reference, nonsense)
      return
    }
    let commit = try store.git(
      ["commit-tree", tree, "-p", reference], input: Array("lock emerald-city\n\n\(name)\n".utf8))
    try store.git("update-ref", reference, commit)
  }

  @Test(
    "a stored lock that is none is an error with the way out, which goes past it; the others go on",
    arguments: NoLock.allCases)
  func storedNoLock(kind: NoLock) throws {
    let (lab, _, _) = try Self.sharedLab()
    let before = try lab.locks(of: "emerald-city").count
    try Self.putNoLock(kind, in: lab.store)
    #expect(try lab.refusal(["status", "-c", "emerald-city"]).contains("`weave lock -c emerald-city`"))
    for command in [["links"], ["set", "list"], ["project", "list"], ["log"]] {
      let result = try lab.run(command)
      #expect(result.status == 0, "\(command): \(result.stderr)")
    }
    let found = try lab.run(["fsck"])
    #expect(found.status == 1)
    #expect(found.stdout.contains("error: refs/weave/public/locks/emerald-city: the lock"), "\(found)")
    let lock = try lab.run(["lock", "-m", "again"])
    #expect(lock.status == 0)
    #expect(lock.stderr.contains("is damaged"), "\(lock.stderr)")
    try lab.weave("status", "-c", "emerald-city", "--json")
    #expect(try lab.locks(of: "emerald-city").count == before + 1)
    try lab.check()
    try lab.weave("push")
    try lab.colleague("carol").check()
  }

  @Test("a lock that is none, below one that is, is passed over with a warning")
  func buriedNoLock() throws {
    let (lab, _, _) = try Self.sharedLab()
    try Self.putNoLock(.withoutName, in: lab.store)
    _ = try Self.lock("Weave-Local: narya \(String(repeating: "1", count: 40))", in: lab.store)
    let list = try lab.run(["lock", "--list"])
    #expect(list.status == 0)
    #expect(list.stderr.contains("its message has no Weave-Lock; it is passed over"), "\(list.stderr)")
    #expect(list.stdout.split(separator: "\n").count == 2)
  }

  private static let entries = [
    "projects/Odd", "projects/-x", "removed/Odd", "removed/x..y", "projects/narya/x",
  ]

  @Test("a manifest with an entry that no project can have is refused by the pull", arguments: entries)
  func pulledEntry(path: String) throws {
    let (_, hub, bob) = try Self.sharedLab()
    try Self.manifest([path: "source x\n"], in: hub)
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(pull.stderr.contains("warning: refs/weave/public/manifest is refused"), "\(pull.stderr)")
    #expect(try bob.run("project", "list").status == 0)
  }

  @Test("a stored one is told of by fsck, carried over, and taken out as that says", arguments: entries)
  func storedEntry(path: String) throws {
    let (lab, _, _) = try Self.sharedLab()
    try Self.manifest([path: "source x\n"], in: lab.store)
    let entry = path.split(separator: "/").prefix(2).joined(separator: "/")
    let name = String(entry.split(separator: "/")[1])
    for command in [["links"], ["project", "list"], ["set", "list"]] {
      let result = try lab.run(command)
      #expect(result.status == 0, "\(command): \(result.stderr)")
    }
    let found = try lab.run(["fsck"])
    #expect(found.status == 1)
    #expect(found.stdout.contains("error: \(entry) in the public manifest is damaged"), "\(found)")
    #expect(found.stdout.contains("`weave project remove \(name == "-x" ? "-- " : "")\(name)` takes it out"))
    try lab.weave("project", "set", "laurelin", "track", "main")
    #expect(try lab.store.git("ls-tree", "refs/weave/public/manifest", entry) != "")
    try lab.weave("project", "remove", "--", name)
    #expect(try lab.store.git("ls-tree", "refs/weave/public/manifest", entry) == "")
    if name == "narya" { try lab.weave("project", "add", "narya", lab.source("narya").path) }
    try lab.weave("fetch")
    try lab.check()
  }

  private static let tracks = ["a..b", "refs/x y", "refs/heads/", "@{upstream}", "refs/../x"]

  @Test(
    "a manifest with a project that tracks what no ref can be called is refused by the pull",
    arguments: tracks)
  func pulledTrack(track: String) throws {
    let (lab, hub, bob) = try Self.sharedLab()
    try Self.manifest(["projects/narya": "source \(lab.source("narya").path)\ntrack \(track)\n"], in: hub)
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(
      pull.stderr.contains("narya tracks '\(track)', which can be the name of no branch"), "\(pull.stderr)")
    #expect(try bob.run("project", "list").status == 0)
  }

  @Test(
    "a stored project that tracks such a name fails alone, and fsck says what mends it", arguments: tracks)
  func storedTrack(track: String) throws {
    let (lab, _, _) = try Self.sharedLab()
    try Self.manifest(["projects/zz": "source \(lab.source("narya").path)\ntrack \(track)\n"], in: lab.store)
    let fetch = try lab.run(["fetch"])
    #expect(fetch.status == 1)
    #expect((fetch.stdout + fetch.stderr).contains("zz tracks '\(track)'"), "\(fetch)")
    #expect(!(fetch.stdout + fetch.stderr).contains("narya tracks"))
    #expect(try lab.weave("project", "list").contains("no such ref"))
    for command in [["resolve"], ["harvest"], ["status", "-c", "emerald-city"]] {
      let result = try lab.run(command)
      #expect(!result.stderr.contains("error:"), "\(command): \(result.stderr)")
    }
    let found = try lab.run(["fsck"])
    #expect(found.status == 1)
    #expect((found.stdout + found.stderr).contains("`weave project set zz track NAME`"), "\(found)")
    try lab.weave("project", "set", "zz", "track", "main")
    try lab.weave("fetch")
    try lab.check()
  }

  private static let longLines = [
    "source": "/" + String(repeating: "s", count: 4_096), "track": String(repeating: "t", count: 4_097),
  ]

  @Test(
    "a manifest with a project whose source or track is longer than a path can be is refused by the pull",
    arguments: ["source", "track"])
  func pulledLongLine(key: String) throws {
    let (lab, hub, bob) = try Self.sharedLab()
    try Self.manifest(
      ["projects/narya": "source \(lab.source("narya").path)\n\(key) \(Self.longLines[key]!)\n"], in: hub)
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(
      pull.stderr.contains("its entry projects/narya is none that a manifest can have"), "\(pull.stderr)")
    #expect(try bob.run("project", "list").stdout.contains(lab.source("narya").path))
  }

  @Test(
    "where such a project is stored, it counts for nothing, and fsck says what mends it",
    arguments: ["source", "track"])
  func storedLongLine(key: String) throws {
    let (lab, _, _) = try Self.sharedLab()
    try Self.manifest(["projects/zz": "source x\n\(key) \(Self.longLines[key]!)\n"], in: lab.store)
    let list = try lab.run("project", "list")
    #expect(list.status == 0 && !list.stdout.contains("zz"), "\(list)")
    let found = try lab.run(["fsck"])
    #expect(found.stdout.contains("error: projects/zz in the public manifest is damaged"), "\(found)")
    #expect(found.stdout.contains("a source and a track of at most 4096 bytes"), "\(found)")
    try lab.weave("project", "remove", "zz")
    try lab.check()
  }

  @Test(
    "an entry whose name is longer than any of weave's is refused in few words by the pull, and counts for nothing",
    arguments: ["projects", "holds", "acknowledgements", "constellations"])
  func longEntryName(directory: String) throws {
    let (lab, hub, bob) = try Self.sharedLab()
    let path = directory + "/" + String(repeating: "n", count: 5_000)
    try Self.manifest([path: "source x\n"], in: hub)
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(pull.stderr.contains("n… is none that a manifest can have"), "\(pull.stderr)")
    #expect(pull.stderr.utf8.count < 2_000)
    try Self.manifest([path: "source x\n"], in: lab.store)
    for command in [["status", "-c", "emerald-city"], ["project", "list"], ["constellation", "list"]] {
      let said = try lab.run(command)
      #expect((said.stdout + said.stderr).utf8.count < 3_000, "\(command)")
    }
    let found = try lab.run("fsck")
    #expect((found.stdout + found.stderr).utf8.count < 3_000)
  }

  @Test("a project gets no source and no track that is longer")
  func longLineRefused() throws {
    let (lab, _, _) = try Self.sharedLab()
    let source = try lab.run(
      "project", "add", "zz", "https://h.example/" + String(repeating: "s", count: 4_096))
    #expect(
      source.status == 1 && source.stderr.contains("it has 4114 bytes, of at most 4096"), "\(source.stderr)")
    #expect(source.stderr.utf8.count < 500)
    let track = try lab.run("project", "set", "narya", "track", String(repeating: "t", count: 4_097))
    #expect(track.status == 1)
    #expect(try lab.weave("project", "list").utf8.count < 2_000)
  }

  @Test(
    "a hold or an acknowledgement that no reader takes is passed over, and keeps nothing else of the manifest back",
    arguments: ["holds/narya@toto", "acknowledgements/toto"])
  func pulledText(path: String) throws {
    let (_, hub, bob) = try Self.sharedLab()
    try Self.manifest([path: "nonsense\n"], in: hub)
    try bob.weave("pull")
    let said = try bob.run("fsck")
    #expect(said.status == 1)
    #expect(said.stdout.contains("is damaged"), "\(said)")
  }

  @Test(
    "a set, or an observation, under a name that no reader takes is refused by the pull",
    arguments: [
      ("refs/weave/public/sets/-x", "set -x\n\nWeave-Set: -x\n", "set"),
      ("refs/weave/public/observed/-x", "observed -x\n\nWeave-Machine: -x\nWeave-Sequence: 1\n", "observed"),
      ("refs/weave/public/observed/x", "observed x\n\nWeave-Machine: x\nWeave-Sequence: 1\n", "else"),
    ])
  func pulledName(reference: String, message: String, entry: String) throws {
    let (_, hub, bob) = try Self.sharedLab()
    let blob = try hub.git(
      ["hash-object", "-w", "--stdin"], input: Array("narya \(String(repeating: "1", count: 40))\n".utf8))
    let tree = try hub.git(["mktree"], input: Array("100644 blob \(blob)\t\(entry)\n".utf8))
    try hub.git("update-ref", reference, hub.git(["commit-tree", tree], input: Array(message.utf8)))
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(pull.stderr.contains(reference), "\(pull.stderr)")
  }

  @Test(
    "a set under a name that may be read as an id or a revision is refused by the pull, and is no set where it stands",
    arguments: ["an id", "telperion@v3"])
  func pulledSetName(name: String) throws {
    let (lab, hub, bob) = try Self.sharedLab()
    let lock = try #require(lab.store.resolve("refs/weave/public/locks/emerald-city"))
    let name = name == "an id" ? lock : name
    let reference = "refs/weave/public/sets/\(name.replacingOccurrences(of: "@", with: "%40"))"
    for store in [hub, lab.store] {
      let line = "telperion \(try #require(lab.source("telperion").resolve("v1")))\n"
      let blob = try store.git(["hash-object", "-w", "--stdin"], input: Array(line.utf8))
      let tree = try store.git(["mktree"], input: Array("100644 blob \(blob)\tset\n".utf8))
      let message = "set \(name)\n\nWeave-Set: \(name)\n"
      try store.git("update-ref", reference, store.git(["commit-tree", tree], input: Array(message.utf8)))
    }
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(pull.stderr.contains(reference), "\(pull.stderr)")
    let exported = try lab.run(["export", name, "--format", "vcs", "--machine", "toto"])
    #expect(!exported.stdout.contains("is a set") && !exported.stderr.contains("is a set"), "\(exported)")
    #expect(try lab.run(["set", "list"]).stderr.contains("is passed over"))
  }

  @Test("a join of locks that holds what no lock may is refused by the pull, and the rest is taken")
  func pulledJoin() throws {
    let (lab, hub, bob) = try Self.sharedLab()
    try lab.revoke("telperion@v1", because: "it loops")
    try lab.weave("push")
    let reference = "refs/weave/public/locks/emerald-city"
    let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array("garbage, not lines".utf8))
    let tree = try hub.git(["mktree"], input: Array("100644 blob \(blob)\ttoto\n".utf8))
    let message = Array("lock emerald-city\n\nWeave-Lock: emerald-city\n".utf8)
    let side = try hub.git(["commit-tree", "\(reference)^{tree}", "-p", reference], input: message)
    let join = try hub.git(["commit-tree", tree, "-p", reference, "-p", side], input: Array("join\n".utf8))
    try hub.git("update-ref", reference, join)
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(pull.stderr.contains("\(reference) is refused"), "\(pull.stderr)")
    #expect(try bob.run("check", "telperion@v1").status == 5)
  }

  @Test("a manifest with a file where a directory belongs is refused by the pull, and a stored one gives way")
  func misplacedFile() throws {
    let (lab, hub, bob) = try Self.sharedLab()
    let file = ["holds": "x", "acknowledgements": "x"]
    try Self.manifest(file, in: hub)
    #expect(try bob.run("pull").status == 0)
    try Self.manifest(file, in: lab.store)
    #expect(try lab.run(["fsck"]).stdout.contains("holds in the public manifest is a file"))
    try lab.weave("hold", "toto", "telperion@v1", "-m", "a disk")
    #expect(try lab.run(["fsck"]).stdout.contains("acknowledgements in the public manifest is a file"))
  }

  @Test("a manifest that was none in one commit of its past keeps nothing from being pushed to a new remote")
  func damagedPast() throws {
    let (lab, hub, bob) = try Self.sharedLab()
    let reference = "refs/weave/public/manifest"
    let good = try #require(hub.resolve(reference))
    try Self.manifest(["store": "no store at all\n"], in: hub)
    try hub.git(
      "update-ref", reference, hub.git("commit-tree", "\(good)^{tree}", "-p", reference, "-m", "as before"))
    try bob.weave("pull")
    let secret = try lab.makeSource("diary", ["one"], tags: ["v1"])
    try bob.weave("project", "add", "diary", secret.path, "--private")
    let other = try TestRepository.create(at: lab.directory.path + "/other.git", bare: true)
    try bob.weave("remote", "add", "other", other.path)
    try bob.weave("push", "other")
    #expect(other.resolve(reference) != nil)
  }

  @Test("a manifest that says so makes no pull write into a checkout")
  func notes() throws {
    let (lab, hub, bob) = try Self.sharedLab()
    try bob.weave("project", "checkout", "telperion")
    try Self.manifest(
      ["projects/telperion": "source \(lab.source("telperion").path)\nnotes true\n"], in: hub)
    try bob.weave("pull")
    let checkout = TestRepository(at: "\(bob.workspace)/telperion")
    #expect(checkout.resolve("refs/notes/weave") == nil)
    try bob.weave("project", "set", "telperion", "notes", "true")
    #expect(checkout.resolve("refs/notes/weave") != nil)
  }

  @Test("a project's entry of many megabytes is refused by the pull, and where it stands counts for nothing")
  func hugeEntry() throws {
    let (lab, hub, bob) = try Self.sharedLab()
    let huge = ["projects/zz": "source /x/y\n" + String(repeating: "x\n", count: 4_000_000)]
    try Self.manifest(huge, in: hub)
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(pull.stderr.utf8.count < 2_000, "\(pull.stderr.prefix(2_000))")
    try Self.manifest(huge, in: lab.store)
    #expect(try lab.run(["fsck"]).stdout.contains("projects/zz"))
    #expect(try lab.run(["resolve"]).status == 0)
  }

  private static let people = [
    "author A <a@b> 1 zz\ncommitter A <a@b> 1 +0000\n", "committer A <a@b> 1 +0000\n",
    "author A <a@b> 99999999999999999999 +0000\ncommitter A <a@b> 1 +0000\n",
  ]

  @Test(
    "a commit that Git's own check refuses keeps nothing else of a hub from arriving, and nothing from being sent",
    arguments: people)
  func uncheckedCommit(people: String) throws {
    let (lab, hub, bob) = try Self.sharedLab()
    try lab.revoke("telperion@v1", because: "it loops")
    try lab.weave("push")
    let id = try hub.git(
      ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
      input: Array("tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\(people)\nx\n".utf8))
    try hub.git("update-ref", "refs/weave/public/ledger/eve-00000001", id)
    let pull = try bob.run("pull")
    #expect(pull.status == 1)
    #expect(pull.stderr.contains("refs/weave/public/ledger/eve-00000001"), "\(pull.stderr)")
    #expect(try bob.run("check", "telperion@v1").status == 5)
    try bob.weave("link", "telperion@v2", "laurelin@v2")
    let push = try bob.run("push")
    #expect(
      push.stderr.contains("refs/weave/public/ledger/eve-00000001") || push.status == 0, "\(push.stderr)")
    #expect(hub.resolve(try bob.ledger()) == TestRepository(at: bob.store.path).resolve(try bob.ledger()))
    let clone = "\(lab.directory.path)/faramir"
    #expect(try lab.run(["clone", hub.path, clone]).status == 1)
    #expect(
      TestRepository(at: "\(clone)/.weave/.git").resolve(try lab.ledger()) == hub.resolve(try lab.ledger()))
  }

  @Test("three hundred projects whose entries are one blob of many lines keep no reader busy")
  func sharedEntry() throws {
    let (lab, _, _) = try Self.sharedLab()
    let entry = "source /x/y\n" + String(repeating: "x\n", count: 900)
    try Self.manifest(
      Dictionary(uniqueKeysWithValues: (0..<300).map { ("projects/q\($0)", entry) }), in: lab.store)
    #expect(try lab.weave("project", "list").split(separator: "\n").count > 300)
    try Self.manifest(["projects/q0": entry + String(repeating: "x\n", count: 200)], in: lab.store)
    #expect(try lab.run(["fsck"]).stdout.contains("projects/q0"))
  }
}
