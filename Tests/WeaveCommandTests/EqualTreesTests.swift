import TestSupport
import Testing

@testable import LabSupport

@Suite("Sets with the same trees as a revoked set", .inProcess)
struct EqualTreesTests {
  @Test("a commit does not become good by another message: it cannot be linked, by whatever command")
  func link() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.commit("mine")
      let revocation = try lab.revoke("telperion@HEAD", "laurelin@main", because: "it leaks")
      try telperion.git("commit", "--quiet", "--amend", "--message=in other words")
      for arguments in [["telperion@HEAD", "laurelin@main"], ["-m", "works"], ["--snapshot"]] {
        let words = try lab.refusal(["link"] + arguments, status: 5)
        #expect(words.contains("which has the same trees as a revoked set"), "\(words)")
        #expect(words.contains("it leaks") && words.contains("weave reinstate \(revocation.prefix(7))"))
      }
      try lab.link("telperion@HEAD", "laurelin@v1")
      try lab.weave("reinstate", revocation, "-m", "it was the switch")
      try lab.link("telperion@HEAD", "laurelin@main")
    }
  }

  @Test("status flags such a set where it is checked out, and calls it nothing else")
  func workspace() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      let old = try telperion.commit("mine")
      try lab.revoke("telperion@\(old)", because: "it leaks")
      #expect(
        try lab.weave("status").contains("checked out and revoked: telperion@\(old.prefix(7)): it leaks"))
      // Only the checkout has the new commit.
      try telperion.git("commit", "--quiet", "--amend", "--message=in other words")
      let text = try lab.weave("status")
      #expect(
        text.contains("checked out, same trees as a revoked set: telperion@\(old.prefix(7)): it leaks"),
        "\(text)")
      #expect(!text.contains("checked out and revoked"))
      try telperion.write("changed\n", to: "file")
      try telperion.git("commit", "--quiet", "--all", "--message=mended")
      #expect(try !lab.weave("status").contains("same trees"))
    }
  }

  @Test("status flags such a set where a machine runs it, and its compliance is as without the flag")
  func machine() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try lab.constellation(Constellations.pair())
      try lab.revoke("telperion@main", "laurelin@main", because: "it leaks")
      try telperion.git("commit", "--quiet", "--amend", "--message=in other words")
      let new = try telperion.head()
      try telperion.git("push", "--quiet", "origin", "HEAD:refs/heads/topic")
      try lab.weave("fetch")
      let laurelin = try lab.id("laurelin@main")
      try lab.weave("report", "--machine", "toto", "telperion=\(new)", "laurelin=\(laurelin)")
      let text = try lab.weave("status", "-c", "pair")
      #expect(text.contains("toto runs the same trees as a revoked set: "), "\(text)")
      #expect(text.contains("it leaks"))
      #expect(try lab.status(of: "toto", constellation: "pair").compliance != "incompatible")
      let old = try lab.id("telperion@main")
      try lab.weave("report", "--machine", "toto", "telperion=\(old)", "laurelin=\(laurelin)")
      #expect(try !lab.weave("status", "-c", "pair").contains("same trees"))
      #expect(try lab.status(of: "toto", constellation: "pair").compliance == "incompatible")
    }
  }
}
