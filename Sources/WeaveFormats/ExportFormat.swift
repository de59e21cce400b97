import ForeignText
import WeaveModel

/// A project at one commit, for a file of another tool.
public struct PinnedProject: Sendable, Hashable {
  /// Its name, which is also the path of its checkout.
  public let name: ProjectName
  /// Where it is fetched from: a URL, an address as of scp, or an absolute path.
  public let source: String
  public let commit: CommitID
  /// The full name of a ref of the source that reaches it; nil where none is known, or where nobody asked.
  public let reference: String?

  public init(name: ProjectName, source: String, commit: CommitID, reference: String? = nil) {
    (self.name, self.source, self.commit, self.reference) = (name, source, commit, reference)
  }
}

/// What projects at commits can be written as, for another tool to check out.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// `west.yml`.
  case west
  /// A manifest of `repo`.
  case repo
  /// A file of vcstool.
  case vcs
  /// `.gitmodules`. It cannot hold commits: ``gitlinks`` does.
  case gitmodules
  /// What `git update-index --index-info` reads to put a superproject's gitlinks at the commits.
  case gitlinks
  /// `mani.yaml`. It has no key for a commit: its command to clone checks the commit out.
  case mani
  /// `flake.nix` with an input for each project. Nix makes `flake.lock` of it.
  case flake

  /// Whether ``PinnedProject/reference`` is a part of it.
  public var hasReferences: Bool { self == .flake }

  /// The file of this format; `label` says in it what it is. Throws where the format cannot say it.
  public func text(of projects: [PinnedProject], label: String) throws(UnwritableProject) -> String {
    let about = "\(Quoted.comment(label)), by weave export"
    switch self {
    case .west: return try Self.west(projects, about)
    case .repo: return try Self.repo(projects, about)
    case .vcs: return Self.vcs(projects, about)
    case .gitmodules: return Self.gitmodules(projects, about)
    case .gitlinks: return projects.map { "160000 \($0.commit) 0\t\($0.name)\n" }.joined()
    case .mani: return Self.mani(projects, about)
    case .flake: return try Self.flake(projects, about)
    }
  }
}

/// Why a project cannot be written in a format.
public struct UnwritableProject: Error, Sendable, CustomStringConvertible {
  public let project: ProjectName
  public let reason: String

  public var description: String { "\(project) cannot be written in this format: \(reason)" }
}

extension ExportFormat {
  private static func west(_ projects: [PinnedProject], _ about: String) throws(UnwritableProject) -> String {
    var text = "# \(about)\nmanifest:\n  projects:\n"
    for project in projects {
      guard project.name.text != "manifest" else {
        throw UnwritableProject(project: project.name, reason: "west keeps the name 'manifest' for itself")
      }
      text += """
            - name: \(Quoted.yaml(project.name.text))
              url: \(Quoted.yaml(project.source))
              revision: "\(project.commit)"

        """
    }
    return projects.isEmpty ? "# \(about)\nmanifest: {projects: []}\n" : text
  }

  private static func vcs(_ projects: [PinnedProject], _ about: String) -> String {
    guard !projects.isEmpty else { return "# \(about)\nrepositories: {}\n" }
    return "# \(about)\nrepositories:\n"
      + projects.map {
        """
          \(Quoted.yaml($0.name.text)):
            type: git
            url: \(Quoted.yaml($0.source))
            version: "\($0.commit)"

        """
      }.joined()
  }

  private static func mani(_ projects: [PinnedProject], _ about: String) -> String {
    guard !projects.isEmpty else { return "# \(about)\nprojects: {}\n" }
    return "# \(about)\nprojects:\n"
      + projects.map {
        let clone =
          "git clone --quiet --no-checkout -- \(Quoted.shell($0.source)) \($0.name)"
          + " && git -C \($0.name) checkout --quiet --detach \($0.commit)"
        return """
            \(Quoted.yaml($0.name.text)):
              path: \(Quoted.yaml($0.name.text))
              url: \(Quoted.yaml($0.source))
              clone: \(Quoted.yaml(clone))

          """
      }.joined()
  }

  private static func gitmodules(_ projects: [PinnedProject], _ about: String) -> String {
    "# \(about)\n"
      + projects.map {
        "[submodule \"\(Quoted.gitSubsection($0.name.text))\"]\n\tpath = \(Quoted.gitConfig($0.name.text))\n\turl = \(Quoted.gitConfig($0.source))\n"
      }.joined()
  }

  /// `repo` puts a URL together of a remote's and a name: the last part of the path is the name. Git decodes a `file:`
  /// URL.
  private static func repo(_ projects: [PinnedProject], _ about: String) throws(UnwritableProject) -> String {
    var remotes: [String] = []
    var lines = ""
    for project in projects {
      let url =
        project.source.begins(with: "/")
        ? "file://" + PercentEncoding.path(project.source) : URLReference.forRepo(project.source)
      guard let slash = url.lastIndex(ofScalar: "/"), !url[slash...].dropFirst(bytes: 1).isEmpty,
        !url[..<slash].ends(with: "/")
      else {
        throw UnwritableProject(
          project: project.name, reason: "repo joins URLs by '/', and '\(url)' has none before a name")
      }
      let name = url[slash...].dropFirst(bytes: 1)
      guard Self.isNameForRepo(name) else {
        throw UnwritableProject(project: project.name, reason: "repo takes no project called '\(name)'")
      }
      let base = String(url[..<slash])
      // By bytes: two spellings of one character are two places.
      let known = remotes.firstIndex { $0.utf8.elementsEqual(base.utf8) }
      if known == nil { remotes.append(base) }
      let remote = (known ?? remotes.count - 1) + 1
      lines +=
        "  <project name=\"\(Quoted.xml(name))\" path=\"\(project.name)\""
        + " remote=\"remote-\(remote)\" revision=\"\(project.commit)\"/>\n"
    }
    let heads = remotes.enumerated().map {
      "  <remote name=\"remote-\($0.offset + 1)\" fetch=\"\(Quoted.xml($0.element))\"/>\n"
    }
    return
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- \(Quoted.xmlComment(about)) -->\n<manifest>\n"
      + heads.joined() + lines + "</manifest>\n"
  }

  /// As `_CheckLocalPath` of its manifest_xml.py has it.
  private static func isNameForRepo(_ name: Substring) -> Bool {
    let name = name.lowercased()
    let invisible: [ClosedRange<UInt32>] = [
      0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF...0xFEFF,
    ]
    return !["..", ".", ".git"].contains { name.isExactly($0) } && !name.begins(with: ".repo")
      && !name.holds("~")
      && !name.unicodeScalars.contains { scalar in invisible.contains { $0.contains(scalar.value) } }
  }

  private static func flake(_ projects: [PinnedProject], _ about: String) throws(UnwritableProject) -> String
  {
    if let own = projects.first(where: { $0.name.text == "self" }) {
      throw UnwritableProject(project: own.name, reason: "Nix keeps the name 'self' for the flake itself")
    }
    var inputs = ""
    for project in projects {
      let url: FlakeURL
      do throws(UnknownToNix) { url = try FlakeURL(project.source) } catch {
        throw UnwritableProject(project: project.name, reason: "\(error)")
      }
      inputs += """
            \(Quoted.nix(project.name.text)) = {
              url = \(Quoted.nix(url.at(project.commit, reachedBy: project.reference)));
              flake = false;
            };

        """
    }
    return """
      {
        description = \(Quoted.nix(about));

        inputs = {
      \(inputs)  };

        outputs = inputs: {
          # The commit of each project: nix eval --json .#commits
          commits = builtins.mapAttrs (name: input: input.rev) (removeAttrs inputs [ "self" ]);
        };
      }

      """
  }
}
