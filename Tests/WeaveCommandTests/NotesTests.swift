import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Notes for stock Git", .inProcess)
struct NotesTests {
  private func notes(_ repository: TestRepository, _ revision: String) throws -> String {
    try repository.git("log", "-1", "--notes=weave", "--format=%N", revision)
  }

  /// A checkout of telperion that asked for notes.
  private func checkoutWithNotes(_ lab: Lab) throws -> TestRepository {
    let checkout = try lab.checkout("telperion")
    try lab.weave("project", "set", "telperion", "notes", "true")
    return checkout
  }

  @Test("in a checkout that asked, git log shows a link, and after a revocation that it is revoked")
  func linkThenRevoke() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let checkout = try checkoutWithNotes(lab)
      let link = try lab.weave("link", "telperion@v1", "laurelin@main")
      let linked = try notes(checkout, telperion.one)
      #expect(linked.contains("linked laurelin@\(laurelin.two.prefix(7)) (\(link.prefix(7)))"))
      try lab.weave("revoke", link, "-m", "DNS loops")
      let revoked = try notes(checkout, telperion.one)
      #expect(revoked.contains("revoked"))
      #expect(revoked.contains("DNS loops"))
      #expect(!revoked.contains("linked laurelin@\(laurelin.two.prefix(7)) (\(link.prefix(7)))\n"))
    }
  }

  @Test("after a reinstatement the note shows the link again")
  func reinstated() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try checkoutWithNotes(lab)
      try lab.weave("link", "telperion@v1", "laurelin@main")
      let before = try notes(checkout, telperion.one)
      let revocation = try lab.weave("revoke", "telperion@v1", "laurelin@main", "-m", "bad")
      try lab.weave("reinstate", revocation, "-m", "good")
      #expect(try notes(checkout, telperion.one) == before)
    }
  }

  @Test("asking for notes brings those of the links that are there already")
  func askLater() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout("telperion")
      let link = try lab.weave("link", "telperion@v1", "laurelin@main")
      #expect(checkout.resolve("refs/notes/weave") == nil)
      try lab.weave("project", "set", "telperion", "notes", "true")
      #expect(try notes(checkout, telperion.one).contains(link.prefix(7)))
    }
  }

  @Test("a checkout that did not ask is not written to")
  func notAsked() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let asked = try lab.checkout("telperion")
      let silent = try lab.checkout("laurelin")
      try lab.weave("project", "set", "telperion", "notes", "true")
      let before = try silent.refs()
      try lab.weave("link", "telperion@v1", "laurelin@main")
      #expect(try silent.refs() == before)
      #expect(asked.resolve("refs/notes/weave") != nil)
    }
  }

  @Test("a checkout's notes are on commits of its own project only")
  func ownOnly() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let checkout = try checkoutWithNotes(lab)
      try lab.weave("link", "telperion@v1", "laurelin@main")
      let annotated = try checkout.git("notes", "--ref=weave", "list")
      #expect(annotated.contains(telperion.one))
      #expect(!annotated.contains(laurelin.two))
      try checkout.git("fsck", "--strict")
    }
  }

  @Test("the store's notes are fanned out, in one commit without parents")
  func fannedOut() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      try lab.weave("link", "telperion@v1", "laurelin@main")
      #expect(try lab.store.git("rev-list", "--count", "refs/notes/weave") == "1")
      let names = try lab.store.git("ls-tree", "-r", "--name-only", "refs/notes/weave").split(separator: "\n")
      let wanted = [telperion.one, laurelin.one, laurelin.two].sorted()
      #expect(names.map { String($0).replacing("/", with: "") } == wanted)
      #expect(names.allSatisfy { $0.split(separator: "/").map(\.count) == [2, 38] })
    }
  }
}
