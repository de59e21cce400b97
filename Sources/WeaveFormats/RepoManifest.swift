import ForeignText
import WeaveModel

/// Reads a manifest of `repo` (https://gerrit.googlesource.com/git-repo/+/HEAD/docs/manifest-format.md).
struct RepoManifest {
  private struct Remote: Equatable {
    let url, revision: ExactText?
  }

  private struct Defaults: Equatable {
    let remote, revision: ExactText?
  }

  /// An element, and the file that it stands in.
  private struct Node {
    let element: XMLElement
    let file: String
    /// That of the `<include>` which brought it.
    let includedRevision: String?

    /// One that is empty is none, to repo, and keeps that of the `<include>` away.
    var revision: String? { (element.attributes["revision"] ?? includedRevision).nonEmpty }
  }

  private var remotes: [ExactText: Remote] = [:]
  private var defaults: Defaults?

  static func read(_ text: String, file: String, into reading: inout Reading) throws(FileFormatError) {
    var nodes: [Node] = []
    try collect(text, file: file, revision: nil, into: &nodes, &reading)
    var manifest = RepoManifest()
    for node in nodes { manifest.readRemote(node, &reading) }
    for node in nodes { manifest.readDefault(node, &reading) }
    for node in nodes {
      switch node.element.name {
      case "project": manifest.readProject(node, parent: nil, &reading)
      case "superproject": manifest.readSuperproject(node, &reading)
      case "extend-project": manifest.extend(node, &reading)
      case "remove-project": manifest.remove(node, &reading)
      case "submanifest":
        reading.report(
          "the manifest of another repository is a part of this one: not followed", file: node.file,
          line: node.element.line)
      default: break
      }
    }
  }

  /// The elements of the file, with those of the files that it includes in their places. `revision` is that of projects, and
  /// of what is included, that say none.
  private static func collect(
    _ text: String, file: String, revision: String?, into nodes: inout [Node], _ reading: inout Reading
  ) throws(FileFormatError) {
    let root = try XMLElement.root(of: text, file: file)
    guard root.name == "manifest" else {
      throw FileFormatError(
        file: file, line: root.line, message: "expected <manifest>, found <\(FreeText.name(root.name))>")
    }
    if root.children.contains(where: { ["projects", "imports"].contains($0.name) }) {
      throw FileFormatError(file: file, line: root.line, message: "this is a manifest of jiri, not of repo")
    }
    for element in root.children {
      guard element.name == "include" else {
        nodes.append(
          Node(element: element, file: file, includedRevision: element.name == "project" ? revision : nil))
        continue
      }
      guard let name = element.attributes["name"] else {
        reading.report("<include> has no 'name'", file: file, line: element.line)
        continue
      }
      let innerRevision = reading.shared(
        element.attributes["revision"] ?? revision, "the 'revision' of an <include>", file: file,
        line: element.line)
      var inner: [Node] = []
      reading.includeFiles(at: name, from: file, line: element.line) {
        text, place, reading throws(FileFormatError) in
        try collect(text, file: place, revision: innerRevision, into: &inner, &reading)
      }
      nodes += inner
    }
  }

  private mutating func readRemote(_ node: Node, _ reading: inout Reading) {
    guard node.element.name == "remote", let name = node.element.attributes["name"] else { return }
    func shared(_ key: String) -> String? {
      reading.shared(
        node.element.attributes[key], "the '\(key)' of a <remote>", file: node.file, line: node.element.line)
    }
    let url = shared("fetch").map { fetch in
      Self.trimmed(
        reading.source.map { URLReference.resolved(Self.trimmed(fetch), from: Self.trimmed($0)) } ?? fetch)
    }
    let remote = Remote(
      url: url.map { ExactText($0) }, revision: shared("revision").nonEmpty.map { ExactText($0) })
    guard let former = remotes[ExactText(name)], former != remote else {
      remotes[ExactText(name)] = remote
      return
    }
    reading.report(
      "another <remote> is called '\(FreeText.name(name))', which repo refuses: the first is taken",
      file: node.file,
      line: node.element.line)
  }

  private mutating func readDefault(_ node: Node, _ reading: inout Reading) {
    guard node.element.name == "default" else { return }
    func shared(_ key: String) -> String? {
      reading.shared(
        node.element.attributes[key], "the default '\(key)'", file: node.file, line: node.element.line)
    }
    let own = Defaults(
      remote: shared("remote").nonEmpty.map { ExactText($0) },
      revision: shared("revision").nonEmpty.map { ExactText($0) })
    guard let former = defaults else {
      defaults = own
      return
    }
    // An empty one is none.
    guard !node.element.attributes.isEmpty, former != own else { return }
    reading.report(
      "a second <default> has others, which repo refuses: the first is taken", file: node.file,
      line: node.element.line)
  }

  private func readProject(_ node: Node, parent: (name: String, path: String)?, _ reading: inout Reading) {
    let attributes = node.element.attributes
    guard let own = attributes["name"], !own.isEmpty else {
      return reading.report("<project> has no 'name'", file: node.file, line: node.element.line)
    }
    let name = (parent.map { $0.name + "/" } ?? "") + own
    let path = (parent.map { $0.path + "/" } ?? "") + (attributes["path"].nonEmpty ?? own)
    add(node, name: name, path: path, &reading)
    let inner = node.element.children.filter { $0.name == "project" }
    guard inner.isEmpty || max(name.utf8.count, path.utf8.count) <= Reading.longestText else {
      return reading.report(
        "the name of a <project> with others in it is too long: these are passed over", file: node.file,
        line: node.element.line)
    }
    for child in inner {
      readProject(
        Node(element: child, file: node.file, includedRevision: nil), parent: (name, path), &reading)
    }
  }

  private func readSuperproject(_ node: Node, _ reading: inout Reading) {
    guard let name = node.element.attributes["name"] else { return }
    add(node, name: name, path: nil, &reading)
  }

  private func add(_ node: Node, name: String, path: String?, _ reading: inout Reading) {
    let attributes = node.element.attributes
    let (file, line) = (node.file, node.element.line)
    guard let remoteName = attributes["remote"].nonEmpty ?? defaults?.remote?.text else {
      return reading.passOver(
        name: name, path: path, "'\(FreeText.name(name))' has no remote, and there is no default", file: file,
        line: line)
    }
    guard let remote = remotes[ExactText(remoteName)] else {
      return reading.passOver(
        name: name, path: path, "'\(name)' is of the remote '\(remoteName)', which is not there", file: file,
        line: line)
    }
    reading.add(
      name: name, path: path, url: remote.url.map { $0.text + "/" + name },
      revision: node.revision ?? (remote.revision ?? defaults?.revision)?.text,
      branch: attributes["upstream"].nonEmpty,
      file: file, line: line)
  }

  private func extend(_ node: Node, _ reading: inout Reading) {
    let attributes = node.element.attributes
    let (file, line) = (node.file, node.element.line)
    let remote = attributes["remote"].flatMap { remotes[ExactText($0)]?.url?.text }
    let moved = attributes["dest-path"].map(WorkspacePath.checked)
    if case .failure(let refusal) = moved {
      reading.report("a 'dest-path' \(refusal.reason): not followed", file: file, line: line)
    }
    let found = reading.change(
      name: attributes["name"] ?? "", path: attributes["path"].nonEmpty.flatMap(WorkspacePath.normalized),
      file: file,
      line: line
    ) { project in
      ForeignProject(
        name: project.name, path: (try? moved?.get()) ?? project.path,
        url: remote.map { $0 + "/" + project.name } ?? project.url,
        revision: attributes["revision"].nonEmpty ?? project.revision,
        branch: attributes["upstream"].nonEmpty ?? project.branch, isURLRefused: project.isURLRefused)
    }
    guard !found else { return }
    reading.report(
      "it extends '\(attributes["name"] ?? "")', which is not there before", file: file, line: line)
  }

  private func remove(_ node: Node, _ reading: inout Reading) {
    let attributes = node.element.attributes
    let path = attributes["path"].nonEmpty.flatMap(WorkspacePath.normalized)
    let found = reading.change(
      name: attributes["name"].nonEmpty, path: path, file: node.file, line: node.element.line
    ) { _ in nil }
    guard !found, attributes["optional"] != "true" else { return }
    reading.report(
      "it removes '\(attributes["name"] ?? path ?? "")', which is not there before", file: node.file,
      line: node.element.line)
  }

  private static func trimmed(_ url: String) -> String {
    var url = url[...]
    while url.ends(with: "/"), !url.ends(with: "://") { url = url.dropLast(bytes: 1) }
    return String(url)
  }
}

extension String? {
  /// Nil for an empty text.
  var nonEmpty: String? { self?.isEmpty == true ? nil : self }
}
