import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Fsck", .inProcess)
struct FsckTests {
  static let empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

  /// Appends a commit to the ledger by hand.
  private func append(_ message: String, to lab: Lab, tree: String = empty, configuration: [String] = [])
    throws -> String
  {
    let ledger = try lab.ledger()
    let id = try lab.store.git(
      configuration + ["commit-tree", tree, "-p", ledger], input: Array(message.utf8))
    try lab.store.git("update-ref", ledger, id)
    return id
  }

  /// A well-formed link's message, line by line.
  private func lines(_ lab: Lab, _ telperion: Source, _ laurelin: Source) throws -> [String] {
    [
      "link by hand", "", "Weave-Event: link",
      "Weave-Ledger: \(try lab.storeID())/\(try lab.writer())",
      "Weave-Member: laurelin \(laurelin.two)", "Weave-Member: telperion \(telperion.two)", "",
    ]
  }

  enum Breakage: String, CaseIterable {
    case noTrailers, unknownKey, lowerCaseKey, folded, shortID, upperCaseID, oneMember, twoOfOneProject,
      unsorted, otherStore, otherWriter, noLedger, twoEvents, unknownEvent, carriageReturn, divider, scissors,
      noEmptyLine, trailingEmptyLine, noSpace, encodingHeader

    func apply(_ lines: [String]) -> String {
      var lines = lines
      switch self {
      case .noTrailers: lines = ["link by hand", ""]
      case .unknownKey: lines.insert("Weave-Colour: red", at: 6)
      case .lowerCaseKey: lines[2] = "weave-event: link"
      case .folded: lines.insert("  folded", at: 6)
      case .shortID: lines[4] = String(lines[4].dropLast())
      case .upperCaseID: lines[4] = "Weave-Member: laurelin " + lines[4].dropFirst(23).uppercased() + "A"
      case .oneMember: lines.remove(at: 4)
      case .twoOfOneProject: lines[5] = lines[4]
      case .unsorted: lines.swapAt(4, 5)
      case .otherStore:
        lines[3] = "Weave-Ledger: \(String(repeating: "0", count: 32))/" + lines[3].split(separator: "/")[1]
      case .otherWriter: lines[3] += "x"
      case .noLedger: lines.remove(at: 3)
      case .twoEvents: lines.insert("Weave-Event: link", at: 2)
      case .unknownEvent: lines[2] = "Weave-Event: frobnicate"
      case .carriageReturn: lines[2] += "\r"
      case .divider: lines.insert(contentsOf: ["---", ""], at: 2)
      case .scissors: lines.insert(contentsOf: ["# ---- >8 ----", ""], at: 2)
      case .noEmptyLine: lines.remove(at: 1)
      case .trailingEmptyLine: lines.append("")
      case .noSpace: lines[4] = "Weave-Member:laurelin" + lines[4].dropFirst(22)
      case .encodingHeader: lines[0] = "link by hand"
      }
      return lines.joined(separator: "\n")
    }
  }

  @Test("an event by hand that follows the format counts")
  func byHand() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let id = try append(lines(lab, telperion, laurelin).joined(separator: "\n"), to: lab)
      #expect(try lab.weave("links", "--live").contains(id.prefix(7)))
      // The commits were not put into the keep chains: fsck --repair does so.
      try lab.weave("fsck", "--repair")
    }
  }

  @Test(
    "a ledger commit by hand with broken trailers is reported by fsck and stops no command",
    arguments: Breakage.allCases)
  func broken(breakage: Breakage) throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, telperion, laurelin throws in
      let good = try lab.weave("link", "telperion@v1", "laurelin@v1")
      let bad = try append(
        breakage.apply(lines(lab, telperion, laurelin)), to: lab,
        configuration: breakage == .encodingHeader ? ["-c", "i18n.commitEncoding=ISO-8859-1"] : [])
      let check = try lab.run("fsck")
      #expect(check.status == 1)
      #expect((check.stdout + check.stderr).contains(bad.prefix(7)))
      #expect(try lab.weave("links").split(separator: "\n").count == 1)
      #expect(try lab.weave("log").contains(good.prefix(7)))
      // What could be a newer weave's is shown, and counts for nothing.
      let isNewer = [.unknownKey, .unknownEvent].contains(breakage)
      #expect(try lab.run("show", bad).status == (isNewer ? 0 : 1))
      let next = try lab.weave("link", "telperion@v1", "laurelin@main")
      #expect(try lab.store.git("rev-parse", "\(next)^") == bad)
      try lab.weave("fetch")
    }
  }

  @Test("a ledger commit with another tree gives no event, and hides none of those before it")
  func otherTree() throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, telperion, laurelin throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let bad = try append(
        lines(lab, telperion, laurelin).joined(separator: "\n"), to: lab,
        tree: lab.store.git("rev-parse", "\(telperion.one)^{tree}"))
      let check = try lab.run("fsck")
      #expect(check.status == 1)
      #expect((check.stdout + check.stderr).contains(bad.prefix(7)))
      #expect(try lab.weave("links").split(separator: "\n").count == 1)
    }
  }

  @Test("a zero-length ref is named by fsck", arguments: ["ledger", "keep", "manifest", "branch"])
  func zeroLength(kind: String) throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let ref =
        switch kind {
        case "ledger": try lab.ledger()
        case "keep": "refs/weave-local/keep/telperion"
        case "manifest": "refs/weave/public/manifest"
        default: "refs/namespaces/telperion/refs/heads/main"
        }
      try Data().write(to: URL(fileURLWithPath: "\(lab.store.path)/\(ref)"))
      let check = try lab.run("fsck")
      #expect(check.status == 1)
      #expect((check.stdout + check.stderr).contains(ref))
    }
  }

  @Test(
    "fsck --repair rebuilds a zero-length ref that is derived",
    arguments: ["refs/weave-local/keep/telperion", "refs/notes/weave"])
  func zeroLengthRepaired(ref: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      try Data().write(to: URL(fileURLWithPath: "\(lab.store.path)/\(ref)"))
      let repair = try lab.run("fsck", "--repair")
      #expect(repair.status == 0, "\(repair.stderr)")
      #expect(lab.store.resolve(ref) != nil)
      try lab.weave("link", "telperion@main", "laurelin@v1")
    }
  }

  @Test("notes that were deleted are reported, and --repair makes the same again")
  func notes() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let tree = try lab.store.git("rev-parse", "refs/notes/weave^{tree}")
      try lab.store.git("update-ref", "-d", "refs/notes/weave")
      #expect(try lab.run("fsck").stderr.contains("notes") || lab.run("fsck").stdout.contains("notes"))
      try lab.weave("fsck", "--repair")
      #expect(try lab.store.git("rev-parse", "refs/notes/weave^{tree}") == tree)
    }
  }

  @Test("a keep chain that was deleted is an error, and --repair makes it again")
  func keepChain() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("link", "telperion@main", "laurelin@v1")
      try lab.store.git("update-ref", "-d", "refs/weave-local/keep/telperion")
      let check = try lab.run("fsck")
      #expect(check.status == 1)
      #expect((check.stdout + check.stderr).contains("telperion"))
      try lab.weave("fsck", "--repair")
      try telperion.forcePush()
      try lab.weave("fetch")
      try lab.collectGarbage()
      #expect(try lab.holds(telperion.two))
    }
  }

  @Test("a member that is not in the store is reported as not fetched, and stops no command")
  func missingMember() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      var text = try lines(lab, telperion, laurelin)
      let absent = String(repeating: "a", count: 40)
      text[5] = "Weave-Member: telperion \(absent)"
      _ = try append(text.joined(separator: "\n"), to: lab)
      let check = try lab.run("fsck", "--repair")
      #expect((check.stdout + check.stderr).contains("aaaaaaa"))
      #expect(try lab.weave("links").split(separator: "\n").count == 2)
    }
  }
}
