import ForeignText

/// The paths that a file of somebody else may name within a workspace.
enum WorkspacePath {
  struct Refusal: Error {
    let reason: String
  }

  /// The path without `.`, empty and `..` components, "." where nothing is left; nil where it leads out.
  static func normalized(_ path: String) -> String? {
    var parts: [String] = []
    for part in components(path) where part != "." {
      if part != ".." { parts.append(part) } else if parts.popLast() == nil { return nil }
    }
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  /// What stands between slashes, as the system sees it: a slash that a combining mark follows is one to it, and no
  /// `Character` of its own.
  static func components(_ path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(foreign: $0) }
  }

  /// The path as a checkout may have it, or why none may.
  static func checked(_ path: String) -> Result<String, Refusal> {
    func refuse(_ reason: String) -> Result<String, Refusal> { .failure(Refusal(reason: reason)) }
    if path.isEmpty { return refuse("is empty") }
    if path.utf8.contains(where: { $0 < 32 || $0 == 127 }) { return refuse("holds a control character") }
    if let first = path.utf8.first, "/~\\".utf8.contains(first) {
      return refuse("is not below the workspace")
    }
    guard let within = normalized(path) else { return refuse("leads out of the workspace") }
    if within.utf8.first == UInt8(ascii: "-") { return refuse("begins with '-'") }
    for part in components(within.lowercased()) where [".git", ".weave"].contains(part) {
      return refuse("leads into '\(part)'")
    }
    return .success(within)
  }
}
