import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What a source's URL may not do", .inProcess)
struct SourceURLTests {
  enum Kind: String, CaseIterable { case uploadPack, shortUploadPack, ext, fd, sshOption, shellInPath }

  private func url(_ kind: Kind, mark: String) -> String {
    switch kind {
    case .uploadPack: "--upload-pack=touch \(mark); git-upload-pack"
    case .shortUploadPack: "-utouch \(mark);"
    case .ext: "ext::sh -c touch% \(mark)"
    case .fd: "fd::0,1/\(mark)"
    case .sshOption: "ssh://-oProxyCommand=touch \(mark)/x"
    case .shellInPath: "$(touch \(mark))"
    }
  }

  @Test(
    "a source that is an option, or a transport that runs commands, runs nothing, also where the user allows it",
    arguments: Kind.allCases)
  func runsNothing(kind: Kind) throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let mark = lab.directory.appending("ran")
      let settings = "[protocol]\n\tallow = always\n[protocol \"ext\"]\n\tallow = always\n"
      let config = try lab.directory.write(settings, to: "home/.gitconfig")
      let environment: [String: String?] = [
        "GIT_CONFIG_GLOBAL": config, "GIT_ALLOW_PROTOCOL": "ext:fd:ssh:file", "GIT_PROTOCOL_FROM_USER": "1",
      ]
      let three = try telperion.repository.commit("three")
      let added = try lab.run(
        "project", "add", "evil", "--", url(kind, mark: mark), environment: lab.environment.with(environment))
      #expect(added.status == 0 || added.stderr.hasPrefix("error: "), "\(added.stderr)")
      let fetched = try lab.run("fetch", environment: lab.environment.with(environment))
      #expect(fetched.status == (added.status == 0 ? 1 : 0), "\(fetched.stderr)")
      #expect(!FileManager.default.fileExists(atPath: mark))
      #expect(try lab.store.git("for-each-ref", "refs/namespaces/evil") == "")
      // The others are fetched all the same.
      #expect(lab.store.resolve("refs/namespaces/telperion/refs/heads/main") == three)
    }
  }
}
