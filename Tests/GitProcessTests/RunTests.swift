import Foundation
import GitProcess
import Synchronization
import TestSupport
import Testing

@Suite struct RunTests {
  @Test("the caller's repository, namespace, index, work tree and configuration change nothing")
  func callersEnvironment() async throws {
    var fixture = try Fixture()
    let (source, other) = (try fixture.source("one"), try fixture.source("other"))
    for (name, value) in [
      "GIT_DIR": "\(other.path)/.git", "GIT_WORK_TREE": other.path, "GIT_NAMESPACE": "foo",
      "GIT_INDEX_FILE": "\(other.path)/absent", "GIT_OBJECT_DIRECTORY": "/nonexistent",
      "GIT_COMMON_DIR": "\(other.path)/.git", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "fetch.pruneTags",
      "GIT_CONFIG_VALUE_0": "true", "GIT_CONFIG_PARAMETERS": "'core.bare=maybe'", "GIT_PREFIX": "x/",
      "GIT_QUARANTINE_PATH": "/x", "GIT_LITERAL_PATHSPECS": "1", "GIT_SHALLOW_FILE": "/x",
    ] { fixture.environment.variables[name] = value }
    try await fixture.fetch("one", from: source)
    #expect(try fixture.refs(of: "one") == source.refs())
    let status = try await fixture.git.status(of: source.path)
    #expect(try status.head == source.head() && status.isClean)
    #expect(try await fixture.git.revParse("HEAD", in: source.path) == source.head())
    #expect(
      try await fixture.remoteHead(of: source.path) == .branch("refs/heads/main", commit: source.head()))
  }

  @Test("a Git that ends before it has read its input is answered by its exit code")
  func unreadInput() async throws {
    signal(SIGPIPE, SIG_IGN)
    let fixture = try Fixture()
    // More than a pipe holds.
    let output = try await fixture.git.run(
      ["--version"], at: .nowhere, standardInput: [UInt8](repeating: 10, count: 1 << 20))
    #expect(output.exitCode == 0)
    #expect(output.text.hasPrefix("git version"))
  }

  @Test("the user's transport, credentials and home reach Git, the repository's variables do not")
  func keptVariables() async throws {
    var fixture = try Fixture()
    for name in [
      "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_SSL_VERSION", "GIT_HTTP_USER_AGENT", "GIT_PROXY_COMMAND",
    ] {
      fixture.environment.variables[name] = "mine"
    }
    fixture.environment.variables["https_proxy"] = "mine"
    let output = try await fixture.git.run(["env"], at: .nowhere, configuration: ["alias.env=!env"])
    let names = output.text.split(separator: "\n").filter { $0.hasSuffix("=mine") }.map {
      $0.prefix { $0 != "=" }
    }
    #expect(
      names.sorted() == [
        "GIT_ASKPASS", "GIT_HTTP_USER_AGENT", "GIT_PROXY_COMMAND", "GIT_SSH_COMMAND", "GIT_SSL_VERSION",
        "https_proxy",
      ])
    #expect(output.text.contains("HOME=\(fixture.directory.appending("home"))"))
    #expect(output.text.contains("GIT_NO_REPLACE_OBJECTS=1"))
    #expect(!output.text.contains("GIT_AUTHOR_NAME"))
  }

  @Test("an exit code is returned, standard input is read, and output of any size comes back whole")
  func exitCodeAndInput() async throws {
    let fixture = try Fixture()
    let failed = try await fixture.git.run(["no-such-command"], at: .nowhere)
    #expect(failed.exitCode == 1 && failed.errorText.contains("is not a git command"))
    let input = [UInt8](repeating: 65, count: 3_000_000)
    let id = try await fixture.git.run(
      ["hash-object", "-w", "--stdin"], at: .repository(fixture.store.path), standardInput: input)
    let blob = try await fixture.git.run(["cat-file", "blob", id.text], at: .repository(fixture.store.path))
    #expect(blob.standardOutput == input)
  }

  @Test("a Git that is not there is named, with what to install")
  func noGit() async throws {
    var fixture = try Fixture()
    fixture.environment.variables["PATH"] = fixture.directory.path
    let git = fixture.git
    let failure = await fixture.failure { _ = try await git.run(["version"], at: .nowhere) }
    #expect(failure?.reason == "git was not found in PATH: install Git 2.30 or newer")
  }

  @Test("a cancelled task ends its child")
  func cancellation() async throws {
    let fixture = try Fixture()
    let (git, pidFile) = (fixture.git, fixture.directory.appending("pid"))
    let task = Task {
      try await git.run(
        ["wait"], at: .nowhere,
        configuration: ["alias.wait=!echo $$ >\(pidFile).new; mv \(pidFile).new \(pidFile); exec sleep 3600"])
    }
    while !FileManager.default.fileExists(atPath: pidFile) { try await Task.sleep(for: .milliseconds(5)) }
    let written = try String(contentsOfFile: pidFile, encoding: .utf8).trimmingCharacters(in: .newlines)
    let child = try #require(pid_t(written))
    task.cancel()
    await #expect(throws: GitProcessError.self) { try await task.value }
    while kill(child, 0) == 0 { try await Task.sleep(for: .milliseconds(5)) }
  }

  @Test("a bounded fan-out keeps to its limit and to the order of the items", arguments: [0, 1, 3, 100])
  func fanOut(_ limit: Int) async {
    let running = Mutex((now: 0, most: 0))
    let results = await concurrently(Array(0..<20), limit: limit) {
      (item: Int) async throws(TestFailure) -> Int in
      running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      try? await Task.sleep(for: .milliseconds(20 - item))
      running.withLock { $0.now -= 1 }
      if item == 7 { throw TestFailure("seven") }
      return item
    }
    #expect(results.map { try? $0.get() } == (0..<20).map { $0 == 7 ? nil : $0 })
    #expect(running.withLock { $0.most } <= max(1, limit))
  }
}
