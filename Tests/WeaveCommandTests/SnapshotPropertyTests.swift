import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("link --snapshot: any working tree", .inProcess)
struct SnapshotPropertyTests {
  @Test(
    "the snapshot's tree is that of `git add --all` in a copy, and the checkout stays as it was",
    arguments: 1...6 as ClosedRange<UInt64>)
  func anyTree(seed: UInt64) throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      var random = SeededGenerator(seed: seed)
      for round in 0..<6 {
        for _ in 0..<Int.random(in: 1...6, using: &random) { try change(telperion, using: &random) }
        let (wanted, before) = (try telperion.treeOfCopy(), try telperion.everything())
        try lab.weave("link", "--snapshot", "-m", "round \(round)")
        let snapshot = try lab.linked("telperion")
        #expect(try lab.store.git("rev-parse", "\(snapshot)^{tree}") == wanted, "round \(round)")
        #expect(try telperion.everything() == before, "round \(round)")
        let head = try telperion.head()
        let isHead = try telperion.git("rev-parse", "HEAD^{tree}") == wanted
        #expect(try isHead ? snapshot == head : lab.store.git("rev-parse", "\(snapshot)^@") == head)
      }
      try lab.check()
    }
  }

  /// One thing that a person may do in a working tree.
  private func change(_ checkout: TestRepository, using random: inout SeededGenerator) throws {
    let names = ["file", "a", "b/c", "b/d/e", "with space", "ünï/code", "-dash", "a.ignored", "b/x.ignored"]
    let name = names.randomElement(using: &random) ?? "file"
    let path = "\(checkout.path)/\(name)"
    func isDirectory() -> Bool {
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
    switch Int.random(in: 0..<9, using: &random) {
    case 0...2:
      try? FileManager.default.removeItem(atPath: path)
      try checkout.write("\(UInt8.random(in: 0...9, using: &random))\n", to: name)
    case 3: try? FileManager.default.removeItem(atPath: path)
    case 4:
      try? FileManager.default.removeItem(atPath: path)
      try? FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "file")
    case 5 where FileManager.default.fileExists(atPath: path) && !isDirectory():
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    case 6: try checkout.write("*.ignored\n", to: ".gitignore")
    case 7: try checkout.git("add", "--all")
    case 8: _ = try checkout.commit("a commit", file: "committed")
    default: _ = try? checkout.git("rm", "--quiet", "--cached", "-r", "--ignore-unmatch", "--", name)
    }
  }
}
