import ForeignText
import WeaveModel

/// Reads `DEPS` of gclient (https://chromium.googlesource.com/chromium/tools/depot_tools/+/HEAD/README.gclient.md).
struct DepsFile {
  private let file: String
  private var variables: [ExactText: String] = [:]
  private var passedOver: [String: Int] = [:]  // Keys: types, for a count
  private var expandedBytes = 0

  static func read(_ text: String, file: String, into reading: inout Reading) throws(FileFormatError) {
    let values = try PythonAssignments.read(text, file: file, into: &reading)
    var deps = DepsFile(file: file)
    for entry in values["vars"]?.entries ?? [] {
      switch entry.value {
      case .text(let text): deps.variables[ExactText(entry.key)] = text
      case .other(let written): deps.variables[ExactText(entry.key)] = written
      case .list, .dictionary: break
      }
    }
    for entry in values["deps"]?.entries ?? [] { deps.readDependency(entry, into: &reading) }
    for system in values["deps_os"]?.entries ?? [] {
      for entry in system.value.entries ?? [] { deps.readDependency(entry, into: &reading) }
    }
    for (type, count) in deps.passedOver.sorted(by: { $0.key < $1.key }) {
      reading.report(
        "\(count) of type '\(type)' \(count == 1 ? "is no Git repository" : "are no Git repositories"): passed over",
        file: file)
    }
  }

  private init(file: String) { self.file = file }

  private mutating func readDependency(_ entry: PythonLiteral.Entry, into reading: inout Reading) {
    func report(_ problem: String) {
      reading.report(
        "'\(entry.key.prefix(bytes: 200))' \(problem): passed over", file: file, line: entry.line)
    }
    var written = entry.value
    if let type = written["dep_type"]?.text, type != "git" {
      passedOver[String(type.prefix(bytes: 50)), default: 0] += 1
      return
    }
    if let url = written["url"] { written = url }
    if case .other("None") = written { return }
    guard let template = written.text else { return report("has no URL that is a text") }
    guard let url = expanded(template), let path = expanded(entry.key) else {
      return report("uses a variable that is not among 'vars'")
    }
    let at = url.utf8[Self.pathStart(url)...].lastIndex(of: UInt8(ascii: "@"))
    reading.add(
      name: path, path: path, url: at.map { String(url[..<$0]) } ?? url,
      revision: at.map { String(url[url.unicodeScalars.index(after: $0)...]) }, file: file, line: entry.line)
  }

  /// Where the URL's path begins: before it an @ may follow a user's name and password. Of an address as of scp a colon is
  /// before it.
  private static func pathStart(_ url: String) -> String.Index {
    guard let scheme = url.schemeEnd else {
      return url.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") } ?? url.startIndex
    }
    return url.utf8[url.utf8.index(scheme, offsetBy: 3)...].firstIndex(of: UInt8(ascii: "/")) ?? url.endIndex
  }

  /// The longest text that variables are put into, in bytes.
  private static let longestText = 4_096
  /// How long all such texts may be together, in bytes.
  private static let mostExpanded = 8 << 20

  /// The text with each `{name}` replaced by the variable's value, once, as `str.format` does; nil for one that is not
  /// there.
  private mutating func expanded(_ template: String) -> String? {
    guard template.utf8.contains(UInt8(ascii: "{")) else { return template }
    guard expandedBytes < Self.mostExpanded else { return nil }
    var (text, rest) = ("", template[...])
    while let start = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
      guard let end = rest[start...].utf8.firstIndex(of: UInt8(ascii: "}")),
        let value = variables[ExactText(rest[rest.utf8.index(after: start)..<end])],
        text.utf8.count + value.utf8.count < Self.longestText
      else { return nil }
      text += rest[..<start] + value
      rest = rest[rest.utf8.index(after: end)...]
    }
    expandedBytes += text.utf8.count
    // Parts that are bounded make a whole that need not be.
    return String(foreign: (text + rest).utf8)
  }
}
