import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Where the user's configuration is")
struct UserIdentityTests {
  @Test("the name and address are read from the file that GIT_CONFIG_GLOBAL names, as git does")
  func global() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let config = try lab.directory.write(
        "[user]\n\tname = Glorfindel\n\temail = g@example.org\n", to: "config")
      let environment: [String: String?] = [
        "GIT_CONFIG_GLOBAL": config, "GIT_COMMITTER_NAME": nil, "GIT_COMMITTER_EMAIL": nil,
      ]
      let result = try lab.run(
        "link", "telperion@v1", "laurelin@v1", environment: lab.environment.with(environment))
      #expect(result.status == 0, "\(result.stderr)")
      #expect(try lab.weave("log").contains("Glorfindel"))
    }
  }

  @Test("with GIT_CONFIG_GLOBAL, the home directory's configuration is not read, as git does")
  func notHome() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.directory.write("[user]\n\tname = Home\n\temail = h@example.org\n", to: "home/.gitconfig")
      let environment: [String: String?] = [
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_COMMITTER_NAME": nil, "GIT_COMMITTER_EMAIL": nil,
      ]
      let result = try lab.run(
        "link", "telperion@v1", "laurelin@v1", environment: lab.environment.with(environment))
      #expect(result.status == 1)
      #expect(result.stderr.hasPrefix("error: "), "\(result.stderr)")
    }
  }
}

@Suite("A trusted store of another user's", .enabled(if: Privileges.canBeNobody, "needs root and setpriv"))
struct TrustedOwnershipTests {
  private func links(_ lab: Lab, directory: String, byVariable: Bool) throws -> ProcessResult {
    _ = try runProcess(
      "chmod", ["-R", "a+rX", lab.directory.path], in: "/", environment: lab.environment.variables)
    let home = lab.directory.appending("trusting")
    let config = try lab.directory.write("[safe]\n\tdirectory = \(directory)\n", to: "trusting/.gitconfig")
    let changes: [String: String?] =
      byVariable ? ["GIT_CONFIG_GLOBAL": config] : ["HOME": home, "GIT_CONFIG_GLOBAL": nil]
    let environment = lab.environment.with(changes).variables
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"]
    let git = try runProcess(
      "/usr/bin/setpriv", nobody + ["git", "-C", lab.store.path, "for-each-ref"], in: lab.workspace,
      environment: environment)
    #expect(git.status == (byVariable || directory == "*" ? 0 : git.status), "\(git.stderr)")
    return try runProcess(
      "/usr/bin/setpriv", nobody + [weaveExecutable, "links"], in: lab.workspace, environment: environment)
  }

  @Test("safe.directory = * trusts it, as with git")
  func all() throws {
    let lab = try Lab.filled()
    let result = try links(lab, directory: "*", byVariable: false)
    #expect(result.status == 0, "\(result.stderr)")
  }

  @Test("the path in the file that GIT_CONFIG_GLOBAL names trusts it, as with git")
  func variable() throws {
    let lab = try Lab.filled()
    let result = try links(lab, directory: lab.store.path, byVariable: true)
    #expect(result.status == 0, "\(result.stderr)")
  }
}
