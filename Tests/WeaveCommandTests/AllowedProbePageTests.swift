import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("The page on the store's format, of allowed probes", .inProcess)
struct AllowedProbePageTests {
  private static let page = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Docs/formats/store.md")

  /// The probes of the section's examples, each with the text whose id it is allowed by.
  private func examples() throws -> [(probe: String, text: String)] {
    let page = try String(contentsOf: Self.page, encoding: .utf8)
    let section = try #require(page.split(separator: "\n## 16. Allowed probes\n").dropFirst().first)
    let blocks = section.split(separator: "```\n", omittingEmptySubsequences: false)
    return try stride(from: 0, to: blocks.count - 1, by: 2).map { index in
      let probe = try #require(blocks[index].firstMatch(of: /`(\{ (?:command|ssh):[^`]*\})`/))
      return (String(probe.1), String(blocks[index + 1]))
    }
  }

  @Test("each example's id is what --allow stores")
  func examplesHold() throws {
    let examples = try examples()
    #expect(examples.count == 2)
    for (probe, text) in examples {
      let lab = try Lab.threeProjects()
      for program in ["ask", "ssh"] {
        try lab.directory.write("#!/bin/sh\nexit 1\n", to: "bin/\(program)", executable: true)
      }
      let path = lab.environment.variables["PATH"] ?? ""
      let environment = lab.environment.with(["PATH": "\(lab.directory.path)/bin:\(path)"])
      try lab.constellation(Constellations.emeraldCity + "\nprobe: \(probe)\n")
      let result = try lab.run("probe", "--allow", environment: environment)
      let id = try lab.store.git(["hash-object", "--stdin"], input: Array(text.utf8))
      #expect(try lab.store.git("config", "weave.probe") == id, "\(probe): \(result.stderr)")
    }
  }
}
