import ForeignText

/// Where a work tree stands.
public struct WorkTreeStatus: Hashable, Sendable {
  /// The commit that is checked out, in hexadecimal; nil where the branch has none yet.
  public var head: String?
  /// The short name of the branch; nil where HEAD is detached.
  public var branch: String?
  /// The short name of the branch's upstream, also of one that is gone.
  public var upstream: String?
  /// How many commits the branch has that its upstream has not; nil without an upstream.
  public var ahead: Int?
  /// How many commits the upstream has that the branch has not; nil without an upstream.
  public var behind: Int?
  /// Every path that differs from HEAD, untracked ones included. Of a rename both; a directory of which
  /// nothing is tracked once, with a slash at its end.
  public var changedPaths: [String] = []
  /// Those of ``changedPaths`` with conflicts that nobody has solved yet.
  public var unmergedPaths: [String] = []
  /// The submodules that hold changes, or untracked files, that no commit of theirs has.
  public var dirtySubmodules: [String] = []
  /// The submodules of which nothing has changed but the commit that is checked out.
  public var movedSubmodules: [String] = []

  /// Whether nothing differs from HEAD.
  public var isClean: Bool { changedPaths.isEmpty }
}

extension GitProcess {
  /// The status of the work tree at `workTree`, whose index is not refreshed on disk.
  ///
  /// - Parameter listsAllFiles: whether each untracked file is listed, and not a directory of them.
  public func status(
    of workTree: String, listsAllFiles: Bool = false
  ) async throws(GitProcessError) -> WorkTreeStatus {
    let output = try await run(
      [
        "status", "--porcelain=v2", "--branch", "-z", "--ahead-behind",
        "--untracked-files=\(listsAllFiles ? "all" : "normal")", "--no-renames",
      ], at: .checkout(workTree), configuration: ["diff.ignoreSubmodules=none"],
      extraEnvironment: ["GIT_OPTIONAL_LOCKS": "0"])
    guard output.succeeded else {
      throw GitProcessError(operation: "read the status of \(workTree)", output: output)
    }
    return WorkTreeStatus(porcelain: output.standardOutput)
  }
}

extension WorkTreeStatus {
  /// The status that `git status --porcelain=v2 --branch -z --no-renames` printed.
  init(porcelain bytes: [UInt8]) {
    for record in bytes.split(separator: 0) { read(String(foreign: record)) }
  }

  private mutating func read(_ record: String) {
    switch record.unicodeScalars.first {
    case "#": readHeader(record.dropFirst(bytes: 2))
    case "1":
      readPath(record, afterFields: 8)
      if isDirtySubmodule(record), let path = changedPaths.last { dirtySubmodules.append(path) }
      if record.begins(with: "1 .M SC.. "), let path = changedPaths.last { movedSubmodules.append(path) }
    case "u":
      readPath(record, afterFields: 10)
      if let path = changedPaths.last { unmergedPaths.append(path) }
    case "?": readPath(record, afterFields: 1)
    default: break
    }
  }

  private mutating func readPath(_ record: String, afterFields count: Int) {
    let fields = record.split(atScalar: " ", maxSplits: count, keepsEmpty: true)
    if fields.count > count { changedPaths.append(String(fields[count])) }
  }

  /// Whether the third field, `S<c><m><u>` of a submodule, has M or U (git-status(1), "Porcelain Format Version 2").
  private func isDirtySubmodule(_ record: String) -> Bool {
    let fields = record.split(atScalar: " ", maxSplits: 3)
    return fields.count > 2 && fields[2].begins(with: "S")
      && fields[2].dropFirst(bytes: 2).unicodeScalars.contains { $0 != "." }
  }

  private mutating func readHeader(_ header: Substring) {
    let fields = header.split(atScalar: " ", maxSplits: 1)
    guard fields.count == 2 else { return }
    switch fields[0] {
    case "branch.oid": head = fields[1] == "(initial)" ? nil : String(fields[1])
    case "branch.head": branch = fields[1] == "(detached)" ? nil : String(fields[1])
    case "branch.upstream": upstream = String(fields[1])
    case "branch.ab":
      let counts = fields[1].split(atScalar: " ").map { Int($0.dropFirst()) }
      guard counts.count == 2 else { return }
      (ahead, behind) = (counts[0], counts[1])
    default: break
    }
  }
}
