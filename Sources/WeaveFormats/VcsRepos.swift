import ForeignText
import WeaveModel

/// Reads `*.repos` of vcstool, and the list that rosinstall had before it.
enum VcsRepos {
  static func read(_ text: String, file: String, into reading: inout Reading) throws(FileFormatError) {
    let root = try YAMLMapping.root(of: text, file: file)
    if case .list(let list) = root.content {
      for element in list { readRosinstall(element, file: file, into: &reading) }
      return
    }
    guard case .mapping(let top) = root.content,
      let repositories = top.first(where: { $0.key == "repositories" })?.value
    else {
      throw FileFormatError(
        file: file, message: "it has no mapping 'repositories', which a file of vcstool needs")
    }
    guard case .mapping(let entries) = repositories.content else {
      if repositories.scalar.map({ ["", "~", "null"].contains($0) }) ?? false { return }
      throw FileFormatError(
        file: file, line: repositories.position.line,
        message: "expected 'repositories' to be a mapping, found \(repositories.kind)")
    }
    for entry in entries {
      let line = entry.position.line
      if entry.isMergeKey {
        reading.report("what '<<' merges into 'repositories' is passed over", file: file, line: line)
        continue
      }
      guard let repository = YAMLMapping(entry.value) else {
        reading.report(
          "'\(FreeText.name(entry.key))' is \(entry.value.kind), no mapping", file: file, line: line)
        continue
      }
      add(
        path: entry.key, type: repository.text("type"), url: repository.text("url"),
        version: repository.text("version"), file: file, line: line, into: &reading)
    }
  }

  private static func readRosinstall(_ element: YAMLElement, file: String, into reading: inout Reading) {
    let line = element.position.line
    guard case .mapping(let entries) = element.content, let entry = entries.first, entries.count == 1,
      let repository = YAMLMapping(entry.value), let path = repository.text("local-name")
    else { return reading.report("this is no entry of rosinstall", file: file, line: line) }
    add(
      path: path, type: entry.key, url: repository.text("uri"), version: repository.text("version"),
      file: file,
      line: line, into: &reading)
  }

  private static func add(
    path: String, type: String?, url: String?, version: String?, file: String, line: Int,
    into reading: inout Reading
  ) {
    guard let type, let url else {
      return reading.report(
        "'\(FreeText.name(path))' has no \(type == nil ? "type" : "URL")", file: file, line: line)
    }
    guard type == "git" else {
      return reading.report(
        "'\(path)' is of type '\(type)', no Git repository: passed over", file: file, line: line)
    }
    let name = path.split(atScalar: "/").last.map(String.init) ?? path
    reading.add(name: name, path: path, url: url, revision: version, file: file, line: line)
  }
}
