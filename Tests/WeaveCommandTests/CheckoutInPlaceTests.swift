import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("weave checkout --in-place", .inProcess)
struct CheckoutInPlaceTests {
  @Test("moves the workspace's checkouts to the commits, and leaves branches and reflogs as they are")
  func moves() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let (one, other) = (try lab.checkout("telperion"), try lab.checkout("laurelin"))
      #expect(
        try lab.run("checkout", "--in-place", "telperion@v1", "laurelin@main").stderr.hasSuffix(
          ": 1 moved, 1 there already\n"))
      #expect(try one.head() == telperion.one && other.head() == laurelin.two)
      #expect(try one.git("branch", "--show-current") == "")
      #expect(try one.resolve("main") == telperion.two)
      try one.git("checkout", "--quiet", "-")
      #expect(try one.git("branch", "--show-current") == "main")
    }
  }

  @Test("what only the store has is copied from it, with no network and no alternates")
  func copies() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout("telperion")
      let three = try telperion.repository.commit("three")
      try lab.weave("fetch")
      try lab.weave("set", "new", "telperion@\(three)", "laurelin@v1")
      try FileManager.default.removeItem(atPath: lab.directory.appending("sources"))
      let result = try lab.run("checkout", "--in-place", "new")
      #expect(result.stderr.contains("note: laurelin is not checked out"))
      #expect(try checkout.head() == three)
      #expect(try checkout.git("fsck", "--strict") == "")
      #expect(!FileManager.default.fileExists(atPath: "\(checkout.path)/.git/objects/info/alternates"))
      // The store keeps it, so moving on loses nothing.
      try lab.weave("checkout", "--in-place", "telperion@v1")
    }
  }

  @Test("one that is not clean, or at a commit that nothing else holds, keeps all from moving")
  func refusals() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let (one, other) = (try lab.checkout("telperion"), try lab.checkout("laurelin"))
      try one.write("mine\n", to: "mine")
      let dirty = try lab.run("checkout", "--in-place", "telperion@v1", "laurelin@v1")
      #expect(dirty.status == 1 && dirty.stderr.contains("telperion has changes that no commit holds: mine"))
      try one.git("checkout", "--quiet", "--detach")
      let own = try one.commit("mine")
      let lost = try lab.run("checkout", "--in-place", "telperion@v1", "laurelin@v1")
      #expect(lost.status == 1)
      let command = "git -C \(one.path) branch NAME \(own)"
      #expect(lost.stderr.contains("hint: `\(command)` saves it"), "\(lost.stderr)")
      #expect(try other.head() == laurelin.two && one.head() == own)
      try one.git("branch", "mine")
      try lab.weave("checkout", "--in-place", "telperion@v1", "laurelin@v1")
      #expect(try one.head() == telperion.one && other.head() == laurelin.one)
    }
  }

  @Test("an ignored file that the commit would replace is kept, and told")
  func ignored() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout("telperion")
      try telperion.repository.write("theirs\n", to: "made")
      try telperion.repository.git("add", "made")
      let three = try telperion.repository.commit("three")
      try lab.weave("fetch")
      try "made\n".write(toFile: "\(checkout.path)/.git/info/exclude", atomically: true, encoding: .utf8)
      try checkout.write("mine\n", to: "made")
      let result = try lab.run("checkout", "--in-place", "telperion@\(three)")
      #expect(result.status == 1 && result.stderr.contains("made"), "\(result.stderr)")
      #expect(try String(contentsOfFile: "\(checkout.path)/made", encoding: .utf8) == "mine\n")
      #expect(try checkout.head() == telperion.two)
    }
  }

  @Test("a move that was cut off is completed, and what was changed since is not lost")
  func cutOff() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout("telperion")
      // As a move to `v1` leaves it that is killed after its first file.
      try "\(telperion.two) \(telperion.one)\n".write(
        toFile: "\(checkout.path)/.git/weave-move", atomically: true, encoding: .utf8)
      let files = try checkout.git("ls-files").split(separator: "\n").map(String.init)
      let file = try #require(files.first)
      let old = try checkout.git(["show", "v1:\(file)"]) + "\n"
      try checkout.write(String(old.prefix(3)), to: file)
      try checkout.write("mine\n", to: "besides")
      let refused = try lab.run("checkout", "--in-place", "telperion@v1")
      #expect(
        refused.status == 1 && refused.stderr.contains("besides was changed besides"), "\(refused.stderr)")
      try FileManager.default.removeItem(atPath: "\(checkout.path)/besides")
      try lab.weave("checkout", "--in-place", "telperion@main")
      #expect(try checkout.head() == telperion.two && checkout.git("status", "--porcelain") == "")
      #expect(!FileManager.default.fileExists(atPath: "\(checkout.path)/.git/weave-move"))
    }
  }
}
