import ForeignText
import WeaveModel

/// Reads `.gitmodules` (gitmodules(5)).
enum Gitmodules {
  private struct Submodule {
    var line: Int
    var path: String?
    var url: String?
    var branch: String?
  }

  static func read(_ text: String, file: String, into reading: inout Reading) throws(FileFormatError) {
    var names: [ExactText] = []
    var submodules: [ExactText: Submodule] = [:]
    for entry in try GitConfig.entries(of: text, file: file) where entry.section == "submodule" {
      guard let name = entry.subsection.map({ ExactText($0) }) else { continue }
      if submodules[name] == nil {
        names.append(name)
        submodules[name] = Submodule(line: entry.line)
      }
      // Git takes the first of two.
      func keep(_ value: inout String?) {
        if value == nil { return value = entry.value }
        reading.report(
          "'\(FreeText.name(name.text))' has a second '\(FreeText.name(entry.key))': passed over", file: file,
          line: entry.line)
      }
      switch entry.key {
      case "path": keep(&submodules[name]!.path)
      case "url": keep(&submodules[name]!.url)
      case "branch": keep(&submodules[name]!.branch)
      default: break
      }
    }
    for key in names {
      guard let submodule = submodules[key] else { continue }
      let name = key.text
      guard !name.isEmpty, !name.split(atScalar: "/", keepsEmpty: true).contains(where: { $0 == ".." }) else {
        reading.report(
          "the submodule name '\(FreeText.name(name))' is none for Git", file: file, line: submodule.line)
        continue
      }
      if submodule.path == nil || submodule.url == nil {
        reading.report(
          "'\(name)' has no \(submodule.path == nil ? "path" : "URL")", file: file, line: submodule.line)
      }
      reading.add(
        name: name, path: submodule.path, url: submodule.url, branch: submodule.branch, file: file,
        line: submodule.line)
    }
  }
}
