import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What a source is told", .inProcess)
struct NegotiationTests {
  @Test("a fetch tells the source of no commit of another project, of no event, and of no local commit")
  func haves() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let checkout = try lab.checkout("laurelin")
      let local = try checkout.commit("local only")
      try lab.weave("link", "telperion@main", "laurelin@\(local)")
      // With a new branch to get, there is something to negotiate.
      try telperion.repository.checkout("side", create: true)
      try telperion.repository.commit("side")
      for project in ["telperion", "new"] {
        if project == "new" { _ = try lab.addProject("new") }
        let trace = lab.directory.appending("trace-\(project)")
        let result = try lab.run(
          "fetch", project, environment: lab.environment.with(["GIT_TRACE_PACKET": trace]))
        #expect(result.status == 0, "\(result.stderr)")
        let told = try String(contentsOfFile: trace, encoding: .utf8).matches(
          of: /fetch> have ([0-9a-f]{40})/
        )
        .map { String($0.output.1) }
        #expect(project == "new" || !told.isEmpty)
        let own = project == "new" ? [] : [telperion.one, telperion.two]
        #expect(Set(told).subtracting(own) == [])
      }
    }
  }

  @Test("what the source sends beside branches and tags is not taken")
  func otherRefs() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let ledger = try lab.ledger()
      for reference in [
        "refs/weave/public/manifest", ledger, "refs/notes/weave", "refs/replace/\(telperion.one)",
      ] {
        try telperion.repository.git("update-ref", reference, telperion.two)
      }
      let before = try lab.store.refs()
      try lab.weave("fetch")
      #expect(try lab.store.refs() == before)
    }
  }
}
