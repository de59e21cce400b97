import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite(
  "probe by ssh, with a real sshd",
  .enabled(if: SSHServer.isInstalled, "sshd or ssh is not installed (apt-get install openssh-server)"))
struct ProbeSSHTests {
  private static let machines = """
    "fine-[01:30]": { roles: [ring] }
        "hang-[1:3]": { roles: [ring] }
        "rubbish-[1:4]": { roles: [ring] }
        "big-[1:3]": { roles: [ring] }
        "other-[1:4]": { roles: [ring] }
        "fail-[1:3]": { roles: [ring] }
        "stranger-[1:3]": { roles: [ring] }
    """

  /// What a machine answers, by its name.
  private static func answers(_ commit: String) -> String {
    """
    case $1 in
    fine-01) test -z "$SSH_AUTH_SOCK" && test -z "$SSH_TTY" && echo narya \(commit);;
    fine-*) echo narya \(commit);;
    hang-*) sleep 40;;
    rubbish-*) echo "<html>";;
    big-*) head -c 10485760 /dev/zero;;
    other-*) echo '{"schema":"weave.manifest/1","machine":"fine-01","projects":{}}';;
    fail-*) echo "no such file" >&2; exit 3;;
    esac
    """
  }

  @Test("of 50 machines some hang, refuse, answer rubbish or too much, or speak for others: each has its row")
  func fifty() throws {
    let lab = try Lab.threeProjects()
    try SSHServer.run { server in
      let bin = try TemporaryDirectory()
      try bin.write(
        "#!/bin/sh\nPATH=${PATH#*:}\nexec ssh -F '\(server.clientConfiguration())' \"$@\"\n", to: "ssh",
        executable: true)
      try bin.write(Self.answers(lab.id("narya@v1")), to: "answer")
      try lab.directory.write(
        """
        constellation: many
        projects: { narya: {} }
        roles: { ring: { projects: [narya] } }
        machines:
            \(Self.machines)
        probe: { ssh: "{address}", run: "sh \(bin.path)/answer {machine}", timeout: 15s }
        """, to: "workspace/many.yaml")
      let path = "\(bin.path):\(lab.environment.variables["PATH"] ?? "")"
      let result = try lab.run(
        ["probe", "-c", "many.yaml"], environment: lab.environment.with(["PATH": path]))
      #expect(result.status == 1, "\(result.stderr)")
      let rows = result.stdout.split(separator: "\n").map { line in
        let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        return (machine: words[0], result: words[1], rest: words.dropFirst(2).joined(separator: " "))
      }
      #expect(rows.count == 50)
      let expected = [
        "fine": ("reported", "report 1"), "hang": ("unreachable", "no answer within 15s"),
        "rubbish": ("refused", "its answer:1: '<html>' is not `PROJECT SHA`"),
        "big": ("refused", "more than 1 MiB"), "other": ("refused", "this is what fine-01 says"),
        "fail": ("refused", "the command exited with 3: no such file"),
        "stranger": ("unreachable", "Host key verification failed."),
      ]
      for row in rows {
        let kind = String(row.machine.prefix { $0 != "-" })
        #expect(row.result == expected[kind]?.0, "\(row)")
        #expect(row.rest.contains(expected[kind]?.1 ?? "?"), "\(row)")
      }
    }
    #expect(try lab.store.refs().keys.count { $0.hasPrefix("refs/weave/public/observed/") } == 30)
    #expect(try lab.status(of: "hang-1", constellation: "many.yaml").freshness == "unreachable")
    try lab.check()
  }
}
