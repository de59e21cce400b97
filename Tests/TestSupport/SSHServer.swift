import Foundation

/// A real sshd on a port of 127.0.0.1, with keys of its own, that lets in whoever runs the tests.
public struct SSHServer: Sendable {
  /// Whether there are sshd, ssh and ssh-keygen.
  public static let isInstalled = ["sshd", "ssh", "ssh-keygen"].allSatisfy { installedProgram($0) != nil }

  /// The port that it listens on.
  public let port: UInt16
  private let directory: TemporaryDirectory

  /// Runs `body` with a server that ends with it.
  public static func run<Result>(_ body: (SSHServer) throws -> Result) throws -> Result {
    let directory = try TemporaryDirectory()
    try makeKeys(in: directory)
    try makePrivilegeSeparationDirectory()
    return try withLoopbackServer { port in
      let configuration = try directory.write(serverConfiguration(port, directory), to: "sshd_config")
      guard let program = installedProgram("sshd") else { throw TestFailure("sshd is not installed") }
      return try spawnProcess(
        program, ["-D", "-e", "-f", configuration], in: directory.path,
        environment: TestEnvironment(home: directory.path).variables)
    } _: { port in
      let hostKey = try String(contentsOfFile: directory.appending("host_key.pub"), encoding: .utf8)
      try directory.write("[127.0.0.1]:\(port) \(hostKey)", to: "known_hosts")
      try directory.write("", to: "no_known_hosts")
      return try body(SSHServer(port: port, directory: directory))
    }
  }

  /// The URL of the repository at `path`.
  public func url(_ path: String) -> String { "ssh://127.0.0.1:\(port)\(path)" }

  /// What Git needs to be let in, and to know the server.
  public var environment: [String: String?] { command(key: "client_key", knownHosts: "known_hosts") }

  /// The same with a key that the server does not know.
  public var environmentOfStranger: [String: String?] {
    command(key: "strange_key", knownHosts: "known_hosts")
  }

  /// The same for one who has never met the server.
  public var environmentOfNewcomer: [String: String?] {
    command(key: "client_key", knownHosts: "no_known_hosts")
  }

  /// The path of a configuration of ssh (ssh_config(5)) by which every host is this server; hosts whose name begins with
  /// `stranger` are ones that the user never met.
  public func clientConfiguration() throws -> String {
    try directory.write(
      """
      Host stranger*
        UserKnownHostsFile \(directory.appending("no_known_hosts"))
      Host *
        HostName 127.0.0.1
        Port \(port)
        IdentityFile \(directory.appending("client_key"))
        IdentitiesOnly yes
        IdentityAgent none
        UserKnownHostsFile \(directory.appending("known_hosts"))
        GlobalKnownHostsFile /dev/null

      """, to: "ssh_config")
  }

  private func command(key: String, knownHosts: String) -> [String: String?] {
    // ssh takes the home of the user from the system, not from HOME: nothing may be left to its defaults.
    let options = [
      "IdentityFile=\(directory.appending(key))", "IdentitiesOnly=yes", "IdentityAgent=none",
      "UserKnownHostsFile=\(directory.appending(knownHosts))", "GlobalKnownHostsFile=/dev/null",
      "StrictHostKeyChecking=yes", "BatchMode=yes",
    ]
    return ["GIT_SSH_COMMAND": "ssh -F none " + options.map { "-o \($0)" }.joined(separator: " ")]
  }

  private static func makeKeys(in directory: TemporaryDirectory) throws {
    for name in ["host_key", "client_key", "strange_key"] {
      try runProcess(
        "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", name], in: directory.path,
        environment: TestEnvironment(home: directory.path).variables
      ).succeeded(["ssh-keygen"])
    }
    try FileManager.default.copyItem(
      atPath: directory.appending("client_key.pub"), toPath: directory.appending("authorized_keys"))
  }

  /// An sshd of root does not start without it; what starts the system's own makes it.
  private static func makePrivilegeSeparationDirectory() throws {
    let path = "/run/sshd"
    guard geteuid() == 0, FileManager.default.fileExists(atPath: "/run"),
      !FileManager.default.fileExists(atPath: path)
    else { return }
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
  }

  private static func serverConfiguration(_ port: UInt16, _ directory: TemporaryDirectory) -> String {
    // What the Git of the other side sees: as here, nothing of the machine or the user.
    let variables = TestEnvironment(home: directory.path).variables
    let seen = ["PATH", "HOME", "LC_ALL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"]
    return """
      ListenAddress 127.0.0.1
      Port \(port)
      HostKey \(directory.appending("host_key"))
      AuthorizedKeysFile \(directory.appending("authorized_keys"))
      AuthenticationMethods publickey
      PermitRootLogin yes
      StrictModes no
      UsePAM no
      PidFile none
      MaxStartups 100
      SetEnv \(seen.map { "\"\($0)=\(variables[$0] ?? "")\"" }.joined(separator: " "))

      """
  }
}
