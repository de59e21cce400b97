import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Many writers")
struct ConcurrencyTests {
  @Test("32 processes that link at once beside an endless git pack-refs lose nothing")
  func links() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      for number in 0..<8 { try telperion.repository.commit("more \(number)") }
      try lab.weave("fetch")
      let stop = lab.directory.appending("stop")
      let packing = try spawnProcess(
        "sh", ["-c", "until test -e '\(stop)'; do git pack-refs --all; done"], in: lab.store.path,
        environment: lab.store.environment.variables)
      let processes = try (0..<32).map { number in
        try lab.start(
          "link", "telperion@main~\(number % 8)", "laurelin@\(number % 2 == 0 ? "v1" : "main")", "-m",
          "link number \(number)")
      }
      let results = processes.map { $0.wait() }
      try lab.directory.write("", to: "stop")
      packing.wait()
      for result in results {
        #expect(result.status == 0, "\(result.stderr)")
        #expect(isIDAlone(result.stdout))
      }
      let printed = results.map { $0.stdout.trimmingCharacters(in: .newlines) }
      #expect(try lab.events().sorted() == printed.sorted())
      #expect(Set(printed).count == 32)
      let texts = try lab.store.git("log", "--format=%b", lab.ledger())
      for number in 0..<32 { #expect(texts.split(separator: "\n").contains("link number \(number)")) }
      #expect(try lab.weave("links", "--live").split(separator: "\n").count == 32)
    }
  }

  @Test("links, revocations, fetches and a git gc at once leave a whole store")
  func mixed() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1")
      try telperion.repository.commit("three")
      var processes: [RunningProcess] = []
      for number in 0..<4 {
        processes.append(try lab.start("link", "telperion@main", "laurelin@main", "-m", "\(number)"))
        processes.append(try lab.start("revoke", link, "-m", "reason \(number)"))
        processes.append(try lab.start("fetch"))
        processes.append(try lab.start("report", "--machine", "toto", "telperion=\(telperion.one)"))
      }
      try lab.store.git("gc", "--quiet")
      for process in processes {
        let result = process.wait()
        #expect(result.status == 0, "\(result.stderr)")
      }
      #expect(try lab.events().count == 9)
      #expect(lab.fetched("telperion", "refs/heads/main") == (try telperion.repository.head()))
    }
  }

  /// The holder does not let go of the lock before it is killed: who waits for it does not end.
  @Test("a command that only reads waits for nobody")
  func readers() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let holder = try spawnProcess(
        "sh", ["-c", "exec 9<weave/lock; flock 9; echo held; exec sleep 600"], in: lab.store.path,
        environment: lab.environment.variables)
      defer {
        holder.kill(SIGKILL)
        holder.wait()
      }
      while !holder.outputSoFar().contains("held") { usleep(10_000) }
      #expect(try lab.run("links").status == 0)
      #expect(try lab.run("log").status == 0)
      #expect(holder.isRunning)
    }
  }
}
