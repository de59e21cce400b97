import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// libgit2 1.5 looped for ever on an object that was cut short, wrote past its memory where one held more than its header
/// says, and waited for pipes.
@Suite("a store whose objects are damaged", .timeLimit(.minutes(30)))
struct DamagedObjectTests {
  let lab: Lab
  init() throws { lab = try Lab.filled() }

  enum Damage: CaseIterable {
    case empty, cutShort, longer, pipe
  }

  /// The paths of the loose objects.
  private var objects: [String] {
    get throws {
      let objects = try lab.store.git("rev-parse", "--absolute-git-dir") + "/objects"
      return try FileManager.default.subpathsOfDirectory(atPath: objects)
        .filter { $0.utf8.count == 41 && !$0.hasPrefix("pack") }.map { "\(objects)/\($0)" }
    }
  }

  private func damage(_ path: String, as damage: Damage) throws {
    let content = try Data(contentsOf: URL(fileURLWithPath: path))
    try FileManager.default.removeItem(atPath: path)
    switch damage {
    case .empty: try Data().write(to: URL(fileURLWithPath: path))
    case .cutShort: try content.dropLast(8).write(to: URL(fileURLWithPath: path))
    // `blob 3`, and more than three bytes, in a stored block.
    case .longer: try Data(Self.longer).write(to: URL(fileURLWithPath: path))
    case .pipe: #expect(mkfifo(path, 0o644) == 0)
    }
  }

  private static let longer: [UInt8] =
    [0x78, 0x01, 1, 71, 0, 184, 255] + Array("blob 3\0".utf8) + [UInt8](repeating: 97, count: 64)
    + [0x40, 0x38, 0x1a, 0x45]

  @Test("every command that reads ends, none in a trap, none with an answer", arguments: Damage.allCases)
  func everyCommand(damage: Damage) throws {
    let commands = try (EveryCommand.reading + [["fsck", "--repair"]]).map(lab.arguments)
    for path in try objects { try self.damage(path, as: damage) }
    for command in commands {
      let result = try runProcess(
        "sh", ["-c", "ulimit -t 20; exec timeout 120 \"$@\"", "sh", weaveExecutable] + command,
        in: lab.workspace, environment: lab.environment.variables)
      #expect((1...5).contains(result.status), "\(command): \(result.status) \(result.stderr)")
    }
  }
}
