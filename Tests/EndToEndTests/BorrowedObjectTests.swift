import Foundation
import TestSupport
import Testing

@Suite("A source that finds objects elsewhere")
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
    case alternate, quoted, relative, overAnother, linkedFolders, linkedDirectory
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

  @Test("is refused where it names so much that not all is looked at", arguments: [true, false])
  func unbounded(isLong: Bool) throws {
    let (lab, secret) = try Self.lab()
    let git = lab.source("telperion").path + "/.git"
    let others = try (0..<(isLong ? 0 : 1_001)).map { number in
      let path = lab.directory.appending("other/\(number)")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      return path + "\n"
    }
    let text = isLong ? "#" + String(repeating: "x", count: 1 << 20) + "\n" : others.joined()
    try Self.borrow(lab.source("vault").path + "/.git/objects", by: .alternate, secret, in: lab)
    let alternates = URL(fileURLWithPath: git + "/objects/info/alternates")
    try Data((text + String(contentsOf: alternates, encoding: .utf8)).utf8).write(to: alternates)
    let fetch = try lab.run("fetch")
    #expect(fetch.status == 1 && fetch.stderr.contains("more than"), "\(fetch.stderr)")
    #expect(lab.fetched("telperion", "refs/heads/borrowed") == nil)
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
