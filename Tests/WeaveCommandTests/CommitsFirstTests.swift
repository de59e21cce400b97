import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Linked commits that nobody else can have", .inProcess)
struct CommitsFirstTests {
  /// A link to a commit of telperion that only the workspace's checkout has.
  private func withLocalCommit(_ body: (_ lab: Lab, _ hub: TestRepository, _ local: String) throws -> Void)
    throws
  {
    try Lab.withTwoProjects { lab, _, _ throws in
      let hub = try lab.share()
      let local = try lab.checkout("telperion").commit("only here")
      try lab.link("telperion@\(local)", "laurelin@main")
      try body(lab, hub, local)
    }
  }

  @Test("push warns of them and lists them, and sends the events all the same")
  func warns() throws {
    try withLocalCommit { lab, _, local throws in
      let push = try lab.run("push")
      #expect(push.status == 0)
      #expect(
        push.stderr == """
          To hub: 1 event
          warning: 1 linked commit cannot be had by anybody else: no branch or tag of the project's source has it, as last fetched
            telperion \(local)
          hint: push them there, or `weave push --with-commits`

          """)
    }
  }

  @Test("--with-commits pushes them to their project's source first, as a tag, and others can then have them")
  func withCommits() throws {
    try withLocalCommit { lab, _, local throws in
      let branches = try lab.source("telperion").git("for-each-ref", "refs/heads")
      let push = try lab.run("push", "--with-commits")
      #expect(push.status == 0)
      #expect(push.stderr == "To hub: 1 event\n")
      #expect(lab.source("telperion").resolve("refs/tags/weave/\(local)") == local)
      #expect(try lab.source("telperion").git("for-each-ref", "refs/heads") == branches)
      let bob = try lab.colleague("bob")
      #expect(bob.store.resolve("\(local)^{commit}") == local)
      #expect(try lab.run("fsck", "--remote").status == 0)
    }
  }

  @Test("where the project's source does not take them, no event is sent")
  func refused() throws {
    try withLocalCommit { lab, hub, _ throws in
      let hook = "\(lab.source("telperion").path)/.git/hooks/pre-receive"
      try lab.directory.write(
        "#!/bin/sh\necho no tags here >&2\nexit 1\n", to: "sources/telperion/.git/hooks/pre-receive")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
      let before = try hub.refs()
      let push = try lab.run("push", "--with-commits")
      #expect(push.status == 1)
      #expect(push.stderr.hasPrefix("error: cannot push refs/tags/weave/"), "\(push.stderr)")
      #expect(try hub.refs() == before)
    }
  }

  @Test("fsck --remote lists the published links whose commits cannot be had, and only the published")
  func fsckRemote() throws {
    try withLocalCommit { lab, _, local throws in
      #expect(try lab.run("fsck", "--remote").status == 0)
      try lab.weave("push")
      let fsck = try lab.run("fsck", "--remote")
      #expect(fsck.status == 1)
      let link = try lab.event("link").prefix(7)
      #expect(
        fsck.stdout == "error: telperion \(local), which published links name (\(link)), cannot be had: "
          + "no branch or tag of its source has it\n")
    }
  }
}
