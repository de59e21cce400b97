import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What adoption leaves out", .inProcess)
struct AdoptLeftOutTests {
  private let lab: Lab

  init() throws {
    lab = try Lab()
    _ = try lab.makeSource("telperion")
    try lab.checkout("telperion")
  }

  @Test(
    "a source that is gone is named with the checkout that has it, and stops no other",
    arguments: ["init", "adopt"])
  func goneSource(command: String) throws {
    if command == "adopt" { try lab.weave("init", "--no-adopt") }
    let broken = try TestRepository.create(at: "\(lab.workspace)/broken")
    try broken.commit("one")
    try broken.git("remote", "add", "origin", "/gone/away")
    let result = try lab.run(command, "--yes")
    #expect(result.status == 1)
    #expect(result.stderr.contains("no repository is at /gone/away"), "\(result.stderr)")
    #expect(result.stderr.contains("broken is left out"))
    #expect(try lab.weave("project", "list").contains("telperion"))
    #expect(try lab.fetched("telperion", "HEAD") == lab.id("telperion@main"))
    // It counts as finished.
    try lab.check()
    #expect(try !lab.run("status").stderr.contains("cut off"))
  }

  @Test("of a file that has many names, by links, one is read")
  func links() throws {
    let text = "manifest:\n  projects:\n    - {name: x, url: 'ext::sh', revision: main}\n"
    try lab.directory.write(text, to: "workspace/telperion/x.west.yml")
    let folder = "\(lab.workspace)/telperion"
    try FileManager.default.moveItem(atPath: "\(folder)/x.west.yml", toPath: "\(folder)/west.yml")
    for number in 0..<3 {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/a\(number).repos", withDestinationPath: "west.yml")
    }
    try FileManager.default.linkItem(atPath: "\(folder)/west.yml", toPath: "\(folder)/y.repos")
    let result = try lab.run("init")
    let told = result.stderr.split(separator: "\n").filter { $0.contains("telperion/") }
    #expect(told.count == 1 && told[0].contains("west.yml"), "\(result.stderr)")
  }

  @Test("manifests of more than 32 MiB together are left out, and named")
  func size() throws {
    let comments = String(repeating: String(repeating: "#", count: 99) + "\n", count: 70_000)
    for number in 0..<7 {
      try lab.directory.write("repositories: {}\n\(comments)", to: "workspace/telperion/x\(number).repos")
    }
    let result = try lab.run("init")
    #expect(result.stderr.contains("x6.repos cannot be read: 32 MiB of manifests"), "\(result.stderr)")
    #expect(!result.stderr.contains("x0.repos"), "\(result.stderr)")
  }
}
