import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A URL where a path belongs", .inProcess)
struct URLForPathTests {
  @Test(
    "is named as such, without its secret, and makes nothing",
    arguments: [
      ["report", "--from", "URL"], ["init", "URL"], ["try", "telperion@v1", "--", "URL"],
      ["exec", "--", "URL"], ["bisect", "--good", "telperion@v1", "--bad", "telperion@v2", "--", "URL"],
      ["import", "URL"],
      ["constellation", "add", "URL"], ["status", "-c", "URL"], ["checkout", "--remove", "URL"],
      ["clone", "/hub", "URL"], ["project", "checkout", "telperion", "URL"],
      ["resolve", "--format", "template", "--template", "URL"],
    ],
    [
      "https://u:SECRET@h.invalid/x", "https://h.invalid/x?token=SECRET", "https:/u:SECRET@h.invalid/x",
      "//u:SECRET@h.invalid/x",
    ])
  func refused(command: [String], url: String) throws {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    let before = try FileManager.default.contentsOfDirectory(atPath: lab.workspace)
    let result = try lab.run(command.map { $0 == "URL" ? url : $0 })
    #expect(result.status == 1, "\(result)")
    #expect(!(result.stdout + result.stderr).contains("SECRET"), "\(result)")
    #expect(result.stderr.contains(" is a URL, and what belongs there is a "), "\(result)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: lab.workspace) == before)
  }
}
