import TestSupport
import Testing

@testable import LabSupport

@Suite("A word that means two commits", .inProcess)
struct AmbiguousWordTests {
  @Test(
    "the short id of a commit that a checkout has as a tag or branch, too, is taken for neither",
    arguments: ["tag", "branch", "remote branch"], ["", "^0"])
  func abbreviationInCheckout(kind: String, suffix: String) throws {
    let lab = try Lab.threeProjects()
    let checkout = try lab.checkout("telperion")
    let (one, three) = (try lab.id("telperion@v1"), try lab.id("telperion@v3"))
    let name = String(three.prefix(7))
    switch kind {
    case "tag":
      try lab.source("telperion").git("tag", name, one)
      try checkout.git("fetch", "--quiet", "--tags")
    case "branch": try checkout.branch(name, at: one)
    default: try checkout.git("update-ref", "refs/remotes/\(name)/HEAD", one)
    }
    let refused = try lab.refusal(["link", "telperion@\(name)\(suffix)", "laurelin@v1"])
    #expect(refused.contains("is ambiguous") && refused.contains(three), "\(refused)")
    #expect(refused.contains("telperion@refs/"), "\(refused)")
    try lab.weave("link", "telperion@\(three)", "laurelin@v1")
    #expect(try lab.linked("telperion") == three)
  }

  @Test("so is one that abbreviates a commit which only the checkout has, or only the store")
  func abbreviationElsewhere() throws {
    let lab = try Lab.threeProjects()
    let checkout = try lab.checkout("telperion")
    let own = try checkout.commit("mine")
    try checkout.git("tag", String(own.prefix(7)), "v1")
    let fetched = try lab.branchOff("telperion", "later")
    try checkout.git("tag", String(fetched.prefix(7)), "v1")
    for id in [own, fetched] {
      #expect(try lab.refusal(["link", "telperion@\(id.prefix(7))", "laurelin@v1"]).contains(id))
    }
    try checkout.git("tag", String(own.prefix(8)), own)
    try lab.weave("link", "telperion@\(own.prefix(8))", "laurelin@v1")
  }

  @Test("a word that abbreviates one id in the checkout and another in the store is taken for neither")
  func twoIDs() throws {
    let lab = try Lab.threeProjects()
    let (source, checkout) = (lab.source("telperion"), try lab.checkout("telperion"))
    // Of a thousand and a thousand ids some fifteen begin with the same four digits.
    for (repository, name) in [(source, "theirs"), (checkout, "mine")] {
      let commits = (0..<1_000).map {
        "commit refs/heads/\(name)\ncommitter A <a@x> \(1_700_000_000 + $0) +0000\ndata 4\n\(name.prefix(4))\n"
      }
      try repository.git(["fast-import", "--quiet"], input: Array(commits.joined(separator: "\n").utf8))
    }
    try lab.weave("fetch", "telperion")
    func ids(_ repository: TestRepository) throws -> [Substring: [String]] {
      let ids = try repository.git("rev-list", "--all").split(separator: "\n").map(String.init)
      return Dictionary(grouping: ids) { $0.prefix(4) }
    }
    let (theirs, mine) = try (ids(source), ids(checkout))
    let word = try #require(
      mine.first { prefix, own in own.count == 1 && theirs[prefix].map { !$0.contains(own[0]) } ?? false })
    let refused = try lab.refusal(["link", "telperion@\(word.key)", "laurelin@v1"])
    #expect(refused.contains("is ambiguous") && refused.contains(word.value[0]), "\(refused)")
    try lab.weave("link", "telperion@\(word.value[0])", "laurelin@v1")
    #expect(try lab.linked("telperion") == word.value[0])
  }

  @Test("a branch and a tag of a checkout that are two commits are taken for neither")
  func branchAndTagInCheckout() throws {
    let lab = try Lab.threeProjects()
    try lab.checkout("telperion").branch("v1", at: "v3")
    let refused = try lab.refusal(["link", "telperion@v1", "laurelin@v1"])
    #expect(refused.contains("telperion@refs/tags/v1") && refused.contains("telperion@refs/heads/v1"))
    try lab.weave("link", "telperion@refs/heads/v1", "laurelin@v1")
    #expect(try lab.linked("telperion") == lab.id("telperion@v3"))
  }

  private static let constellation = """
    constellation: q
    priority: [telperion]
    projects: {telperion: {TRACK}}
    roles: {r: {projects: [telperion]}}
    machines: {m: {roles: [r]}}
    """

  @Test(
    "a track that is a branch and a tag of two commits is an error for who needs its tip, and names both",
    arguments: [("v2", "refs/heads/v2", "refs/tags/v2"), ("tags/v3", "refs/tags/v3", "refs/heads/tags/v3")],
    ["project", "constellation"])
  func track(word: (track: String, first: String, second: String), place: String) throws {
    let lab = try Lab.threeProjects()
    let source = lab.source("telperion")
    let text = Self.constellation
    if place == "project" { try lab.weave("project", "set", "telperion", "track", word.track) }
    try lab.directory.write(
      text.replacing("TRACK", with: place == "project" ? "" : "track: \(word.track)"), to: "workspace/q.yaml")
    let tagged = try lab.id("telperion@refs/tags/\(word.track == "v2" ? "v2" : "v3")")
    #expect(try lab.weave("resolve", "-c", "./q.yaml").contains(tagged.prefix(7)))
    try source.git("update-ref", word.track == "v2" ? "refs/heads/v2" : "refs/heads/tags/v3", "v1")
    let fetch = try lab.run("fetch")
    #expect(fetch.status == 0, "\(fetch)")
    #expect(fetch.stderr.contains("is ambiguous") == (place == "project"), "\(fetch)")
    let refused = try lab.refusal(["resolve", "-c", "./q.yaml"])
    #expect(
      refused.contains("ambiguous") && refused.contains(word.first) && refused.contains(word.second),
      "\(refused)")
    for full in [word.first, word.second] {
      try lab.directory.write(text.replacing("TRACK", with: "track: \(full)"), to: "workspace/q.yaml")
      #expect(try lab.weave("resolve", "-c", "./q.yaml").contains(lab.short("telperion@\(full)")))
    }
    // Nobody else is stopped.
    try lab.weave("link", "telperion@v1", "laurelin@v1")
    try lab.weave("status")
    try lab.check()
  }

  @Test("a track that is a branch and a tag of one commit is taken")
  func trackOfOneCommit() throws {
    let lab = try Lab.threeProjects()
    try lab.source("telperion").branch("v2", at: "v2")
    try lab.weave("fetch")
    try lab.weave("project", "set", "telperion", "track", "v2")
    #expect(try lab.weave("project", "list").contains(lab.short("telperion@v2")))
  }

  /// A lab with a link, and a lock that has it.
  private static func linkedLab() throws -> Lab {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
    return lab
  }

  @Test("a set whose name is the beginning of an id is ambiguous where it is named")
  func abbreviated() throws {
    let lab = try Self.linkedLab()
    let lock = try #require(lab.store.resolve("refs/weave/public/locks/emerald-city"))
    let name = String(lock.prefix(7))
    try lab.weave("set", name, "telperion@v1")
    let result = try lab.run(["diff", name, lock])
    #expect(result.status == 1)
    #expect(result.stderr.contains("'\(name)' is ambiguous"), "\(result.stderr)")
  }

  @Test("a word that is both a branch and a tag, of two commits, is taken for neither")
  func branchAndTag() throws {
    let lab = try Self.linkedLab()
    let source = lab.source("telperion")
    try source.git("tag", "main", "v1")
    try source.git("update-ref", "refs/tags/heads/main", "v1")
    try lab.weave("fetch", "telperion")
    let refused = try lab.run(["link", "telperion@main", "laurelin@v2"])
    #expect(refused.status == 1)
    #expect(
      refused.stderr.contains("telperion@refs/tags/main")
        && refused.stderr.contains("telperion@refs/heads/main"),
      "\(refused.stderr)")
    let tip = try lab.id("telperion@refs/heads/main")
    let link = try lab.run(["link", "telperion@refs/heads/main", "laurelin@v2"])
    #expect((link.stdout + link.stderr).contains("telperion@\(tip.prefix(7))"), "\(link)")
    try source.git("update-ref", "-d", "refs/tags/heads/main")
    try lab.weave("fetch", "telperion")
    // As Git has it: refs/<word> before refs/tags/<word>.
    #expect(try lab.run(["link", "telperion@heads/main", "laurelin@v1"]).status == 0)
    try source.git("tag", "--force", "main", "main^0")
    try source.git("tag", "--force", "main", "refs/heads/main")
    try lab.weave("fetch", "telperion")
    #expect(try lab.run(["link", "telperion@main", "laurelin@v3"]).status == 0)
  }

  @Test("a branch or tag that has the short id of a commit of its project is taken for neither")
  func abbreviatedCommit() throws {
    let lab = try Self.linkedLab()
    let (one, three) = (try lab.id("telperion@v1"), try lab.id("telperion@v3"))
    for kind in ["branch", "tag"] {
      let name = String(three.prefix(kind == "tag" ? 8 : 7))
      try lab.source("telperion").git(kind, name, one)
      try lab.weave("fetch", "telperion")
      let refused = try lab.run(["link", "telperion@\(name)", "laurelin@v1"])
      #expect(refused.status == 1)
      #expect(refused.stderr.contains("is ambiguous") && refused.stderr.contains(three), "\(refused.stderr)")
      let full = kind == "tag" ? "refs/tags/\(name)" : "refs/heads/\(name)"
      #expect(try lab.weave("check", "telperion@\(full)", "laurelin@v1").isEmpty == false)
      #expect(try lab.run(["link", "telperion@\(three)", "laurelin@v1"]).status == 0)
    }
    // A name of another commit's digits, or of the same commit's, is a name.
    try lab.source("telperion").git("branch", String(one.prefix(9)), one)
    try lab.source("telperion").git("branch", "abcd", one)
    try lab.weave("fetch", "telperion")
    #expect(try lab.run(["link", "telperion@\(one.prefix(9))", "laurelin@v2"]).status == 0)
  }
}
