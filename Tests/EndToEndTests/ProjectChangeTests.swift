import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Projects that change")
struct ProjectChangeTests {
  @Test("two settings changed at the same time are both changed")
  func settings() throws {
    try Lab.withStore { lab in
      let source = try lab.addProject("a")
      let other = try lab.makeSource("other")
      for round in 0..<8 {
        let track = round % 2 == 0 ? "v1" : "main"
        let path = round % 2 == 0 ? other.repository.path : source.repository.path
        let first = try lab.start("project", "set", "a", "track", track)
        let second = try lab.start("project", "set", "a", "source", path)
        #expect(first.wait().status == 0)
        #expect(second.wait().status == 0)
        let list = try lab.weave("project", "list")
        #expect(list.contains(track) && list.contains(path))
      }
    }
  }

  @Test("a setting that is changed while the project is removed does not bring it back")
  func removed() throws {
    try Lab.withStore { lab in
      let source = try lab.makeSource("a")
      for _ in 0..<8 {
        try lab.weave("project", "add", "a", source.repository.path)
        let set = try lab.start("project", "set", "a", "track", "v1")
        let remove = try lab.start("project", "remove", "a")
        set.wait()
        #expect(remove.wait().status == 0)
        #expect(try !lab.weave("project", "list").contains("sources/a"))
      }
    }
  }

  @Test(
    "a project that is added again with another source has none of the old one's commits, and links keep theirs"
  )
  func addedAgain() throws {
    try Lab.withTwoProjects { lab, telperion, _ in
      try lab.weave("link", "telperion@main", "laurelin@main", "-m", "works")
      try lab.weave("project", "remove", "--force", "telperion")
      #expect(try lab.store.git("for-each-ref", "refs/namespaces/telperion") == "")
      try lab.store.git("gc", "--quiet", "--prune=now")
      #expect(try lab.holds(telperion.two))
      let other = try lab.makeSource("other")
      try lab.weave("project", "add", "telperion", other.repository.path)
      #expect(try lab.weave("project", "list").contains("not fetched"))
      try lab.weave("fetch", "telperion")
      #expect(lab.store.resolve("refs/namespaces/telperion/refs/heads/main") == other.two)
    }
  }

  @Test("a project named twice is fetched once")
  func twice() throws {
    try Lab.withTwoProjects { lab, _, _ in
      let result = try lab.run("fetch", "telperion", "telperion")
      #expect(result.status == 0)
      #expect(result.stderr.split(separator: "\n").count == 1)
    }
  }

  @Test("a source that was detached and then lost its HEAD has none here")
  func lostHead() throws {
    try Lab.withTwoProjects { lab, telperion, _ in
      try telperion.repository.git("checkout", "--quiet", "--detach", "v1")
      try lab.weave("fetch", "telperion")
      #expect(lab.store.resolve("refs/namespaces/telperion/HEAD") == telperion.one)
      try telperion.repository.git("symbolic-ref", "HEAD", "refs/heads/none")
      try lab.weave("fetch", "telperion")
      #expect(lab.store.resolve("refs/namespaces/telperion/HEAD") == nil)
    }
  }
}

@Suite("One thing that is damaged")
struct OneDamageTests {
  @Test("a constellation that cannot be read stops nothing that is true without it")
  func constellation() throws {
    let lab = try Lab.filled()
    try lab.constellationByHand("machines: [\n", as: "broken")
    let first = try lab.id("telperion@v1")
    for arguments in [
      ["status", "-c", "emerald-city"], ["resolve", "-c", "emerald-city"],
      ["constellation", "list"],
      ["report", "--machine", "toto", "telperion=\(first)"],
      ["revoke", "telperion@v4", "-m", "bad"],
    ] {
      let result = try lab.run(arguments)
      #expect(result.status == 0, "\(arguments): \(result.stderr)")
    }
    let report = try lab.run("report", "--machine", "toto", "telperion=\(first)")
    #expect(
      report.stderr.contains("warning: the stored constellation 'broken' cannot be read: broken:"),
      "\(report)")
  }

  @Test("a source with an address of IPv6 is one, and one that names a transport is refused")
  func addresses() throws {
    try Lab.withStore { lab in
      try lab.weave("project", "add", "six", "ssh://git@[::1]:2222/six.git")
      let transport = try lab.run("project", "add", "ext", "ext::sh -c true")
      #expect(transport.status == 1)
      #expect(transport.stderr.contains("names a transport that runs a program"))
    }
  }
}

@Suite("Records that count beyond what numbers hold")
struct OverflowTests {
  private func write(_ ref: String, _ message: String, date: String, files: Bool, in lab: Lab) throws {
    let blob = try lab.store.git(
      ["hash-object", "-w", "--stdin"], input: Array("telperion \(String(repeating: "1", count: 40))\n".utf8))
    let tree = try lab.store.git(
      ["mktree"], input: Array((files ? "100644 blob \(blob)\tobserved\n" : "").utf8))
    let commit = "tree \(tree)\nauthor A <a@b> \(date) +0000\ncommitter A <a@b> \(date) +0000\n\n\(message)\n"
    let id = try lab.store.git(
      ["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], input: Array(commit.utf8))
    try lab.store.git("update-ref", ref, id)
  }

  @Test("a report dated before all time is very old, and the last number of all is damaged")
  func numbers() throws {
    try Lab.withDirectory { lab in
      try lab.weave("init")
      let telperion = try lab.addProject("telperion")
      try lab.weave("fetch")
      try lab.directory.write(
        "constellation: c\nprojects: { telperion: {} }\nroles: { r: { projects: [telperion] } }\nmachines: { toto: { roles: [r] } }\n",
        to: "workspace/c.yaml")
      try lab.weave("constellation", "add", "c.yaml")
      let trailers = "Weave-Machine: toto\nWeave-Sequence: \(Int.max)"
      try write(
        "refs/weave/public/observed/toto", "observed toto\n\n\(trailers)", date: "1", files: true, in: lab)
      try write(
        "refs/weave/public/seen/toto", "seen toto\n\n\(trailers)", date: "\(Int.min)", files: false, in: lab)
      for arguments in [["status"], ["status", "-c", "c"], ["status", "-c", "c", "--json"]] {
        let result = try lab.run(arguments)
        #expect(result.status == 0 && result.signal == nil, "\(result.stderr)")
      }
      let report = try lab.run("report", "--machine", "toto", "telperion=\(telperion.one)")
      #expect(report.status == 1 && report.signal == nil)
      #expect(report.stderr.hasPrefix("error: "))
    }
  }
}
