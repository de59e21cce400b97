import Foundation
import TestSupport
import Testing

@testable import WeaveFormats

@Suite("A file in the syntax of Git's configuration") struct GitConfigTests {
  /// What stock Git reads of the text, `section.key` and value; nil where it refuses it.
  private func listed(_ text: String, in directory: TemporaryDirectory) throws -> [String]? {
    let file = try directory.write(text, to: "config")
    let result = try runProcess(
      "git", ["config", "--file", file, "--list", "--null"], in: "/",
      environment: TestEnvironment(home: "/nonexistent").variables)
    guard result.status == 0 else { return nil }
    return result.stdoutBytes.split(separator: 0).map { Self.spaced(String(decoding: $0, as: UTF8.self)) }
  }

  private func read(_ text: String) -> [String]? {
    try? GitConfig.entries(of: text, file: "f").map { entry in
      let section = [entry.section, entry.subsection].compactMap(\.self).joined(separator: ".")
      return Self.spaced(section + "." + entry.key + (entry.value.map { "\n" + $0 } ?? ""))
    }
  }

  /// Of blanks within a value older versions of Git make spaces.
  private static func spaced(_ text: String) -> String { text.replacing(/[\t\r]/, with: " ") }

  @Test(arguments: [
    "[a]\nb=c", "[a \"B c\"]\nD-1 = x y  z ; w", "[A.B]b", "[a]b=\"x;y\"#z\n", "[a]\n\tb = x\\\n  y\\\n",
    "[a]b",
    "[a]\r\nb = \"c d \"\r\n", "[a]b=\\\"\\\\\\n\\t", "[a]b=", "[a]b = \"\"", "[ a]\nb=c", "[a]\nb c = d",
    "[a \"b\\\"\\c\"]\nd=e", "[a]\n1=2", "[a", "[a]\nb=\"c", "[a]b=\\x", "[a \"b\"x]\nc", "[a\"b\"]\nc",
    "#\n;[a]\n[a];x",
    "[a]\nb = c \t d\n\n\n[b]", "[a]\n\u{b}b=c",
  ])
  func `is read, or refused, as stock Git does`(text: String) throws {
    #expect(read(text) == (try listed(text, in: TemporaryDirectory())), "\(text.debugDescription)")
  }

  @Test func `is read, or refused, as stock Git does, whatever stands in it`() throws {
    let directory = try TemporaryDirectory(inMemory: true)
    let pieces = [
      "[", "]", "a", "B", "-", "1", ".", "\"", "\\", "\n", "\r\n", " ", "\t", "=", ";", "#", "é", "[a]\n",
      "[a \"b\"]\n",
      "c = d\n", "\\\n", "\\n", "\"x y\"",
    ]
    var dice = SeededGenerator(seed: 7)
    var accepted = 0
    for _ in 0..<400 {
      let text =
        "[s]\n"
        + (0..<Int.random(in: 1...12, using: &dice)).map { _ in pieces.randomElement(using: &dice)! }.joined()
      let expected = try listed(text, in: directory)
      #expect(read(text) == expected, "\(text.debugDescription)")
      accepted += expected == nil ? 0 : 1
    }
    #expect(accepted > 30)
  }
}
