import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Lock files of living processes")
struct FreshLockTests {
  /// Makes a lock file that stays fresh however slow the machine is, and returns its path.
  private func lock(_ reference: String, in lab: Lab) throws -> String {
    let path = "\(lab.store.path)/\(reference).lock"
    try Data().write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 86_400)], ofItemAtPath: path)
    return path
  }

  private func content(_ reference: String, in lab: Lab) -> String? {
    try? String(contentsOfFile: "\(lab.store.path)/\(reference)", encoding: .utf8)
  }

  /// Whether the process has ended; it can be waited for afterwards.
  private func hasEnded(_ process: RunningProcess) -> Bool {
    var information = siginfo_t()
    return waitid(P_PID, id_t(process.pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information.si_signo == SIGCHLD
  }

  @Test("a link waits for a fresh lock on its ledger, and does not take it")
  func link() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let (ledger, keep) = (try lab.ledger(), "refs/weave-local/keep/telperion")
      let (tip, kept) = (content(ledger, in: lab), content(keep, in: lab))
      let path = try lock(ledger, in: lab)
      let process = try lab.start("link", "telperion@main", "laurelin@main")
      // The keep chain is moved first: from then on, the ledger is what the link waits for.
      while content(keep, in: lab) == kept, !hasEnded(process) { usleep(2_000) }
      #expect(content(ledger, in: lab) == tip)
      #expect(unlink(path) == 0)
      let result = process.wait()
      #expect(result.status == 0, "\(result.stderr)")
      #expect(!result.stderr.contains("stale"))
      #expect(try lab.events().count == 2)
    }
  }

  @Test("a lock that stays is one error that names it, and no event")
  func stays() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let event = try lab.weave("link", "telperion@v1", "laurelin@v1")
      let path = try lock(lab.ledger(), in: lab)
      let result = try lab.run("link", "telperion@main", "laurelin@main")
      #expect(result.status == 1)
      #expect(result.stdout == "")
      let ledger = try lab.ledger()
      #expect(result.stderr.hasPrefix("error: ") && result.stderr.contains(ledger), "\(result.stderr)")
      #expect(try lab.events() == [event])
      #expect(unlink(path) == 0)
      try lab.weave("link", "telperion@main", "laurelin@main")
    }
  }

  @Test("a fetch tries again while a branch is locked, and does not take the lock")
  func fetch() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let three = try telperion.repository.commit("three")
      let path = try lock("refs/namespaces/telperion/refs/heads/main", in: lab)
      // Whoever holds the lock lets it go just before the second try, if it is still there.
      let first = lab.directory.appending("first")
      let script = "if test -e '\(first)'; then rm '\(path)' || exit 99; else touch '\(first)'; fi"
      let result = try lab.run(
        "fetch", "telperion", environment: lab.environment.with(lab.beforeEachFetch(script)))
      #expect(result.status == 0, "\(result.stderr)")
      #expect(lab.store.resolve("refs/namespaces/telperion/refs/heads/main") == three)
    }
  }
}
