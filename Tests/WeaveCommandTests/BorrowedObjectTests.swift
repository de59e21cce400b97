import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A source that finds objects elsewhere", .inProcess)
struct BorrowedObjectTests {
  /// A store with the private project `vault`, and `telperion`.
  private static func lab() throws -> (lab: Lab, secret: String) {
    let lab = try Lab()
    try lab.weave("init", "--no-adopt")
    let vault = try lab.makeSource("vault")
    try lab.weave("project", "add", "vault", vault.repository.path, "--private")
    try lab.addProject("telperion")
    try lab.weave("fetch")
    return (lab, try vault.repository.commit("secret"))
  }

  enum Way: String, CaseIterable {
    case alternate, quoted, relative, overAnother, behindManyOthers, behindMuch
    case linkedFolders, linkedDirectory, linkedObjects
  }

  /// Has the source of telperion find what is in `objects`, and gives it the commit as a branch.
  private static func borrow(_ objects: String, by way: Way, _ secret: String, in lab: Lab) throws {
    let git = lab.source("telperion").path + "/.git"
    let files = FileManager.default
    func write(_ text: String, to path: String) throws {
      try files.createDirectory(
        atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true
      )
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
    let alternates = git + "/objects/info/alternates"
    switch way {
    case .alternate: try write("# one\n\(objects)\n", to: alternates)
    case .quoted: try write("\"\(objects.replacing("objects", with: "obj\\145cts"))\"\n", to: alternates)
    case .relative:
      let up = String(repeating: "../", count: (git + "/objects").split(separator: "/").count)
      try write(up + objects.dropFirst() + "\n", to: alternates)
    case .overAnother:
      let other = lab.directory.appending("other")
      try write(objects + "\n", to: other + "/info/alternates")
      try write(other + "\n", to: alternates)
    case .behindManyOthers:
      let others = try (0..<1_001).map { number in
        let path = lab.directory.appending("other/\(number)")
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path + "\n"
      }
      try write(others.joined() + objects + "\n", to: alternates)
    case .behindMuch:
      try write("#" + String(repeating: "x", count: 1 << 20) + "\n\(objects)\n", to: alternates)
    case .linkedObjects:
      for folder in try files.contentsOfDirectory(atPath: objects) where folder.utf8.count == 2 {
        try files.createDirectory(atPath: "\(git)/objects/\(folder)", withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: "\(objects)/\(folder)") {
          try? files.createSymbolicLink(
            atPath: "\(git)/objects/\(folder)/\(name)",
            withDestinationPath: "\(objects)/\(folder)/\(name)")
        }
      }
    case .linkedFolders:
      for name in try files.contentsOfDirectory(atPath: objects) where name != "info" {
        try? files.createSymbolicLink(
          atPath: "\(git)/objects/\(name)", withDestinationPath: "\(objects)/\(name)")
      }
    case .linkedDirectory:
      try files.moveItem(atPath: git + "/objects", toPath: git + "/old")
      try files.createSymbolicLink(atPath: git + "/objects", withDestinationPath: objects)
    }
    try write(secret + "\n", to: git + "/refs/heads/borrowed")
  }

  @Test(
    "is refused where these are the store's or a private project's, and the others are fetched",
    arguments: Way.allCases, [true, false])
  func refused(way: Way, isStore: Bool) throws {
    let (lab, secret) = try Self.lab()
    try lab.weave("fetch", "vault")
    let objects = isStore ? lab.store.path + "/objects" : lab.source("vault").path + "/.git/objects"
    try Self.borrow(objects, by: way, secret, in: lab)
    try lab.addProject("laurelin")
    let fetch = try lab.run("fetch")
    #expect(fetch.status == 1)
    #expect(fetch.stderr.contains(isStore ? "this store" : "the private project vault"), "\(fetch.stderr)")
    #expect(fetch.stderr.contains("cannot fetch telperion"), "\(fetch.stderr)")
    #expect(lab.fetched("telperion", "refs/heads/borrowed") == nil)
    #expect(lab.fetched("laurelin", "refs/heads/main") != nil)
  }

  enum Spelling: String, CaseIterable {
    case host, login, slashes, linkFile, nul
  }

  @Test("is refused however its path is spelled", arguments: Spelling.allCases)
  func spelled(spelling: Spelling) throws {
    let (lab, secret) = try Self.lab()
    try Self.borrow(lab.source("vault").path + "/.git/objects", by: .alternate, secret, in: lab)
    let files = FileManager.default
    let path = lab.source("telperion").path
    let place = lab.directory.appending("place")
    try files.createDirectory(atPath: place, withIntermediateDirectories: true)
    let url: String
    switch spelling {
    case .host: url = "file://localhost\(path)"
    case .login: url = "file://u:p@localhost\(path)"
    case .slashes:
      try files.createSymbolicLink(atPath: place + "/x.git", withDestinationPath: path)
      url = "file://\(place)/x//"
    case .linkFile:
      try Data("gitdir: \(path)/.git\n".utf8).write(to: URL(fileURLWithPath: place + "/x.repo"))
      url = place + "/x.repo"
    case .nul:
      try files.createSymbolicLink(atPath: place + "/x%00", withDestinationPath: path)
      url = "file://\(place)/x%00"
    }
    let listed = try lab.store.git("ls-remote", "--", url)
    #expect(listed.contains("refs/heads/borrowed"), "Git itself: \(listed)")
    try lab.weave("project", "add", "other", url)
    let fetch = try lab.run("fetch", "other")
    #expect(fetch.status == 1)
    #expect(fetch.stderr.contains("the private project vault"), "\(fetch.stderr)")
    #expect(lab.fetched("other", "refs/heads/borrowed") == nil)
  }

  @Test("is refused where a private project's source borrows these itself")
  func chained() throws {
    let lab = try Lab()
    try lab.weave("init", "--no-adopt")
    let base = try lab.makeSource("base")
    let secret = try base.repository.commit("secret")
    let vault = lab.directory.appending("shared")
    try base.repository.git("clone", "--quiet", "--shared", base.repository.path, vault)
    try lab.weave("project", "add", "vault", vault, "--private")
    try lab.addProject("telperion")
    try Self.borrow(base.repository.path + "/.git/objects", by: .alternate, secret, in: lab)
    let fetch = try lab.run("fetch")
    #expect(fetch.status == 1 && fetch.stderr.contains("the private project vault"), "\(fetch.stderr)")
    #expect(lab.fetched("telperion", "refs/heads/borrowed") == nil)
  }

  @Test("is fetched where a private project's source borrows of it")
  func lent() throws {
    let lab = try Lab()
    try lab.weave("init", "--no-adopt")
    try lab.addProject("telperion")
    let vault = lab.directory.appending("shared")
    try lab.store.git("clone", "--quiet", "--shared", lab.source("telperion").path, vault)
    try lab.weave("project", "add", "vault", vault, "--private")
    try lab.weave("fetch")
    #expect(lab.fetched("telperion", "refs/heads/main") != nil)
    #expect(lab.fetched("vault", "refs/heads/main") != nil)
  }

  @Test(
    "is refused where these are of a private remote, or of a private project's checkout",
    arguments: [true, false])
  func otherPlaces(isRemote: Bool) throws {
    let (lab, secret) = try Self.lab()
    try lab.weave("fetch", "vault")
    let objects: String
    if isRemote {
      let hub = lab.directory.appending("hub.git")
      try lab.store.git("clone", "--quiet", "--bare", lab.source("vault").path, hub)
      try lab.weave("remote", "add", "origin", hub, "--private")
      objects = hub + "/objects"
    } else {
      try lab.weave("project", "checkout", "vault")
      objects = lab.workspace + "/vault/.git/objects"
    }
    try Self.borrow(objects, by: .alternate, secret, in: lab)
    let fetch = try lab.run("fetch", "telperion")
    let owner = isRemote ? "the private remote origin" : "the checkout of the private project vault"
    #expect(fetch.status == 1 && fetch.stderr.contains(owner), "\(fetch.stderr)")
    #expect(lab.fetched("telperion", "refs/heads/borrowed") == nil)
  }

  @Test("gives nothing that its index of many packs names elsewhere")
  func multiPackIndex() throws {
    let (lab, secret) = try Self.lab()
    let (vault, telperion) = (lab.source("vault"), lab.source("telperion"))
    for repository in [vault, telperion] { try repository.git("repack", "-a", "-d", "--quiet") }
    // Git has no command for an index with a path in it: a name of the same length is put in the place of another.
    let folder = telperion.path + "/.git/objects/pack"
    let real = try #require(
      FileManager.default.contentsOfDirectory(atPath: vault.path + "/.git/objects/pack")
        .first { $0.hasSuffix(".idx") })
    let path = "../../../../vault/.git/objects/pack/" + real
    let name = "pack-" + String(repeating: "0", count: path.utf8.count - 9) + ".idx"
    let files = FileManager.default
    for ending in ["idx", "pack"] {
      try files.copyItem(
        atPath: vault.path + "/.git/objects/pack/" + real.dropLast(3) + ending,
        toPath: "\(folder)/\(name.dropLast(3))\(ending)")
    }
    try telperion.git("multi-pack-index", "write")
    for ending in ["idx", "pack"] { try files.removeItem(atPath: "\(folder)/\(name.dropLast(3))\(ending)") }
    let index = URL(fileURLWithPath: folder + "/multi-pack-index")
    var bytes = try Data(contentsOf: index)
    let place = try #require(bytes.range(of: Data(name.utf8)))
    bytes.replaceSubrange(place, with: Data(path.utf8))
    try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: index.path)
    try bytes.write(to: index)
    try Data((secret + "\n").utf8).write(
      to: URL(fileURLWithPath: telperion.path + "/.git/refs/heads/borrowed"))
    #expect(telperion.resolve("borrowed^{tree}") != nil, "Git itself finds it")
    let fetch = try lab.run("fetch", "telperion")
    #expect(fetch.status == 1, "\(fetch.stderr)")
    #expect(lab.fetched("telperion", "refs/heads/borrowed") == nil)
  }

  @Test("gives no records where it is a public remote")
  func remote() throws {
    let (lab, _) = try Self.lab()
    let hub = lab.directory.appending("hub.git")
    try lab.store.git("init", "--quiet", "--bare", hub)
    try lab.weave("remote", "add", "origin", hub)
    try lab.weave("push")
    try Data((lab.store.path + "/objects\n").utf8).write(
      to: URL(fileURLWithPath: hub + "/objects/info/alternates"))
    let pull = try lab.run("pull")
    #expect(pull.status == 1 && pull.stderr.contains("this store"), "\(pull.stderr)")
  }

  @Test("is refused where its HEAD is detached at one of these")
  func detached() throws {
    let (lab, secret) = try Self.lab()
    try Self.borrow(lab.source("vault").path + "/.git/objects", by: .alternate, secret, in: lab)
    let git = lab.source("telperion").path + "/.git"
    try FileManager.default.removeItem(atPath: git + "/refs/heads/borrowed")
    try Data((secret + "\n").utf8).write(to: URL(fileURLWithPath: git + "/HEAD"))
    let fetch = try lab.run("fetch")
    #expect(fetch.status == 1 && fetch.stderr.contains("the private project vault"), "\(fetch.stderr)")
    #expect(lab.fetched("telperion", "HEAD") != secret)
  }

  @Test("is fetched where these are of anybody else, as `git clone --shared` makes it")
  func shared() throws {
    let (lab, _) = try Self.lab()
    let base = try lab.makeSource("base")
    let copy = lab.directory.appending("copy")
    try base.repository.git("clone", "--quiet", "--shared", base.repository.path, copy)
    try lab.weave("project", "add", "copy", copy)
    try lab.weave("fetch")
    #expect(try lab.fetched("copy", "refs/heads/main") == base.repository.head())
  }
}
