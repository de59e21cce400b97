import ForeignText
import WeaveModel

/// Reads `mani.yaml` (https://manicli.com/config), with the files that it imports.
enum ManiFile {
  static func read(_ text: String, file: String, into reading: inout Reading) throws(FileFormatError) {
    let top = try YAMLMapping.top(of: text, file: file)
    let folder = file.split(atScalar: "/").dropLast().map { $0 + "/" }.joined()
    for element in top.list("import") ?? [] {
      guard let path = element.scalar else { continue }
      reading.includeFiles(
        at: path.begins(with: "/") ? path : folder + path, from: file, line: element.position.line
      ) {
        text, place, reading throws(FileFormatError) in
        try read(text, file: place, into: &reading)
      }
    }
    guard let projects = top["projects"] else { return }
    guard case .mapping(let entries) = projects.content else {
      if projects.scalar == "" { return }
      throw FileFormatError(
        file: file, line: projects.position.line,
        message: "expected 'projects' to be a mapping, found \(projects.kind)")
    }
    for entry in entries {
      if entry.isMergeKey {
        reading.report(
          "what '<<' merges into 'projects' is passed over", file: file, line: entry.position.line)
        continue
      }
      let project = YAMLMapping(entry.value)
      var path = project?.text("path") ?? entry.key
      if let variable = path.firstIndex(ofScalar: "$") {
        reading.report(
          "'\(entry.key)': its path holds the variable '\(path[variable...].prefix(bytes: 200))', which is not followed",
          file: file, line: entry.position.line)
        path = ""
      }
      reading.add(
        name: entry.key, path: path.isEmpty ? nil : path, url: project?.text("url"),
        branch: project?.text("branch"), file: file, line: entry.position.line)
    }
  }
}
