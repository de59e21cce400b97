import WeaveFormats

/// A reader of bytes that anybody may have written, and what must hold of it whatever they are.
enum FuzzedReader: String, CaseIterable, Sendable {
  case event, constellation, observation, record, index
  case gitmodules, west, repo, vcs, mani, jiri, flake, deps, trailers
  case report
  case quoted, flakesource, gitoutput, name
  case loose

  /// Reads `bytes` as the product would. Throws a ``Violation`` where what was read has not the properties that it must
  /// have; a trap, or much time or memory, is a violation by itself.
  ///
  /// Returns whether anything was read: false for bytes that were refused.
  @discardableResult
  func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    switch self {
    case .event: try EventReading.check(bytes)
    case .constellation: try ConstellationReading.check(bytes)
    case .observation: try ObservationReading.check(bytes)
    case .record: try RecordReading.check(bytes)
    case .index: try IndexReading.check(bytes)
    case .trailers: try WorkspaceFileReading.checkTrailers(bytes)
    case .report: try MachineReportReading.check(bytes)
    case .quoted: try QuotedReading.check(bytes)
    case .flakesource: try FlakeSourceReading.check(bytes)
    case .gitoutput: try GitOutputReading.check(bytes)
    case .name: try NameReading.check(bytes)
    case .loose: try LooseObjectReading.check(bytes)
    case .gitmodules: try WorkspaceFileReading.check(bytes, as: .gitmodules)
    case .west: try WorkspaceFileReading.check(bytes, as: .west)
    case .repo: try WorkspaceFileReading.check(bytes, as: .repo)
    case .vcs: try WorkspaceFileReading.check(bytes, as: .vcs)
    case .mani: try WorkspaceFileReading.check(bytes, as: .mani)
    case .jiri: try WorkspaceFileReading.check(bytes, as: .jiri)
    case .flake: try WorkspaceFileReading.check(bytes, as: .flake)
    case .deps: try WorkspaceFileReading.check(bytes, as: .deps)
    }
  }
}

/// A property that does not hold of an input.
struct Violation: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// Throws where `condition` does not hold.
  static func unless(_ condition: Bool, _ description: @autoclosure () -> String) throws(Violation) {
    if !condition { throw Violation(description()) }
  }
}
