import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// What Docs/pipelines.md has between fences: files, which a comment on top names, and commands.
struct PipelinePage {
  private struct Block {
    let section, language: String
    let lines: [Substring]

    var text: String { lines.joined(separator: "\n") + "\n" }

    /// The name in the comment on the first line, or after `#!`.
    var name: String? {
      let isScript = lines.first?.hasPrefix("#!") == true
      guard isScript || language != "sh" else { return nil }
      return lines.dropFirst(isScript ? 1 : 0).first?.wholeMatch(of: /# ([^ :]+)( .*|:.*)?/).map {
        String($0.1)
      }
    }
  }

  private let blocks: [Block]

  init() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Docs/pipelines.md").standardizedFileURL.path
    var blocks: [Block] = []
    var section = ""
    var open: (language: String, lines: [Substring])?
    for line in try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    {
      if let block = open {
        if line == "```" {
          blocks.append(Block(section: section, language: block.language, lines: block.lines))
          open = nil
        } else {
          open?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), [])
      } else if line.hasPrefix("## ") {
        section = String(line.dropFirst(3))
      }
    }
    self.blocks = blocks
  }

  /// The content of the file `name` under the heading `section`.
  func file(_ name: String, in section: String) throws -> String {
    try #require(
      blocks.first { $0.section == section && $0.name == name }, "the page has no \(name) under \(section)"
    ).text
  }

  /// The commands under the heading `section`.
  func commands(in section: String) throws -> String {
    let commands = blocks.filter { $0.section == section && $0.language == "sh" && $0.name == nil }
    return try #require(commands.first, "the page has no commands under \(section)").text
  }

  /// The headings under which there is something to run or to write.
  var sections: Set<String> { Set(blocks.map(\.section)) }
}
