import ForeignText
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  /// Every remote, by name.
  public func remotes() throws -> [Remote] { try store.remotes() }

  /// Adds a remote. A relative path is taken from the working directory; nothing is asked of it yet.
  ///
  /// One repository cannot be a public and a private remote, however it is spelled, through the user's `insteadOf` too.
  public func addRemote(_ name: String, url: String, audience: Audience) async throws -> Remote {
    let remote = Remote(name: try RemoteName(name), url: try normalized(source: url), audience: audience)
    let identity = try await identity(of: remote)
    var known: [Remote: RepositoryIdentity] = [:]
    for other in try store.remotes() { known[other] = try await self.identity(of: other) }
    try store.addRemote(remote) { (known[$0] ?? RepositoryIdentity($0.url)).isSame(as: identity) }
    return remote
  }

  private func identity(of remote: Remote) async throws -> RepositoryIdentity {
    try await RepositoryIdentity(git.actualURL(of: remote.url, gitDirectory: store.repository.gitDirectory))
  }

  /// Takes a remote out. What came from it stays.
  public func removeRemote(_ name: String) throws {
    try store.removeRemote(remote(name).name)
  }

  /// The remote of that name; without one the only one, else the one called `origin`.
  public func remote(_ name: String?) throws -> Remote {
    let remotes = try store.remotes()
    if let name {
      if let remote = remotes.first(where: { $0.name.text == name }) { return remote }
      throw WeaveError(
        "no remote is called '\(name)'",
        hint: Nearest.match(name, among: remotes.map(\.name.text)).map { "did you mean '\($0)'?" }
          ?? "`weave remote add \(Quoted.shellWord(name)) URL` adds it")
    }
    guard !remotes.isEmpty else {
      throw WeaveError("no remote is known", hint: "`weave remote add origin URL` adds one")
    }
    if remotes.count == 1 { return remotes[0] }
    guard let origin = remotes.first(where: { $0.name.text == "origin" }) else {
      throw WeaveError(
        "there are \(remotes.count) remotes, and none is called origin",
        hint: "say which: " + remotes.map(\.name.text).joined(separator: ", "))
    }
    return origin
  }
}
