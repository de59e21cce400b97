import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A branch with a name for which there can be no file here", .inProcess)
struct LongRefTests {
  /// A part that is too long for a file, a path that is, and one of more parts than are taken.
  private static let names = [
    String(repeating: "y", count: 252),
    Array(repeating: String(repeating: "y", count: 200), count: 20).joined(separator: "/"),
    "yyyy/" + Array(repeating: "y", count: 70).joined(separator: "/"),
  ]

  /// As a server has it that keeps no refs as files, or has a shorter path.
  private static func push(_ name: String, to source: TestRepository) throws {
    let file = URL(fileURLWithPath: source.path + "/.git/packed-refs")
    try source.git("pack-refs", "--all")
    let packed = try String(contentsOf: file, encoding: .utf8)
    let lines = packed.split(separator: "\n").map(String.init)
    let sorted = (lines.filter { !$0.hasPrefix("#") } + ["\(try source.head()) refs/heads/\(name)"])
    // A header that says so would have them in order.
    try Data((sorted.joined(separator: "\n") + "\n").utf8).write(to: file)
  }

  @Test("is left out and told, and the fetch of all the rest is one", arguments: names, [false, true])
  func leftOut(name: String, isApart: Bool) throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      if isApart {
        let vault = try lab.makeSource("vault")
        try lab.weave("project", "add", "vault", vault.repository.path, "--private")
      }
      let new = try telperion.repository.commit("new")
      try Self.push(name, to: telperion.repository)
      for _ in 0..<2 {
        let fetch = try lab.run("fetch")
        #expect(fetch.status == 0, "\(fetch.stderr)")
        #expect(fetch.stderr.contains("warning: refs/heads/yyyy") && fetch.stderr.contains("left out"))
        #expect(!fetch.stderr.contains(name), "\(fetch.stderr)")
      }
      #expect(lab.fetched("telperion", "refs/heads/main") == new)
      #expect(try lab.run("fetch").stderr.contains("telperion \(new.prefix(7)) (nothing new)"))
      try lab.check()
    }
  }

  @Test("is no HEAD")
  func head() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try Self.push(Self.names[0], to: telperion.repository)
      try Data("ref: refs/heads/\(Self.names[0])\n".utf8)
        .write(to: URL(fileURLWithPath: telperion.repository.path + "/.git/HEAD"))
      let fetch = try lab.run("fetch")
      #expect(fetch.status == 0 && fetch.stderr.contains("left out"), "\(fetch.stderr)")
      try lab.weave("link", "telperion@main", "laurelin@main")
      try lab.check()
    }
  }
}
