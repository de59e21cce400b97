import ForeignText

/// What the HEAD of a source is.
public enum RemoteHead: Hashable, Sendable {
  /// A branch by its full name, `refs/heads/main`, and the commit at its tip in hexadecimal.
  case branch(String, commit: String)
  /// No branch: the commit in hexadecimal.
  case detached(String)
  /// A branch that has no commit yet. Only a source on this machine tells its name.
  case unborn(String)
  /// The source shows no HEAD: it is empty, or its HEAD names a branch that is gone.
  case absent
}

/// What a source shows.
public struct RemoteRefs: Hashable, Sendable {
  /// Never ``RemoteHead/unborn(_:)``: only the source's own HEAD tells that.
  public var head = RemoteHead.absent
  /// The objects that branches and tags name, by full names.
  public var branchesAndTags: [String: String] = [:]
  /// Whether no two of them are one to Swift, as are `é` in one code point and in two.
  public var areNamesDistinct = true
}

extension GitProcess {
  /// Asks the source at `url` what its HEAD is, by the settings with which the repository at `gitDirectory` fetches.
  public func remoteHead(
    of url: RepositoryURL, gitDirectory: String
  ) async throws(GitProcessError) -> RemoteHead {
    let operation = "read HEAD of \(url)"
    let head = try await remoteRefs(of: url, ["HEAD"], gitDirectory: gitDirectory, operation: operation).head
    guard head == .absent, let path = try await localPath(of: url, gitDirectory: gitDirectory),
      let source = try GitDirectory.ofSource(path)
    else { return head }
    let local = try await run(["symbolic-ref", "--quiet", "HEAD"], at: .repository(source))
    return local.succeeded ? .unborn(local.text) : .absent
  }

  /// Asks the source of `project` at `url` for all that a fetch into the repository at `gitDirectory` brings, in one
  /// question.
  public func remoteRefs(
    of project: String, at url: RepositoryURL, gitDirectory: String
  ) async throws(GitProcessError) -> RemoteRefs {
    var refs = try await remoteRefs(
      of: url, [], gitDirectory: gitDirectory, operation: "fetch \(project) from \(url)")
    // A branch that its server hides is not brought.
    if case .branch(let branch, let commit) = refs.head, refs.branchesAndTags[branch] == nil {
      refs.head = .detached(commit)
    }
    return refs
  }

  private func remoteRefs(
    of url: RepositoryURL, _ patterns: [String], gitDirectory: String, operation: String
  ) async throws(GitProcessError) -> RemoteRefs {
    try refuseRelative(url, operation)
    let output = try await run(for: url, at: .repository(gitDirectory), watch: .question) {
      ["ls-remote", "--symref", "--", $0] + patterns
    }
    guard output.succeeded else { throw GitProcessError(operation: operation, output: output) }
    var (refs, branch, commit) = (RemoteRefs(), String?.none, String?.none)
    for line in output.text.split(atScalar: "\n") {
      let fields = line.split(atScalar: "\t", maxSplits: 1)
      guard fields.count == 2 else { continue }
      let (value, name) = (fields[0], fields[1])
      // The pattern `HEAD` also matches `refs/remotes/origin/HEAD` and every other ref that ends so.
      if name == "HEAD" {
        if let target = value.dropping(prefix: "ref: ") {
          branch = String(target)
        } else {
          commit = String(value)
        }
      } else if name.begins(with: "refs/heads/") || name.begins(with: "refs/tags/"), !name.ends(with: "^{}"),
        !value.begins(with: "ref: ")
      {
        if refs.branchesAndTags.updateValue(String(value), forKey: String(name)) != nil {
          refs.areNamesDistinct = false
        }
      }
    }
    // One that names anything but a branch is as good as detached: only branches and tags are brought.
    if branch?.begins(with: "refs/heads/") == false { branch = nil }
    if let commit { refs.head = branch.map { .branch($0, commit: commit) } ?? .detached(commit) }
    return refs
  }
}
