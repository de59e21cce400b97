import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("The tutorials")
struct TutorialTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    .standardizedFileURL.path

  @Test("every command of the tutorial on sharing works, typed as it stands")
  func sharing() throws {
    try Lab.withDirectory { lab throws in
      let result = try runProcess(
        "\(Self.root)/Scripts/tutorial.sh", ["\(Self.root)/Docs/tutorial-sharing.md"], in: lab.workspace,
        environment: lab.environment.with(["WEAVE": weaveExecutable]).variables)
      #expect(result.status == 0, "\(result.stderr.suffix(2_000))")
      #expect(result.stderr.contains("From origin: 1 event, 1 lock"), "\(result.stderr)")
    }
  }
}
