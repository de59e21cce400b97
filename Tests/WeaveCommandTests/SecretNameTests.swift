import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Names of projects whose URLs have secrets", .inProcess)
struct SecretNameTests {
  /// As Git names the directory of a clone.
  private static let name = "d?token=s3cr3t"
  private static let url = "https://git.invalid/x/\(name)"

  private func expectNoSecret(in lab: Lab, _ result: ProcessResult) throws {
    #expect(!(result.stdout + result.stderr).contains("s3cr3t"), "\(result.stdout)\(result.stderr)")
    let list = try lab.weave("project", "list")
    #expect(list.contains("d ") && list.contains("https://git.invalid/x/d"), "\(list)")
    let recorded = try lab.store.git("ls-tree", "-r", "--name-only", "refs/weave/public/manifest")
    let texts = try lab.store.git("log", "--format=%B", "refs/weave/public/manifest")
    let refs = try lab.store.git("for-each-ref")
    #expect(recorded.contains("projects/d\n") || recorded.hasSuffix("projects/d"), "\(recorded)")
    #expect(!(recorded + texts + refs).contains("s3cr3t"), "\(recorded)\(texts)\(refs)")
  }

  @Test("a checkout in a directory that Git named after a URL with a token is adopted by the name without")
  func adopted() throws {
    let lab = try Lab()
    let source = try lab.makeSource("d")
    let checkout = lab.workspace + "/" + Self.name
    try source.repository.git("clone", "--quiet", source.repository.path, checkout)
    try TestRepository(at: checkout).git("config", "remote.origin.url", Self.url)
    let result = try lab.run("init", "--yes")
    #expect(result.stderr.contains("is not recorded"), "\(result.stderr)")
    try expectNoSecret(in: lab, result)
  }

  @Test(
    "an entry of another tool's file is imported by the name without",
    arguments: [
      (
        "default.xml",
        "<manifest><remote name=\"o\" fetch=\"https://git.invalid/x\"/><default remote=\"o\" revision=\"main\"/>"
          + "<project name=\"\(name)\"/></manifest>"
      ),
      ("a.repos", "repositories:\n  \"\(name)\": {type: git, url: \"\(url)\", version: main}\n"),
      ("b.repos", "repositories:\n  mine: {type: git, url: \"\(url)\", version: main}\n"),
    ])
  func imported(file: (name: String, text: String)) throws {
    try Lab.withStore { lab in
      let path = try lab.directory.write(file.text, to: "workspace/\(file.name)")
      try expectNoSecret(in: lab, lab.run("import", "--yes", path))
    }
  }
}
