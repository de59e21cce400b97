import ForeignText

/// A file in which another tool keeps the repositories that belong together.
public enum WorkspaceFormat: String, CaseIterable, Sendable, CustomStringConvertible {
  /// `.gitmodules` of `git submodule`. The commits are not in it: they are the tree's gitlinks.
  case gitmodules
  /// `west.yml` of Zephyr's west.
  case west
  /// A manifest of Android's `repo`, in XML.
  case repo
  /// `*.repos` of vcstool, and the older `.rosinstall`.
  case vcs
  /// `mani.yaml`.
  case mani
  /// A manifest of Fuchsia's jiri, in XML.
  case jiri
  /// `flake.lock` of Nix.
  case flake
  /// `DEPS` of Chromium's gclient.
  case deps

  /// The format that a file of this name is in; nil for a name that no tool keeps for itself.
  ///
  /// Manifests of `repo` and jiri bear any name: `default.xml`, `manifest.xml` and `.jiri_manifest` are what people use.
  public init?(path: String) {
    let name = path[
      (path.lastIndex(ofScalar: "/").map(path.unicodeScalars.index(after:)) ?? path.startIndex)...]
    switch name {
    case ".gitmodules": self = .gitmodules
    case "west.yml", "west.yaml": self = .west
    case "default.xml", "manifest.xml": self = .repo
    case "mani.yaml", "mani.yml": self = .mani
    case ".jiri_manifest": self = .jiri
    case "flake.lock": self = .flake
    case "DEPS": self = .deps
    default:
      guard name.ends(with: ".repos") || name.ends(with: ".rosinstall") else { return nil }
      self = .vcs
    }
  }

  /// The names at the root of a repository under which a history is searched for such files, most usual first. Of
  /// vcstool those that its own documentation uses: a repository can hold any number of others.
  public var usualPaths: [String] {
    switch self {
    case .gitmodules: [".gitmodules"]
    case .west: ["west.yml"]
    case .repo: ["default.xml"]
    case .vcs: [".repos", "ros2.repos", "dependencies.repos", "upstream.repos", ".rosinstall"]
    case .mani: ["mani.yaml", "mani.yml"]
    case .jiri: [".jiri_manifest", "manifest"]
    case .flake: ["flake.lock"]
    case .deps: ["DEPS"]
    }
  }

  public var description: String { rawValue }
}
