import ForeignText
import WeaveModel

/// Reads `west.yml` (https://docs.zephyrproject.org/latest/develop/west/manifest.html).
struct WestManifest {
  private let file: String
  private let prefix: String
  private var remotes: [ExactText: String] = [:]
  private var defaultRemote: String?
  private static let branch = "master"
  private var defaultRevision = branch

  static func read(_ text: String, file: String, into reading: inout Reading) throws(FileFormatError) {
    var names: Set<ExactText> = []
    try read(text, file: file, prefix: "", names: &names, into: &reading)
  }

  private static func read(
    _ text: String, file: String, prefix: String, names: inout Set<ExactText>, into reading: inout Reading
  ) throws(FileFormatError) {
    guard let top = try YAMLMapping.top(of: text, file: file).mapping("manifest") else {
      throw FileFormatError(file: file, message: "it has no mapping 'manifest', which a file of west needs")
    }
    var manifest = WestManifest(file: file, prefix: prefix)
    manifest.readDefaults(top, &reading)
    // What west imports from its own repository comes first, and the first project of a name counts.
    if let own = top.mapping("self")?["import"] {
      manifest.include(own, prefix: prefix, names: &names, into: &reading)
    }
    var here: Set<ExactText> = []
    for element in top.list("projects") ?? [] {
      manifest.readProject(element, here: &here, names: &names, into: &reading)
    }
  }

  private init(file: String, prefix: String) { (self.file, self.prefix) = (file, prefix) }

  private mutating func readDefaults(_ top: YAMLMapping, _ reading: inout Reading) {
    func shared(_ key: String, of mapping: YAMLMapping?) -> String? {
      reading.shared(
        mapping?.text(key), "'\(key)'", file: file, line: mapping?.element.position.line)
    }
    for remote in (top.list("remotes") ?? []).compactMap(YAMLMapping.init) {
      if let name = remote.text("name") { remotes[ExactText(name)] = shared("url-base", of: remote) }
    }
    let defaults = top.mapping("defaults")
    defaultRemote = shared("remote", of: defaults)
    defaultRevision = shared("revision", of: defaults) ?? defaultRevision
  }

  private func readProject(
    _ element: YAMLElement, here: inout Set<ExactText>, names: inout Set<ExactText>,
    into reading: inout Reading
  ) {
    let line = element.position.line
    guard let project = YAMLMapping(element), let name = project.text("name") else {
      return reading.report("a project has no name", file: file, line: line)
    }
    guard here.insert(ExactText(name)).inserted else {
      return reading.report(
        "'\(FreeText.name(name))' is there twice: the first is taken", file: file, line: line)
    }
    guard names.insert(ExactText(name)).inserted else { return }
    if let imports = project["import"], !["", "false"].contains(imports.scalar) {
      reading.report(
        "'\(name)' has a manifest of its own that is imported: not followed", file: file, line: line)
    }
    // One that is empty is no default to west (`Project.__init__`).
    let revision =
      project["revision"] == nil ? defaultRevision : project.text("revision").nonEmpty ?? Self.branch
    reading.add(
      name: name, path: prefix + (project.text("path") ?? name), url: url(of: project, name, into: &reading),
      revision: revision, file: file, line: line)
  }

  private func url(of project: YAMLMapping, _ name: String, into reading: inout Reading) -> String? {
    if let url = project.text("url") { return url }
    let line = project.element.position.line
    guard let remote = project.text("remote") ?? defaultRemote else {
      reading.report("'\(FreeText.name(name))' has neither a URL nor a remote", file: file, line: line)
      return nil
    }
    guard let base = remotes[ExactText(remote)] else {
      reading.report(
        "'\(FreeText.name(name))' is of the remote '\(FreeText.name(remote))', which is not there",
        file: file, line: line)
      return nil
    }
    return base + "/" + (project.text("repo-path") ?? name)
  }

  /// What `self: import:` names: a path, a map with a path in it, or a list of these.
  private func include(
    _ element: YAMLElement, prefix: String, names: inout Set<ExactText>, into reading: inout Reading
  ) {
    let line = element.position.line
    switch element.content {
    case .list(let list):
      for element in list { include(element, prefix: prefix, names: &names, into: &reading) }
    case .text(let path): include(path, line: line, prefix: prefix, names: &names, into: &reading)
    case .mapping(let entries):
      guard let map = YAMLMapping(element), let path = map.text("file") else {
        return reading.report("an import names no 'file'", file: file, line: line)
      }
      if let entry = entries.first(where: { $0.key.ends(with: "list") }) {
        reading.report(
          "'\(entry.key)' is not followed: all projects of '\(path)' are taken", file: file, line: line)
      }
      let inner = prefix + (map.text("path-prefix").map { $0 + "/" } ?? "")
      guard inner.utf8.count <= Reading.longestText else {
        return reading.report("a 'path-prefix' is too long: not followed", file: file, line: line)
      }
      include(path, line: line, prefix: inner, names: &names, into: &reading)
    }
  }

  private func include(
    _ path: String, line: Int, prefix: String, names: inout Set<ExactText>, into reading: inout Reading
  ) {
    func isManifest(_ name: String) -> Bool { name.ends(with: ".yml") || name.ends(with: ".yaml") }
    // Moved, not copied, for it grows in a closure.
    var known = names
    names = []
    reading.includeFiles(at: path, from: file, line: line, filter: isManifest) {
      text, place, reading throws(FileFormatError) in
      try Self.read(text, file: place, prefix: prefix, names: &known, into: &reading)
    }
    names = known
  }
}

extension YAMLElement {
  /// The text of a scalar; nil for a list or a mapping.
  var scalar: String? { if case .text(let text) = content { text } else { nil } }
}
