import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Where a remote does not let us in")
struct TransportErrorTests {
  @Test(
    "without credentials nobody is asked at the terminal: weave says what it tried, why not, and what to do",
    .enabled(if: HTTPServer.isInstalled, "nginx and fcgiwrap are not installed"),
    .enabled(if: hasTerminals, "there is no `script` to give a terminal"),
    arguments: ["push", "pull", "fetch", "clone"])
  func noCredentials(command: String) throws {
    try Self.withRemote(over: HTTPServer.run(of:_:)) { lab, server, name in
      let url = server.url(name)
      var patient = lab
      patient.environment = lab.environment.with(["GIT_TERMINAL_PROMPT": nil])
      try patient.weave("project", "add", "telperion", url)
      try patient.weave("remote", "add", "origin", url)
      let arguments = command == "clone" ? "clone \(url) ../new" : command
      let shown = try patient.onTerminal("! '\(weaveExecutable)' \(arguments)")
      #expect(shown.contains("error: ") && shown.contains("cannot fetch"), "\(shown)")
      #expect(shown.contains(url), "\(shown)")
      #expect(shown.contains("terminal prompts disabled"), "\(shown)")
      #expect(shown.contains("hint: set up a credential helper, or let Git ask with GIT_TERMINAL_PROMPT=1"))
      #expect(!FileManager.default.fileExists(atPath: lab.directory.appending("new")))
    }
  }

  @Test(
    "a wrong password is told from none, and shown nowhere",
    .enabled(if: HTTPServer.isInstalled, "nginx and fcgiwrap are not installed"))
  func wrongPassword() throws {
    try Self.withRemote(over: HTTPServer.run(of:_:)) { lab, server, name in
      try lab.weave("remote", "add", "by-helper", server.url(name))
      let url = server.url(name).replacing("://", with: "://ann:tr0ub4dor@")
      try lab.weave("remote", "add", "by-url", url)
      for remote in ["by-helper", "by-url"] {
        let result = try lab.run(
          "push", remote, environment: lab.environment.with(server.environmentOfStranger))
        #expect(result.status == 1)
        #expect(result.stderr.hasPrefix("error: cannot fetch from \(remote), \(server.url(name)): "))
        #expect(result.stderr.contains("Authentication failed"), "\(result.stderr)")
        #expect(result.stderr.contains("hint: the user name or password is not taken there"))
        #expect(!result.stderr.contains("tr0ub4dor"))
      }
      #expect(try !lab.weave("remote", "list").contains("tr0ub4dor"))
    }
  }

  @Test(
    "a key that is not let in, and a machine that ssh does not know, are told apart",
    .enabled(if: SSHServer.isInstalled, "sshd is not installed"))
  func refusedBySSH() throws {
    try Self.withRemote(over: { try SSHServer.run($1) }) { lab, server, name in
      let url = server.url(lab.directory.appending(name))
      try lab.weave("remote", "add", "origin", url)
      let stranger = try lab.run(
        "push", environment: lab.environment.with(server.environmentOfStranger))
      #expect(stranger.status == 1)
      #expect(stranger.stderr.hasPrefix("error: cannot fetch from origin, \(url): "), "\(stranger.stderr)")
      #expect(stranger.stderr.contains("Permission denied"), "\(stranger.stderr)")
      #expect(stranger.stderr.contains("hint: no key of yours is let in there"), "\(stranger.stderr)")
      let newcomer = try lab.run(
        "push", environment: lab.environment.with(server.environmentOfNewcomer))
      #expect(newcomer.status == 1)
      #expect(newcomer.stderr.contains("Host key verification failed"), "\(newcomer.stderr)")
      #expect(newcomer.stderr.contains("hint: ssh does not know that machine"), "\(newcomer.stderr)")
    }
  }

  @Test("what a hook of the remote says is shown, and what was refused is pushed the next time")
  func hook() throws {
    try Lab.withStore { lab in
      let remote = try TestRepository.create(at: lab.directory.appending("remote.git"), bare: true)
      try remote.write("#!/bin/sh\necho 'only the bot may write here' >&2\nexit 1\n", to: "hooks/pre-receive")
      let hook = "\(remote.path)/hooks/pre-receive"
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
      try lab.weave("remote", "add", "origin", remote.path)
      let refused = try lab.run("push")
      #expect(refused.status == 1)
      #expect(refused.stderr.contains("error: refs/weave/public/manifest is refused: "))
      #expect(refused.stderr.contains("only the bot may write here"), "\(refused.stderr)")
      #expect(try remote.refs().isEmpty)
      try FileManager.default.removeItem(atPath: hook)
      try lab.weave("push")
      #expect(try remote.refs().keys.sorted() == ["refs/weave/public/manifest"])
    }
  }

  /// Runs `body` with a store and a server of an empty repository of this name beside it.
  private static func withRemote<Server>(
    over serve: (String, (Server) throws -> Void) throws -> Void,
    _ body: @escaping (Lab, Server, _ name: String) throws -> Void
  ) throws {
    try Lab.withStore { lab in
      _ = try TestRepository.create(at: lab.directory.appending("remote.git"), bare: true)
      try serve(lab.directory.path) { try body(lab, $0, "remote.git") }
    }
  }
}
