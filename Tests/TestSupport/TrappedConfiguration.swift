import Foundation

/// Settings of a repository that name programs: each writes its own name into a file when it is run.
public struct TrappedConfiguration: Sendable {
  private let mark: String
  private let directory: TemporaryDirectory

  /// What was run, by the settings' names, each once and sorted.
  public var sprung: [String] {
    let text = (try? String(contentsOfFile: mark, encoding: .utf8)) ?? ""
    return Set(text.split(separator: "\n").map(String.init)).sorted()
  }

  /// Writes the programs below `directory`.
  public init(in directory: TemporaryDirectory) throws {
    self.directory = directory
    mark = directory.appending("sprung")
    for hook in [
      "reference-transaction", "post-checkout", "post-index-change", "pre-push", "pre-auto-gc", "pre-commit",
      "post-merge", "update", "pre-receive", "post-receive", "post-update",
    ] {
      _ = try script(named: hook, in: "hooks")
    }
  }

  /// Forgets what was run.
  public func reset() { try? FileManager.default.removeItem(atPath: mark) }

  /// Each of the settings, those of remotes for `origin` and each of `urls`, which are led over ssh.
  public func settings(remotes urls: [String]) throws -> [(key: String, value: String)] {
    var settings = [
      ("core.hooksPath", directory.appending("traps/hooks")),
      ("include.path", directory.appending("traps/included")),
    ]
    for (key, name) in [
      ("core.sshCommand", "ssh"), ("core.fsmonitor", "fsmonitor"), ("core.askPass", "askpass"),
      ("core.gitProxy", "proxy"), ("core.pager", "pager"), ("core.editor", "editor"),
      ("gpg.program", "gpg"), ("gpg.ssh.program", "gpg-ssh"), ("diff.external", "diff"),
      ("diff.trap.textconv", "textconv"), ("uploadpack.packObjectsHook", "pack-objects"),
      ("alias.status", "!alias"), ("alias.fetch", "!alias"), ("alias.rev-parse", "!alias"),
      ("credential.helper", "!credential"), ("filter.trap.clean", "clean"), ("filter.trap.smudge", "smudge"),
      ("merge.trap.driver", "merge"), ("gpg.ssh.defaultKeyCommand", "key-command"),
      ("core.alternateRefsCommand", "alternate-refs"),
    ] {
      let isShell = name.hasPrefix("!")
      settings.append(
        (key, (isShell ? "!" : "") + (try script(named: isShell ? String(name.dropFirst()) : name))))
    }
    // A remote cannot be called by an absolute path.
    for url in urls { settings.append(("url.host:\(url).insteadOf", url)) }
    for url in ["origin"] + urls.map({ "host:\($0)" }) {
      settings.append(("remote.\(url).uploadpack", try script(named: "uploadpack")))
      settings.append(("remote.\(url).receivepack", try script(named: "receivepack")))
      settings.append(("remote.\(url).proxy", "http://127.0.0.1:9"))
    }
    try directory.write("[core]\n\tsshCommand = \(script(named: "included"))\n", to: "traps/included")
    return settings
  }

  /// The setting that has Git run one program for all files of a filter, in the place of the one that cleans and the one that
  /// smudges.
  public func filterProcess() throws -> (key: String, value: String) {
    ("filter.trap.process", try script(named: "process"))
  }

  /// Makes a Git directory at `path` with all of them, which is a repository wherever Git looks for one.
  public func makeRepository(at path: String, remotes urls: [String]) throws {
    let repository = try TestRepository.create(at: path, bare: true)
    for (key, value) in try settings(remotes: urls) { try repository.git("config", "--add", key, value) }
  }

  private func script(named name: String, in folder: String = "programs") throws -> String {
    try directory.write(
      "#!/bin/sh\necho \(name) >>'\(mark)'\nexit \(folder == "hooks" ? 0 : 1)\n",
      to: "traps/\(folder)/\(name)", executable: true)
  }
}
