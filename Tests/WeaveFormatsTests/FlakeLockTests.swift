import Testing
import WeaveFormats

@Suite("`flake.lock`") struct FlakeLockTests {
  private func lock(_ nodes: String, version: String = "7") -> String {
    "{\"nodes\": {\(nodes)}, \"root\": \"root\", \"version\": \(version)}"
  }

  @Test func `an input's repository and rev come from what it is locked to`() throws {
    let file = try read(
      lock(
        """
        "a": {"locked": {"type": "github", "owner": "arda", "repo": "a", "rev": "\(sha)", "narHash": "sha256-x"}},
        "b": {"locked": {"type": "gitlab", "owner": "x%2Fy", "repo": "b", "host": "git.example.com", "rev": "\(sha)"}},
        "c": {"locked": {"type": "sourcehut", "owner": "~arda", "repo": "c", "rev": "\(sha)"}},
        "d": {"locked": {"type": "git", "url": "ssh://git@example.com/d", "ref": "main", "rev": "\(other)"}},
        "root": {"inputs": {"a": "a", "b": "b", "c": "c", "d": "d"}}
        """), .flake)
    #expect(
      file.projects.map(\.url) == [
        "https://github.com/arda/a", "https://git.example.com/x/y/b", "https://git.sr.ht/~arda/c",
        "ssh://git@example.com/d",
      ])
    #expect(file.projects.map { $0.commit?.hex } == [sha, sha, sha, other])
    #expect(file.projects.allSatisfy(\.isDirect) && file.problems.isEmpty)
  }

  @Test func `what an input follows is found, and inputs of inputs come after`() throws {
    let file = try read(
      lock(
        """
        "laurelin": {"inputs": {"narya": "narya_2", "pkgs": ["pkgs"]},
          "locked": {"type": "git", "url": "https://h/laurelin", "rev": "\(sha)"}},
        "narya_2": {"inputs": {"pkgs": ["laurelin", "pkgs"]},
          "locked": {"type": "git", "url": "https://h/narya", "rev": "\(other)"}},
        "nenya": {"locked": {"type": "git", "url": "https://h/nenya", "rev": "\(sha)"}},
        "pkgs": {"inputs": {"nenya": "nenya"}, "locked": {"type": "git", "url": "https://h/pkgs", "rev": "\(other)"}},
        "root": {"inputs": {"laurelin": "laurelin", "narya": ["laurelin", "narya"], "pkgs": "pkgs"}}
        """), .flake)
    #expect(file.projects.map(\.name) == ["laurelin", "narya", "pkgs", "nenya"])
    #expect(file.projects.map(\.url) == ["laurelin", "narya", "pkgs", "nenya"].map { "https://h/" + $0 })
    #expect(file.projects.map(\.isDirect) == [true, true, true, false])
    #expect(file.problems.isEmpty)
  }

  @Test func `a dirty input has no commit; a path and a tarball are no projects`() throws {
    let file = try read(
      lock(
        """
        "a": {"locked": {"type": "git", "url": "file:///a", "dirtyRev": "\(sha)-dirty"}},
        "b": {"locked": {"type": "path", "path": "/b"}},
        "c": {"locked": {"type": "tarball", "url": "https://h/c.tar.gz"}},
        "d": {},
        "root": {"inputs": {"a": "a", "b": "b", "c": "c", "d": "d"}}
        """), .flake)
    #expect(file.projects == [ForeignProject(name: "a", url: "file:///a")])
    #expect(
      file.problems == [
        "f: the input 'a' was locked with changes that no commit holds",
        "f: the input 'b' is of type 'path', which names no commit",
        "f: the input 'c' is of type 'tarball', which names no commit", "f: the input 'd' is not locked",
      ])
  }

  @Test func `followers that go in a circle or to nothing are told`() throws {
    let file = try read(
      lock(
        """
        "a": {"inputs": {"self": ["a"], "up": []}, "locked": {"type": "git", "url": "u", "rev": "\(sha)"}},
        "root": {"inputs": {"a": "a", "x": ["y"], "y": ["x"], "z": ["a", "gone"], "w": "none"}}
        """), .flake)
    #expect(file.projects.map(\.name) == ["a"])
    #expect(file.problems == ["w", "x", "y", "z"].map { "f: the input '\($0)' of 'root' leads to no node" })
  }

  @Test(arguments: ["4", "8"]) func `a lock file of another version is refused`(version: String) {
    #expect(
      refusal(lock("", version: version), .flake)
        == "f: it is of version \(version), of which weave knows nothing: it reads 5 to 7")
  }

  @Test(arguments: [
    ("{", "f: it is no lock file of Nix: it is not JSON"),
    ("{\"nodes\": {}}", "f: it is no lock file of Nix: 'version' is missing"),
    ("{\"version\": 7, \"root\": \"r\"}", "f: it is no lock file of Nix: 'nodes' is missing"),
    ("{\"version\": 7, \"root\": \"r\", \"nodes\": {}}", "f: its root 'r' is not among its nodes"),
    (
      "{\"version\": 7, \"root\": \"r\", \"nodes\": {\"r\": {\"inputs\": {\"a\": 1}}}}",
      "f: it is no lock file of Nix: a value of another type was expected in nodes.r.inputs.a"
    ),
  ])
  func `what is no lock file is refused`(text: String, message: String) {
    #expect(refusal(text, .flake) == message)
  }
}
