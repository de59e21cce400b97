import Foundation
import TestSupport

extension Lab {
  /// A workspace, two others, and a remote that has what the workspace has not: another's events, lock, observation and
  /// change of the manifest, and what a copy of the workspace wrote under the workspace's own name. The workspace has
  /// as much that the remote has not. Together they have five events.
  static func apart() throws -> (lab: Lab, hub: TestRepository, others: [Colleague]) {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    let hub = try lab.share()
    let bob = try lab.colleague("bob")
    let twin = Colleague(lab: lab, workspace: lab.directory.appending("twin"))
    try FileManager.default.copyItem(atPath: lab.workspace, toPath: twin.workspace)
    try bob.weave("link", "telperion@v2", "laurelin@v2", "narya@v2", "-m", "works")
    try bob.weave("revoke", "telperion@v3", "-m", "loops")
    try bob.weave("lock", "-c", "emerald-city")
    try bob.weave("report", "--machine", "toto", "telperion=\(lab.id("telperion@v2"))")
    try bob.weave("project", "set", "narya", "track", "main")
    try bob.weave("push")
    try twin.weave("link", "laurelin@v3", "narya@v3", "-m", "works")
    try twin.weave("push")
    try twin.weave("pull")
    try lab.link("laurelin@v4", "narya@v4")
    try lab.weave("constellation", "add", "-", input: Constellations.pair())
    try lab.report("toto", "telperion@v1", "laurelin@v2")
    try lab.report("barge", "narya@v2")
    return (lab, hub, [bob, twin])
  }
}
