import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Fetch", .inProcess)
struct FetchTests {
  @Test("fetch mirrors branches and tags into the project's namespace")
  func mirror() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      #expect(lab.fetched("telperion", "refs/heads/main") == telperion.two)
      #expect(lab.fetched("telperion", "refs/tags/v1") == telperion.one)
      #expect(
        try lab.store.git("symbolic-ref", "refs/namespaces/telperion/HEAD")
          == "refs/namespaces/telperion/refs/heads/main")
    }
  }

  @Test("tags of the same name in two projects stay apart")
  func equalTags() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      #expect(lab.fetched("telperion", "refs/tags/v1") == telperion.one)
      #expect(lab.fetched("laurelin", "refs/tags/v1") == laurelin.one)
      #expect(try lab.store.git("tag", "--list") == "")
    }
  }

  @Test("a tag that was moved upstream moves here")
  func movedTag() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.git("tag", "--force", "v1", "main")
      try lab.weave("fetch")
      #expect(lab.fetched("telperion", "refs/tags/v1") == telperion.two)
    }
  }

  @Test("an annotated tag is linked as its commit")
  func annotatedTag() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.tag("v2", message: "second")
      try lab.weave("fetch")
      let event = try lab.weave("link", "telperion@v2", "laurelin@v1")
      #expect(
        try lab.store.git("show", "--no-patch", event).contains("Weave-Member: telperion \(telperion.two)"))
    }
  }

  @Test("a branch x that becomes x/y upstream, and back, is followed")
  func directoryConflict() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.branch("x")
      try lab.weave("fetch")
      #expect(lab.fetched("telperion", "refs/heads/x") == telperion.two)
      try telperion.repository.git("branch", "--move", "x", "x2")
      try telperion.repository.git("branch", "--move", "x2", "x/y")
      try lab.weave("fetch")
      #expect(lab.fetched("telperion", "refs/heads/x/y") == telperion.two)
      #expect(lab.fetched("telperion", "refs/heads/x") == nil)
      try telperion.repository.git("branch", "--move", "x/y", "x2")
      try telperion.repository.git("branch", "--move", "x2", "x")
      try lab.weave("fetch")
      #expect(lab.fetched("telperion", "refs/heads/x") == telperion.two)
    }
  }

  @Test("a default branch that is renamed upstream is followed")
  func renamedDefault() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.git("branch", "--move", "main", "trunk")
      let three = try telperion.repository.commit("three")
      try lab.weave("fetch")
      #expect(
        try lab.store.git("symbolic-ref", "refs/namespaces/telperion/HEAD")
          == "refs/namespaces/telperion/refs/heads/trunk")
      #expect(lab.fetched("telperion", "refs/heads/main") == nil)
      let event = try lab.weave("link", "telperion@HEAD", "laurelin@v1")
      #expect(try lab.store.git("show", "--no-patch", event).contains(three))
    }
  }

  @Test("a detached HEAD of the source is kept as the commit's id")
  func detached() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.checkout("v1^{commit}")
      let loose = try telperion.repository.commit("on no branch")
      try lab.weave("fetch")
      #expect(lab.fetched("telperion", "HEAD") == loose)
      let symbolic = try runProcess(
        "git", ["symbolic-ref", "--quiet", "refs/namespaces/telperion/HEAD"], in: lab.store.path,
        environment: lab.store.environment.variables)
      #expect(symbolic.status == 1)
      try lab.weave("link", "telperion@HEAD", "laurelin@v1")
    }
  }

  @Test("a HEAD of the source that has no commit yet stays so, and the next fetch follows it")
  func unborn() throws {
    try Lab.withStore { lab throws in
      let source = try TestRepository.create(at: lab.directory.appending("sources/empty"), branch: "trunk")
      try lab.weave("project", "add", "empty", source.path)
      #expect(try lab.run("fetch").status == 0)
      #expect(lab.fetched("empty", "HEAD") == nil)
      try lab.check()
      let first = try source.commit("first")
      try lab.weave("fetch")
      #expect(lab.fetched("empty", "HEAD") == first)
    }
  }

  @Test("a source that fails is named, stops no other, and makes the exit code 1")
  func failingSource() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let three = try laurelin.repository.commit("three")
      try FileManager.default.moveItem(
        atPath: telperion.repository.path, toPath: telperion.repository.path + ".away")
      let result = try lab.run("fetch")
      #expect(result.status == 1)
      #expect(result.stderr.contains("telperion"))
      #expect(lab.fetched("laurelin", "refs/heads/main") == three)
      #expect(lab.fetched("telperion", "refs/heads/main") == telperion.two)
    }
  }

  @Test("fetch with names gets those projects only")
  func named() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try telperion.repository.commit("three")
      let three = try laurelin.repository.commit("three")
      try lab.weave("fetch", "laurelin")
      #expect(lab.fetched("laurelin", "refs/heads/main") == three)
      #expect(lab.fetched("telperion", "refs/heads/main") == telperion.two)
    }
  }

  @Test("fetch of an unknown name is an error that names it")
  func unknownName() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let result = try lab.run("fetch", "telperoin")
      #expect(result.status == 1)
      #expect(result.stderr.contains("telperoin"))
    }
  }

  @Test("a shallow source is refused by name and writes nothing")
  func shallow() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let path = lab.directory.appending("shallow")
      try TestRepository(at: lab.directory.path).git(
        "clone", "--quiet", "--depth=1", "file://\(telperion.repository.path)", path)
      try lab.weave("project", "add", "shallow", path)
      let result = try lab.run("fetch", "shallow")
      #expect(result.status == 1)
      #expect(result.stderr.contains("shallow"))
      #expect(try lab.store.git("for-each-ref", "refs/namespaces/shallow") == "")
    }
  }

  @Test("a source that would run a command is refused, even where the user allows it")
  func externalProtocol() throws {
    try Lab.withStore { lab throws in
      let mark = lab.directory.appending("ran")
      _ = try lab.run("project", "add", "evil", "ext::sh -c touch% \(mark)")
      _ = try lab.run("fetch", environment: lab.environment.with(["GIT_ALLOW_PROTOCOL": "ext:file"]))
      #expect(!FileManager.default.fileExists(atPath: mark))
    }
  }

  @Test("a fetch in the environment of a Git hook touches the store alone")
  func hookEnvironment() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout("telperion")
      let before = try checkout.refs()
      let three = try telperion.repository.commit("three")
      let result = try lab.run(
        "fetch",
        environment: lab.environment.with([
          "GIT_DIR": "\(checkout.path)/.git", "GIT_NAMESPACE": "foo",
          "GIT_INDEX_FILE": "\(checkout.path)/.git/index", "GIT_WORK_TREE": checkout.path,
        ]))
      #expect(result.status == 0, "\(result.stderr)")
      #expect(lab.fetched("telperion", "refs/heads/main") == three)
      #expect(try checkout.refs() == before)
    }
  }

  @Test("the user's fetch.prune and fetch.pruneTags delete nothing of weave")
  func userPrunes() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let before = try lab.store.refs()
      let config = try lab.directory.write("[fetch]\n\tprune = true\n\tpruneTags = true\n", to: "gitconfig")
      let result = try lab.run("fetch", environment: lab.environment.with(["GIT_CONFIG_GLOBAL": config]))
      #expect(result.status == 0, "\(result.stderr)")
      #expect(try lab.store.refs() == before)
      #expect(try lab.holds(telperion.one))
    }
  }
}
