import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// To Swift's String a composed and a decomposed character are one, to Git two.
@Suite("Paths and sources that differ in their bytes alone", .inProcess, .enabled(if: tellsSpellingsApart))
struct SpelledPathTests {
  private static let names = ["J\u{E9}", "Je\u{301}"]

  @Test("are two checkouts to adopt")
  func adopted() throws {
    try Lab.withStore { lab in
      for (number, name) in Self.names.enumerated() {
        let repository = try TestRepository.create(at: lab.workspace + "/" + name)
        try repository.commit("of \(number)")
      }
      try lab.weave("adopt", "--yes")
      #expect(try lab.weave("project", "list").split(separator: "\n").count == 3)
    }
  }

  @Test("are two files that a history pins by, and two gitlinks")
  func pinned() throws {
    let lab = try Lab.threeProjects()
    let source = lab.source("narya")
    let pins = ["telperion@v1", "laurelin@v1"]
    try source.write(
      "[submodule \"a\"]\npath = \(Self.names[0])\nurl = \(lab.source("telperion").path)\n"
        + "[submodule \"b\"]\npath = \(Self.names[1])\nurl = \(lab.source("laurelin").path)\n",
      to: ".gitmodules")
    try source.git("add", ".gitmodules")
    for (name, pin) in zip(Self.names, pins) {
      try source.git(
        "-c", "core.precomposeUnicode=false", "update-index", "--add", "--cacheinfo",
        "160000,\(lab.id(pin)),\(name)")
    }
    try source.git("commit", "--quiet", "-m", "pins")
    try lab.weave("fetch")
    try lab.weave("harvest", "narya")
    let links = try lab.weave("log")
    #expect(links.contains("telperion@\(try lab.short("telperion@v1"))"), "\(links)")
    #expect(links.contains("laurelin@\(try lab.short("laurelin@v1"))"), "\(links)")
  }

  @Test("are two entries of a manifest, which another change keeps")
  func entries() throws {
    let lab = try Lab.threeProjects()
    let text = "constellation: x\nprojects: {}\n"
    for folder in ["constellations", "newer"] {
      for name in Self.names { try lab.manifestEntryByHand(text, in: folder, as: name) }
    }
    try lab.weave("project", "remove", "narya")
    let tree = try lab.store.git(
      "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "-z", "refs/weave/public/manifest")
    let paths = tree.split(separator: "\0").map { Array($0.utf8) }
    for folder in ["constellations", "newer"] {
      for name in Self.names { #expect(paths.contains(Array("\(folder)/\(name)".utf8)), "\(folder) \(name)") }
    }
  }
}

private let tellsSpellingsApart: Bool = {
  #if os(Linux)
    true
  #else
    false
  #endif
}()
