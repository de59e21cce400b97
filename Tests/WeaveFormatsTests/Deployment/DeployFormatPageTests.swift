import Foundation
import Testing
import WeaveFormats

@Suite("The formats for deploy tools")
struct DeployFormatPageTests {
  @Test("each has a section in the reference", arguments: DeployFormat.allCases)
  func documented(format: DeployFormat) throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Docs/reference/formats.md").standardizedFileURL
    let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
    #expect(lines.contains("## \(format.rawValue)"))
    #expect(lines.contains { $0.hasPrefix("| [`\(format.rawValue)`](#\(format.rawValue)) |") })
  }
}
