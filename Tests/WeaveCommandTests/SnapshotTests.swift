import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("link --snapshot: what is in the working trees", .inProcess)
struct SnapshotTests {
  @Test(
    "changed, new, staged and deleted files are in a commit on HEAD, ignored ones are not, and it is linked")
  func content() throws {
    try Lab.withTwoCheckouts { lab, telperion, laurelin throws in
      try telperion.write("changed\n", to: "file")
      try telperion.write("new\n", to: "deep/new")
      try telperion.write("staged\n", to: "staged")
      try telperion.git("add", "staged")
      try telperion.write("*.o\n", to: ".gitignore")
      try telperion.write("object\n", to: "code.o")
      let event = try lab.weave("link", "--snapshot", "-m", "works")
      let snapshot = try lab.linked("telperion")
      #expect(try lab.events() == [event])
      #expect(try lab.store.git("rev-parse", "\(snapshot)^@") == telperion.head())
      #expect(
        try lab.store.git("ls-tree", "-r", "--name-only", snapshot).split(separator: "\n")
          == [".gitignore", "deep/new", "file", "staged"])
      #expect(try lab.store.git("show", "\(snapshot):file") == "changed")
      #expect(try lab.linked("laurelin") == laurelin.head())
      try lab.check()
    }
  }

  @Test(
    "the checkout stays as it was to the byte and to the time: files, index, stash, HEAD, refs and reflogs")
  func untouched() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.write("stashed\n", to: "file")
      try telperion.git("stash", "--quiet")
      try telperion.write("changed\n", to: "file")
      try telperion.write("new\n", to: "new")
      // What Git would write into the index, had it the chance.
      try telperion.git("update-index", "--split-index", "--untracked-cache")
      let before = try telperion.everything()
      try lab.weave("link", "--snapshot")
      let after = try telperion.everything()
      // Git, reading a split index, marks the shared part as used.
      for name in Set(before.keys).union(after.keys) where !name.hasPrefix(".git/sharedindex.") {
        #expect(before[name] == after[name], "\(name)")
      }
    }
  }

  @Test("the same content on the same HEAD is the same snapshot, also after another one")
  func again() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      var later = lab
      func take(_ content: String) throws -> String {
        try later.environment.setDate(TestEnvironment.epoch + 1_000 + lab.events().count)
        try telperion.write(content, to: "file")
        try later.weave("link", "--snapshot", "-m", content)
        return try later.linked("telperion")
      }
      let first = try take("a\n")
      let other = try take("b\n")
      #expect(first != other)
      #expect(try take("a\n") == first)
      #expect(lab.store.resolve("refs/weave-local/snapshots/telperion/main") == first)
    }
  }

  @Test("a snapshot outlives the checkout and every collection")
  func kept() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      // A local commit, too, is in the checkout alone.
      try telperion.commit("local")
      try telperion.write("changed\n", to: "file")
      try lab.weave("link", "--snapshot")
      let first = try lab.linked("telperion")
      try telperion.write("changed again\n", to: "file")
      try lab.weave("link", "--snapshot")
      try FileManager.default.removeItem(atPath: telperion.path)
      try lab.collectGarbage()
      #expect(try lab.holds(first))
      #expect(!FileManager.default.fileExists(atPath: "\(lab.store.path)/objects/info/alternates"))
      try lab.check()
    }
  }

  @Test("nothing but a pin or a hold makes a machine run it, and each does")
  func deployable() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try lab.link("telperion@main", "laurelin@main")
      try telperion.write("changed\n", to: "file")
      let result = try lab.run("link", "--snapshot")
      let snapshot = try lab.linked("telperion")
      #expect(result.stderr.contains("telperion@\(snapshot.prefix(7)) is a snapshot"), "\(result.stderr)")
      try lab.constellation(Constellations.pair())
      let head = try telperion.head()
      #expect(try lab.weave("resolve", "--local").contains(head.prefix(7)))
      let held = Constellations.pair(", holds: [{ project: telperion, at: \(snapshot), because: hot }]")
      try lab.constellation(held)
      #expect(try lab.weave("sha", "telperion", "--machine", "toto") == snapshot)
      try lab.weave("lock")
      #expect(try lab.weave("check", "telperion@\(snapshot.prefix(8))", "laurelin@main").hasPrefix("fit"))
    }
  }

  @Test("a push takes it along with --with-commits alone, and says that it is a snapshot")
  func pushed() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try lab.share()
      try telperion.write("changed\n", to: "file")
      try lab.weave("link", "--snapshot")
      let snapshot = try lab.linked("telperion")
      try lab.weave("push")
      #expect(lab.source("telperion").resolve("refs/tags/weave/\(snapshot)") == nil)
      #expect(try lab.bare().refs().values.allSatisfy { $0 != snapshot })
      try lab.link("telperion@\(snapshot)", "laurelin@v1")
      let result = try lab.run("push", "--with-commits")
      #expect(result.stderr.contains("is a snapshot"), "\(result.stderr)")
      #expect(lab.source("telperion").resolve("refs/tags/weave/\(snapshot)") == snapshot)
    }
  }

  @Test("of a private project it is linked in private")
  func privately() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try lab.weave("project", "set", "telperion", "private", "true")
      try telperion.write("changed\n", to: "file")
      try lab.weave("link", "--snapshot")
      let refs = try lab.store.refs().keys
      #expect(!refs.contains { $0.hasPrefix("refs/weave/public/ledger/") })
      #expect(refs.contains { $0.hasPrefix("refs/weave/private/ledger/") })
    }
  }
}
