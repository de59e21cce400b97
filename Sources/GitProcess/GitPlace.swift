import ForeignText

/// Where Git is run. It takes no other repository than that: none around the caller, none above, and none that lies
/// in a directory by chance.
public enum GitPlace: Hashable, Sendable {
  /// The repository whose Git directory that is, by its absolute path. Its hooks do not run, and Git does not ask whose
  /// it is.
  case repository(String)
  /// The checkout whose top that is, by its absolute path: there `.git` is a Git directory, or the file that names one,
  /// as in a linked worktree and in a submodule. Git asks whose it is.
  case checkout(String, runsHooks: Bool = false)
  /// None: the settings are the user's and the machine's alone.
  case nowhere
  /// The repository whose Git directory that is, by its absolute path, of which Git is to ask whose it is.
  case untrusted(String)

  /// The directory of which Git asks whose it is.
  var directoryOfAnyOwner: String? {
    switch self {
    case .checkout(let path, _): path
    case .untrusted(let gitDirectory): gitDirectory
    case .repository, .nowhere: nil
    }
  }
}

/// What a run of Git needs so that it takes the one repository.
struct GitStanding {
  /// The options before the subcommand.
  var options: [String] = []
  var configuration = ["core.hooksPath=/dev/null"]
  var variables: [String: String] = [:]
  /// Not the caller's: what is in that one may be anybody's, and a relative path of the settings would mean it.
  var directory = "/"

  init(at place: GitPlace) throws(GitProcessError) {
    switch place {
    case .repository(let gitDirectory):
      try Self.requireAbsolute(gitDirectory)
      options = ["--git-dir=\(gitDirectory)"]
    case .nowhere:
      // In `/`, too, there may be a repository.
      options = ["--git-dir=/dev/null"]
    case .checkout(let path, let runsHooks):
      try Self.requireAbsolute(path)
      guard try GitDirectory.ofCheckout(path) != nil else {
        throw GitProcessError(
          operation: "read the checkout at \(path)", reason: "\(path)/.git is no repository")
      }
      stand(in: path)
      if runsHooks { configuration = [] }
    case .untrusted(let gitDirectory):
      try Self.requireAbsolute(gitDirectory)
      stand(in: gitDirectory)
    }
  }

  /// By looking for one, as Git asks only of a repository that it has found whose it is; but not above.
  private mutating func stand(in path: String) {
    directory = path
    variables["GIT_CEILING_DIRECTORIES"] = GitDirectory.parent(of: path)
  }

  private static func requireAbsolute(_ path: String) throws(GitProcessError) {
    guard path.begins(with: "/") else {
      throw GitProcessError(operation: "run git in \(path)", reason: "it is no absolute path")
    }
  }
}
