import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Scripts/lint-text.sh")
struct LintTests {
  private let directory: TemporaryDirectory
  private static let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(3).joined(separator: "/")

  init() throws { directory = try TemporaryDirectory() }

  private func lint(_ line: String) throws -> ProcessResult {
    let file = try directory.write("let x = 1\n\(line)\n", to: "a.swift")
    return try runProcess(
      "\(Self.root)/Scripts/lint-text.sh", [file], in: "/", environment: TestEnvironment(home: "/").variables)
  }

  @Test(
    "refuses what compares Characters, and names the line",
    arguments: [
      #"text.replacing("'", with: "x")"#, "text.replacingOccurrences(of: a, with: b)", "let c: Character = x",
      "text.firstMatch(of: #/x/#)", "let r = Regex(x)", #"text.hasPrefix("-")"#, "text.hasSuffix(end)",
      #"text.split(separator: "/")"#, #"text.contains("/")"#, #"text.firstIndex(of: ":")"#,
      #"text.prefix { $0 != "/" }"#, "text.split(whereSeparator: \\.isNewline)",
      "text.allSatisfy(\\.isHexDigit)",
      "text.contains { $0.isWhitespace }", #"if text.last == "/" {}"#, #"text.range(of: "://")"#,
      "text.map { c in switch c { default: c } }", "for character in text {}",
      "contains(where: text.hasPrefix)",
      #"text.first.map { $0 == "-" }"#, #"guard let c = text.first, c == "-" else {}"#,
      "text.last?.isLetter ?? false", "var known: [String: Int] = [:]", "var seen: Set<String> = []",
    ])
  func refused(line: String) throws {
    let result = try lint(line)
    #expect(result.status == 1, "\(result.stderr)")
    #expect(result.stderr.contains("a.swift:2:"), "\(result.stderr)")
  }

  @Test(
    "takes what compares scalars and bytes, and Characters that say why",
    arguments: [
      #"text.begins(with: "-")"#, #"text.split(atScalar: "/")"#, #"text.utf8.contains(UInt8(ascii: "/"))"#,
      "let marks: [Character] = []  // Characters: a column each",
      "let known: [String: Int] = [:]  // Keys: ASCII", "let names: Set<ExactText> = []",
      "text.unicodeScalars.contains(where: \\.properties.isWhitespace)",
      "/// Not a Character.", "problem.with(links: links)",
    ])
  func taken(line: String) throws {
    let result = try lint(line)
    #expect(result.status == 0, "\(result.stderr)")
  }
}
