import ForeignText
import WeaveModel

/// Reads a manifest of jiri (https://fuchsia.googlesource.com/jiri/+/HEAD/README.md).
enum JiriManifest {
  static func read(_ text: String, file: String, into reading: inout Reading) throws(FileFormatError) {
    let root = try XMLElement.root(of: text, file: file)
    guard root.name == "manifest" else {
      throw FileFormatError(
        file: file, line: root.line, message: "expected <manifest>, found <\(FreeText.name(root.name))>")
    }
    for element in root.children(in: "imports") {
      if element.name == "localimport" {
        includeLocal(element, file: file, into: &reading)
      } else if element.name == "import" {
        readImport(element, file: file, into: &reading)
      }
    }
    for element in root.children(in: "projects") where element.name == "project" {
      readProject(element, file: file, into: &reading)
    }
    for element in root.children(in: "overrides") { override(element, file: file, in: &reading) }
  }

  private static func includeLocal(_ element: XMLElement, file: String, into reading: inout Reading) {
    guard let path = element.attributes["file"] else {
      return reading.report("<localimport> has no 'file'", file: file, line: element.line)
    }
    let folder = file.split(atScalar: "/").dropLast().map { $0 + "/" }.joined()
    reading.includeFiles(at: path.begins(with: "/") ? path : folder + path, from: file, line: element.line) {
      text, place, reading throws(FileFormatError) in
      try read(text, file: place, into: &reading)
    }
  }

  /// A manifest in another repository: the repository itself is a project, what its manifest says is not followed.
  private static func readImport(_ element: XMLElement, file: String, into reading: inout Reading) {
    let name = element.attributes["name"] ?? element.attributes["remote"] ?? ""
    reading.report(
      "the manifest of '\(FreeText.name(name))' is imported: not followed", file: file, line: element.line)
    guard element.attributes["remote"] != nil else { return }
    reading.add(
      name: name, url: element.attributes["remote"], revision: element.attributes["revision"],
      branch: element.attributes["remotebranch"], file: file, line: element.line)
  }

  private static func readProject(_ element: XMLElement, file: String, into reading: inout Reading) {
    guard let name = element.attributes["name"], !name.isEmpty else {
      return reading.report("<project> has no 'name'", file: file, line: element.line)
    }
    if element.attributes["remote"] == nil {
      reading.report("'\(FreeText.name(name))' has no remote", file: file, line: element.line)
    }
    reading.add(
      name: name, path: element.attributes["path"] ?? name, url: element.attributes["remote"],
      revision: element.attributes["revision"], branch: element.attributes["remotebranch"], file: file,
      line: element.line)
  }

  /// Jiri knows a project by its name and remote.
  private static func override(_ element: XMLElement, file: String, in reading: inout Reading) {
    let attributes = element.attributes
    var found = false
    _ = reading.change(name: attributes["name"] ?? "", path: nil, file: file, line: element.line) { project in
      // What it was before is told.
      if project.isURLRefused { found = true }
      guard project.url.map({ ExactText($0) }) == attributes["remote"].map({ ExactText($0) }) else {
        return project
      }
      found = true
      return ForeignProject(
        name: project.name, path: project.path, url: project.url,
        revision: attributes["revision"].nonEmpty ?? project.revision,
        branch: attributes["remotebranch"].nonEmpty ?? project.branch)
    }
    guard !found else { return }
    reading.report(
      "it overrides '\(attributes["name"] ?? "")', which is not in the files that are read", file: file,
      line: element.line)
  }
}

extension XMLElement {
  fileprivate func children(in name: String) -> [XMLElement] {
    children.filter { $0.name == name }.flatMap(\.children)
  }
}
