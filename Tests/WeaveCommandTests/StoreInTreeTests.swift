import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A branch with a file in the store's place", .inProcess)
struct StoreInTreeTests {
  /// A lab whose workspace is a checkout of telperion, or a directory of one, with telperion's source.
  private func lab(within folder: String) throws -> (lab: Lab, source: TestRepository, store: String) {
    let lab = try Lab()
    let source = try lab.makeSource("telperion").repository
    try TestRepository(at: lab.directory.path).git("clone", "--quiet", source.path, lab.workspace)
    let workspace = lab.workspace + folder
    try lab.directory.write("", to: "workspace\(folder)/here")
    try lab.weave("init", "--no-adopt", ".", in: workspace)
    try lab.weave("project", "add", "telperion", source.path, in: workspace)
    return (lab, source, "\(folder)/.weave".drop { $0 == "/" }.description)
  }

  @Test(
    "is warned of when it is fetched, wherever in the checkout the workspace is", arguments: ["", "/lab"])
  func warned(folder: String) throws {
    let (lab, source, store) = try lab(within: folder)
    let workspace = lab.workspace + folder
    #expect(try !lab.run("fetch", in: workspace).stderr.contains(".weave"))
    try source.git("checkout", "--quiet", "-b", "bad")
    try source.write("x", to: store)
    try source.git("add", "--force", store)
    try source.git("commit", "--quiet", "-m", "bad")
    // A tree that weave does not read takes no warning away.
    let file = try source.git("rev-parse", "bad:\(store)").bytesOfID
    let odd = try source.git(
      ["hash-object", "-t", "tree", "-w", "--stdin", "--literally"], input: Array("00100644 f\0".utf8) + file)
    try source.git("branch", "a", source.git("commit-tree", "-p", "main", odd, "-m", "odd"))
    let fetch = try lab.run("fetch", in: workspace)
    #expect(fetch.stderr.contains("bad of telperion has a file or directory \(store)"), "\(fetch.stderr)")
    #expect(!fetch.stderr.contains("is not known"), "\(fetch.stderr)")
    let tree = try source.git("rev-parse", "bad^{tree}")
    try FileManager.default.removeItem(
      atPath: "\(workspace)/.weave/.git/objects/\(tree.prefix(2))/\(tree.dropFirst(2))")
    let again = try lab.run("fetch", in: workspace)
    #expect(
      again.stderr.contains(
        "whether bad of telperion would take the store's place, at \(store), is not known"),
      "\(again.stderr)")
  }

  /// Which of what encloses the workspace is a checkout of telperion's.
  enum Enclosing: String, CaseIterable { case outermost, secondRemote, link, recorded }

  @Test(arguments: Enclosing.allCases)
  func `is warned of in whatever checkout of the project is around the workspace`(enclosing: Enclosing) throws
  {
    let lab = try Lab()
    let source = try lab.makeSource("telperion").repository
    let outer = lab.directory.appending("outer")
    try TestRepository(at: lab.directory.path).git("clone", "--quiet", source.path, outer)
    var workspace = outer + "/lab"
    let store = enclosing == .outermost ? "mid/lab/.weave" : "lab/.weave"
    switch enclosing {
    case .outermost:
      workspace = outer + "/mid/lab"
      try TestRepository(at: lab.directory.path).git("init", "--quiet", outer + "/mid")
    case .secondRemote:
      try TestRepository(at: outer).git("remote", "rename", "origin", "upstream")
      try TestRepository(at: outer).git("remote", "add", "origin", "https://git.example.org/fork")
    case .recorded: try TestRepository(at: outer).git("remote", "remove", "origin")
    case .link: break
    }
    try FileManager.default.createDirectory(atPath: workspace, withIntermediateDirectories: true)
    if enclosing == .link {
      try FileManager.default.createSymbolicLink(
        atPath: lab.directory.appending("link"), withDestinationPath: workspace)
      workspace = lab.directory.appending("link")
    }
    try lab.weave("init", "--no-adopt", ".", in: workspace)
    try lab.weave("project", "add", "telperion", source.path, in: workspace)
    if enclosing == .recorded {
      try TestRepository(at: workspace + "/.weave/.git").git("config", "weave.telperion.checkout", "..")
    }
    try source.git("checkout", "--quiet", "-b", "bad")
    try source.write("x", to: store)
    try source.git("add", "--force", store)
    try source.git("commit", "--quiet", "-m", "bad")
    let fetch = try lab.run("fetch", in: workspace)
    #expect(fetch.stderr.contains("bad of telperion has a file or directory \(store)"), "\(fetch.stderr)")
  }

  @Test func `is not known of a checkout around that cannot be read, which is told`() throws {
    let (lab, _, _) = try lab(within: "/lab")
    try Data("[core]\n\trepositoryformatversion = 7\n".utf8).write(
      to: URL(filePath: lab.workspace + "/.git/config"))
    let fetch = try lab.run("fetch", in: lab.workspace + "/lab")
    #expect(
      fetch.stderr.contains("checked out in \(lab.workspace) would take the store's place"), "\(fetch.stderr)"
    )
  }
}

extension String {
  /// The bytes of an id in hexadecimal.
  fileprivate var bytesOfID: [UInt8] {
    let digits = Array(utf8)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
  }
}
