import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Collection between commands", .inProcess)
struct CollectionTests {
  private func collect(_ lab: Lab) throws { try lab.store.git("gc", "--quiet", "--prune=now") }

  @Test("with git gc --prune=now after each command, no commit that was named is lost")
  func everyStep() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try collect(lab)
      // Upstream forgets the tip after weave has fetched it, and before anybody links it.
      try telperion.forcePush()
      try collect(lab)
      let event = try lab.weave("link", "telperion@main", "laurelin@main")
      try collect(lab)
      try lab.weave("fetch")
      try collect(lab)
      let revocation = try lab.weave("revoke", "laurelin@main", "-m", "bad")
      try laurelin.forcePush()
      try lab.weave("fetch")
      try collect(lab)
      try lab.weave("reinstate", revocation, "-m", "good")
      try collect(lab)
      #expect(try lab.holds(telperion.two) && lab.holds(laurelin.two))
      #expect(try lab.weave("links", "--live").hasPrefix(event.prefix(7)))
      // What is kept can be named again by its id.
      try lab.weave("link", "telperion@\(telperion.two)", "laurelin@main")
      try collect(lab)
    }
  }

  @Test("what a lock wants outlives the branch that it came from")
  func locked() throws {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.emeraldCity + "\ncouplings: []\n")
    let wanted = try Lab.threeProjectNames.map { try lab.id("\($0)@v4") }
    try lab.weave("lock")
    for project in Lab.threeProjectNames {
      let source = lab.source(project)
      try source.git("reset", "--quiet", "--hard", "v1")
      try source.git("tag", "--delete", "v2", "v3", "v4")
      try source.git("reflog", "expire", "--expire=now", "--all")
      try source.git("gc", "--quiet", "--prune=now")
    }
    try lab.weave("fetch")
    try lab.store.git("gc", "--quiet", "--prune=now")
    for (project, id) in zip(Lab.threeProjectNames, wanted) {
      #expect(try lab.store.git("cat-file", "-t", id) == "commit")
      let machine = project == "narya" ? "barge" : "toto"
      #expect(try lab.weave("sha", project, "--machine", machine) == id)
    }
    #expect(try lab.complaints() == "")
  }

  @Test("a pin to a linked commit that upstream has thrown away still holds")
  func pinned() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("link", "telperion@main", "laurelin@main")
      try telperion.forcePush()
      try lab.weave("fetch")
      try collect(lab)
      let text = """
        constellation: c
        priority: [telperion, laurelin]
        projects: { telperion: { pin: \(telperion.two) }, laurelin: {} }
        roles: { dns: { projects: [telperion, laurelin] } }
        machines: { toto: { roles: [dns] } }
        """
      let result = try lab.run(
        "resolve", "-c", "-", "--machine", "toto", "--project", "telperion", input: text)
      #expect(result.status == 0, "\(result.stderr)")
      #expect(result.stdout == telperion.two + "\n")
    }
  }
}
