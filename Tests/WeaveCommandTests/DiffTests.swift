import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("weave diff", .inProcess)
struct DiffTests {
  @Test("the commits that only one of two sets has are listed for each project, as git rev-list counts them")
  func commits() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let other = try lab.branchOff("telperion", "other", from: "v1")
      try lab.weave("set", "a", "telperion@\(other)", "laurelin@v1")
      try lab.weave("set", "b", "telperion@main", "laurelin@v1")
      #expect(
        try lab.weave("diff", "a", "b") == """
          telperion \(other.prefix(7))..\(telperion.two.prefix(7)) +1 -1
            > \(telperion.two.prefix(7)) two
            < \(other.prefix(7)) to other
          1 project the same
          """)
      #expect(try lab.weave("diff", "a", "a") == "2 projects the same")
    }
  }

  @Test("projects that come and go are told, and the commits shown are as many as asked for")
  func projects() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      for number in 3...5 { try telperion.repository.commit("commit \(number)") }
      try lab.weave("fetch")
      let tip = try telperion.repository.head()
      try lab.weave("set", "a", "telperion@v1", "laurelin@v1")
      try lab.weave("set", "b", "telperion@main")
      #expect(
        try lab.weave("diff", "a", "b", "-n", "1") == """
          laurelin removed, was at \(laurelin.one.prefix(7))
          telperion \(telperion.one.prefix(7))..\(tip.prefix(7)) +4
            > \(tip.prefix(7)) commit 5
            > … 3 more
          """)
      #expect(
        try lab.weave("diff", "b", "a").hasPrefix("laurelin added at \(laurelin.one.prefix(7))\n"))
    }
  }

  @Test("what was revoked in one of the two, or between them, is told")
  func revocations() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let three = try telperion.repository.commit("three")
      try lab.weave("fetch")
      try lab.weave("set", "a", "telperion@v1", "laurelin@v1")
      try lab.weave("set", "b", "telperion@\(three)", "laurelin@v1")
      try lab.weave("revoke", "telperion@\(telperion.two)", "-m", "leaks")
      try lab.weave("revoke", "telperion@\(three)", "laurelin@v1", "-m", "loops")
      try lab.weave("revoke", "laurelin@main", "-m", "of no matter here")
      let lines = try lab.weave("diff", "a", "b").split(separator: "\n").filter { $0.hasPrefix("revoked") }
      #expect(lines.count == 2)
      #expect(
        lines.contains {
          $0.hasPrefix("revoked, between the two: telperion@\(telperion.two.prefix(7)): leaks")
        })
      #expect(lines.contains { $0.hasPrefix("revoked, in b: laurelin@") && $0.contains("loops") })
    }
  }

  @Test("events, constellations and single commits are compared, too; what nothing is called is an error")
  func names() throws {
    let lab = try Lab.filled()
    let link = try lab.event("link")
    #expect(try lab.weave("diff", link, "release-1").hasPrefix("narya removed, was at "))
    #expect(try lab.weave("diff", link, "emerald-city") == "3 projects the same")
    #expect(try lab.weave("diff", "telperion@v1", "telperion@v2").contains(" +1\n"))
    #expect(
      try lab.refusal(["diff", "release-1", "nothing"]).hasPrefix("error: nothing is called 'nothing'"))
  }
}

@Suite("weave project checkout", .inProcess)
struct ProjectCheckoutTests {
  @Test("makes an ordinary checkout with the source as its origin, from the store alone")
  func checkout() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let source = telperion.repository.path
      try FileManager.default.moveItem(atPath: source, toPath: "\(source).away")
      try lab.weave("project", "checkout", "telperion")
      try FileManager.default.moveItem(atPath: "\(source).away", toPath: source)
      let checkout = TestRepository(at: "\(lab.workspace)/telperion")
      #expect(try checkout.head() == telperion.two)
      #expect(try checkout.git("config", "remote.origin.url") == source)
      #expect(try checkout.git("status", "--branch", "--porcelain") == "## main...origin/main")
      #expect(try checkout.git("fetch") == "")
      #expect(!FileManager.default.fileExists(atPath: "\(checkout.path)/.git/objects/info/alternates"))
      #expect(try lab.weave("status").contains("telperion"))
    }
  }

  @Test("a directory that is not empty is left alone, and a project that was never fetched is told")
  func refusals() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.checkout("laurelin", as: "telperion")
      #expect(try lab.refusal(["project", "checkout", "telperion"]).contains("already exists"))
      try lab.weave("project", "add", "narya", lab.makeSource("narya").repository.path)
      #expect(
        try lab.refusal(["project", "checkout", "narya"])
          == "error: narya was never fetched\nhint: `weave fetch narya`\n")
    }
  }
}

@Suite("What has moved since the last link", .inProcess)
struct StatusMovedTests {
  @Test("status counts the commits since the newest link that counts, and names what links them")
  func moved() throws {
    try Lab.withTwoCheckouts { lab, telperion, laurelin throws in
      let link = try lab.weave("link", "-m", "fits")
      #expect(!(try lab.run("status").stdout.contains("moved")))
      try telperion.commit("three")
      try telperion.commit("four")
      try laurelin.git("checkout", "--quiet", "--detach", "v1")
      let result = try lab.run("status")
      #expect(
        result.stdout.contains(
          "moved since the last link: laurelin +0 -1 (\(link.prefix(7))), telperion +2 (\(link.prefix(7)))\n")
      )
      #expect(result.stderr == "hint: `weave link -m TEXT` links what is checked out\n")
    }
  }

  @Test("a link that was withdrawn is no last link, and with changes the hint is a snapshot")
  func withdrawn() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      let first = try lab.weave("link", "-m", "fits")
      try telperion.commit("three")
      let second = try lab.weave("link", "-m", "fits")
      try lab.weave("withdraw", second, "-m", "it did not")
      try telperion.write("mine\n", to: "mine")
      let result = try lab.run("status")
      #expect(result.stdout.contains("moved since the last link: telperion +1 (\(first.prefix(7)))\n"))
      #expect(result.stderr == "hint: `weave link --snapshot -m TEXT` links what is checked out\n")
    }
  }

  @Test("a word that is a constellation's name, and also a set's or the beginning of an id, is ambiguous")
  func ambiguous() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("constellation", "add", "-", input: Constellations.pair())
      try lab.weave("set", "pair", "telperion@v1")
      try lab.weave("set", "old", "telperion@v1")
      for words in [["old", "pair"], ["pair", "old"]] {
        let refusal = try lab.refusal(["diff"] + words)
        #expect(
          refusal == """
            error: 'pair' is ambiguous: there is a constellation of that name, and a set of that name
            hint: `weave set NAME -c pair` makes a set of what the constellation wants, `weave set NAME pair` of the other

            """)
      }
      try lab.weave("set", "wanted", "-c", "pair")
      try lab.weave("diff", "old", "wanted")

      let event = try #require(lab.events().first).prefix(7).description
      try lab.weave("constellation", "add", "-", input: Constellations.pair(named: "\"\(event)\""))
      let refusal = try lab.refusal(["diff", "old", event])
      #expect(
        refusal.contains(
          "'\(event)' is ambiguous: there is a constellation of that name, and an id that begins so"))
    }
  }
}
