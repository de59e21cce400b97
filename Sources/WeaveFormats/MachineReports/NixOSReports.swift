import ForeignText
import WeaveModel

/// Reads what `nixos-version --json` prints: it leaves out what it does not know.
struct NixOSVersion: Decodable {
  private let configurationRevision: String?

  static func read(_ text: String, file: String) throws(FileFormatError) -> ReportedState {
    let version: NixOSVersion = try JSONText.decode(text, file: file, what: "output of nixos-version")
    return try NixOSRevision.state(version.configurationRevision, file: file)
  }
}

/// Reads what `nixos-rebuild list-generations --json` prints: `Unknown` stands for what it does not know.
enum NixOSGenerations {
  private struct Generation: Decodable {
    let configurationRevision: String?
    let current: Bool
  }

  static func read(_ text: String, file: String) throws(FileFormatError) -> ReportedState {
    let generations: [Generation] = try JSONText.decode(
      text, file: file, what: "list of generations of nixos-rebuild")
    let current = generations.filter(\.current)
    guard current.count == 1 else {
      throw FileFormatError(
        file: file, message: "\(current.count) of its \(generations.count) generations are current, not one")
    }
    let revision = current[0].configurationRevision
    return try NixOSRevision.state(revision == "Unknown" ? nil : revision, file: file)
  }
}

/// The one commit that a NixOS machine knows itself by: that of the flake at the top.
private enum NixOSRevision {
  private static let dirty = "-dirty"

  static func state(_ revision: String?, file: String) throws(FileFormatError) -> ReportedState {
    guard let revision, !revision.isEmpty else {
      throw FileFormatError(
        file: file,
        message:
          "the machine does not know its commit: its configuration sets no system.configurationRevision"
      )
    }
    let clean = revision.dropping(suffix: dirty)
    let commit = try ReportedText.commit(clean ?? revision[...], of: "the configuration", file: file)
    return ReportedState(ReportedState.Machine(name: nil, content: .commit(commit, isDirty: clean != nil)))
  }
}
