import TestSupport
import Testing

@testable import LabSupport

@Suite("What machines run together", .inProcess)
struct TogetherTests {
  private func constellation(_ text: String, in lab: Lab) throws {
    try lab.directory.write(text, to: "workspace/c.yaml")
    try lab.weave("constellation", "add", "c.yaml")
  }

  private func id(_ lab: Lab, _ project: String, _ revision: String) throws -> String {
    try lab.source(project).git("rev-parse", revision + "^{commit}")
  }

  @Test(
    "three projects coupled in pairs are incompatible together, as when coupled in one entry",
    arguments: ["[[a, b], [b, c], [a, c]]", "[[a, b, c]]"])
  func couplings(couplings: String) throws {
    try Lab.withStore { lab in
      for name in ["a", "b", "c"] { try lab.addProject(name) }
      try lab.weave("fetch")
      try constellation(
        """
        constellation: together
        projects: { a: {}, b: {}, c: {} }
        roles: { ra: { projects: [a] }, rb: { projects: [b] }, rc: { projects: [c] } }
        machines: { xa: { roles: [ra] }, xb: { roles: [rb] }, xc: { roles: [rc] } }
        couplings: \(couplings)
        """, in: lab)
      try lab.weave("link", "a@main", "b@main", "c@main", "-m", "works")
      try lab.weave("lock")
      for name in ["a", "b", "c"] {
        try lab.weave("report", "--machine", "x" + name, "\(name)=\(id(lab, name, "main"))")
      }
      #expect(try lab.run("status", "-c", "together", "--exit-code").status == 0)
      try lab.weave("revoke", "a@main", "b@main", "c@main", "-m", "all three loop")
      let status = try lab.run("status", "-c", "together", "--exit-code")
      #expect(status.status == 5)
      #expect(status.stdout.contains("runs on xa, xb, xc"))
    }
  }

  private let withHost = """
    constellation: closure
    projects: { a: {}, b: {} }
    roles: { ra: { projects: [a] }, rb: { projects: [b] } }
    machines:
      h: { roles: [ra], containers: { g: { roles: [rb], with-host: true } } }
    """

  @Test("a host and a container built with it are revoked together, where they run and where they should")
  func closure() throws {
    try Lab.withStore { lab in
      for name in ["a", "b"] { try lab.addProject(name) }
      try lab.weave("fetch")
      try constellation(withHost, in: lab)
      try lab.weave("link", "a@main", "b@main", "-m", "works")
      try lab.weave("lock")
      try lab.weave("report", "--machine", "h", "a=\(id(lab, "a", "main"))")
      try lab.weave("report", "--machine", "g@h", "b=\(id(lab, "b", "main"))")
      #expect(try lab.run("status", "-c", "closure", "--exit-code").status == 0)
      try lab.weave("revoke", "a@main", "b@main", "-m", "loops")
      let status = try lab.run("status", "-c", "closure", "--exit-code")
      #expect(status.status == 5)
      #expect(status.stdout.contains("runs on h, g@h"))
      #expect(status.stdout.contains("wanted on g@h, h"))
      for (project, machine) in [("a", "h"), ("b", "g@h")] {
        let sha = try lab.run("sha", project, "--machine", machine)
        #expect(sha.status == 5 && sha.stdout == "")
      }
    }
  }

  @Test("a host's pin is that of a container built with it, over a lock too")
  func pins() throws {
    try Lab.withStore { lab in
      try lab.addProject("a")
      try lab.weave("fetch")
      func text(_ pin: String) -> String {
        """
        constellation: closure
        projects: { a: {} }
        roles: { ra: { projects: [a] } }
        machines:
          h:
            roles: [ra]
            pins: { a: \(pin) }
            containers: { g: { roles: [ra], with-host: true } }
        """
      }
      try constellation(text("v1"), in: lab)
      try lab.weave("lock")
      let main = try id(lab, "a", "main")
      try constellation(text(main), in: lab)
      for machine in ["h", "g@h"] {
        #expect(try lab.weave("sha", "a", "--machine", machine) == main)
      }
      #expect(try lab.weave("resolve").components(separatedBy: "(pin)").count == 3)
    }
  }

  @Test("a pin of a project that the machine does not run is wanted nowhere")
  func pinElsewhere() throws {
    try Lab.withStore { lab in
      for name in ["a", "b"] { try lab.addProject(name) }
      try lab.weave("fetch")
      try constellation(
        """
        constellation: pinned
        projects: { a: {}, b: {} }
        roles: { ra: { projects: [a] } }
        machines: { h: { roles: [ra], pins: { b: v1 } } }
        """, in: lab)
      #expect(try lab.run("sha", "b", "--machine", "h").status == 1)
      #expect(try !lab.weave("status", "-c", "pinned").contains("missing"))
    }
  }

  @Test("a project's pin overrides a lock made before it")
  func projectPin() throws {
    try Lab.withStore { lab in
      let source = try lab.addProject("a")
      try lab.weave("fetch")
      func text(_ project: String) -> String {
        """
        constellation: pinned
        projects: { a: \(project) }
        roles: { ra: { projects: [a] } }
        machines: { h: { roles: [ra] } }
        """
      }
      try constellation(text("{}"), in: lab)
      try lab.weave("lock")
      #expect(try lab.weave("sha", "a", "--machine", "h") == source.two)
      try constellation(text("{ pin: v1 }"), in: lab)
      #expect(try lab.weave("sha", "a", "--machine", "h") == source.one)
    }
  }

  @Test(
    "a lock whose host and container are revoked together is not restored, and nobody's contradiction is missed"
  )
  func restore() throws {
    try Lab.withStore { lab in
      for name in ["a", "b"] { try lab.addProject(name) }
      try lab.weave("fetch")
      try constellation(withHost, in: lab)
      try lab.weave("link", "a@main", "b@main", "-m", "works")
      try lab.weave("link", "a@v1", "b@v1", "-m", "worked")
      let first = try lab.weave("lock")
      try lab.weave("revoke", "a@main", "b@main", "-m", "loops")
      try lab.weave("lock")
      let restore = try lab.run("lock", "--restore", first)
      #expect(restore.status == 5)
      #expect(restore.stderr.contains("is unfit on g@h: Cid Committer revoked"))
      try lab.weave("lock", "--restore", first, "--even-revoked")

      try lab.directory.write(
        withHost.replacing("closure", with: "other").replacing(
          "{ a: {}, b: {} }", with: "{ a: { pin: v1 }, b: { pin: v1 } }"),
        to: "workspace/other.yaml")
      try lab.weave("constellation", "add", "other.yaml")
      let other = try lab.run("lock", "-c", "other")
      #expect(other.status == 1)
      #expect(other.stderr.contains("and the lock of closure wants"))
    }
  }
}
