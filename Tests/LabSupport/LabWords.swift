import Foundation
import TestSupport
import Testing

extension Lab {
  /// `text` with the ids of the sources' commits and of `events` replaced by names, so that it is the same in each
  /// lab: a commit's tag or branch, an event's key.
  func named(_ text: String, events: [String: String] = [:]) throws -> String {
    var names: [String: String] = [:]
    for project in try FileManager.default.contentsOfDirectory(atPath: directory.appending("sources")) {
      let refs = try source(project).refs().sorted { $0.key < $1.key }
      for (ref, id) in refs { names[id] = ref.split(separator: "/").last.map(String.init) }
    }
    for (name, id) in events { names[id] = name }
    if let lock = store.resolve("refs/weave/public/locks/pair") { names[lock] = names[lock] ?? "LOCK" }
    return names.reduce(text) { text, entry in
      text.replacing(entry.key, with: entry.value).replacing(entry.key.prefix(7), with: entry.value)
    }
  }

  /// What `arguments` print on standard output and then on standard error, as ``named(_:events:)`` has it; the command
  /// must end with `status`.
  func words(
    _ arguments: String..., status: Int32 = 0, input: String = "", events: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try run(arguments, input: input)
    #expect(result.status == status, "\(result.stderr)", sourceLocation: sourceLocation)
    return try named((result.stdout + result.stderr).trimmingCharacters(in: .newlines), events: events)
  }

  /// The commands `weave link …` in `text`, each as its arguments, with a reason in the place of TEXT.
  func offeredLinks(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { $0.hasPrefix("weave link ") && !$0.contains("--running") }
      .map { $0.split(separator: " ").dropFirst().map { $0 == "TEXT" ? "tested" : String($0) } }
  }

  /// Runs the links that `text` offers, of which there must be `count`, as they stand.
  func runOffered(
    _ text: String, count: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let links = offeredLinks(text)
    #expect(links.count == count, "\(text)", sourceLocation: sourceLocation)
    for link in links { try weave(link) }
  }

  /// The words for the reasons of `weave why PROJECT` by commit, as ``named(_:events:)`` has them, having made sure that
  /// each commit of `git rev-list COMMIT..TIP` has one reason, and that nothing else has but what the tip does not reach.
  func reasons(
    _ project: String, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: String] {
    let text = try weave(["why", project, "--json"] + arguments)
    let document = try JSONDecoder().decode(WhyDocument.self, from: Data(text.utf8))
    let group = try #require(document.groups.first, sourceLocation: sourceLocation)
    let refused = group.refused.filter { $0.reason != "unreachable" }.map(\.commit)
    let tip = try #require(group.tip, sourceLocation: sourceLocation)
    let newer = try source(project).git("rev-list", "\(group.commit)..\(tip)").split(separator: "\n").map(
      String.init)
    #expect(refused.sorted() == newer.sorted(), sourceLocation: sourceLocation)
    #expect(group.behind == newer.count, sourceLocation: sourceLocation)
    return try Dictionary(
      group.refused.map { (try named($0.commit), $0.reason) }, uniquingKeysWith: { "\($0) and \($1)" })
  }
}

/// What `weave why --json` prints.
struct WhyDocument: Decodable {
  struct Group: Decodable {
    let machines: [String]
    let commit: String
    let tip: String?
    let behind: Int?
    let refused: [Refused]
  }
  struct Refused: Decodable {
    let commit, reason: String
  }
  let groups: [Group]
}
