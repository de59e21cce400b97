import WeaveFormats
import WeaveModel

/// What must hold of the files of other multi-repository tools.
enum WorkspaceFileReading {
  /// Every include gives the file itself again, so that one that names itself by any name is a loop or has an end.
  static func check(_ bytes: [UInt8], as format: WorkspaceFormat) throws(Violation) -> Bool {
    let file: WorkspaceFile
    do throws(FileFormatError) { file = try read(bytes, format) } catch {
      try Violation.unless(!error.message.isEmpty, "an error says nothing")
      let lines = bytes.count { $0 == 10 } + 1
      // YAML has more line ends than LF: CR, and two beyond ASCII.
      let others = bytes.count { $0 == 13 || $0 == 0xA8 || $0 == 0xA9 || $0 == 0x85 }
      try Violation.unless(
        (1...lines + others + 1).contains(error.line ?? 1),
        "an error is on line \(error.line ?? 0) of \(lines)")
      return false
    }
    try Violation.unless((try? read(bytes, format)) == file, "read twice it says two things")
    try Violation.unless(
      file.problems.allSatisfy { $0.hasPrefix("f:") || $0.hasPrefix("inner") }, "no file is named")
    var paths: Set<String> = []
    for project in file.projects { try check(project, &paths) }
    return true
  }

  static func checkTrailers(_ bytes: [UInt8]) throws(Violation) -> Bool {
    let pins = CommitTrailers.pins(inMessage: bytes)
    try Violation.unless(
      pins.allSatisfy { $0.project?.isEmpty != true && CommitTrailers.keys.contains($0.key) }, "a pin is none"
    )
    // What a message names, it names wherever else it stands in a longer one: the last paragraph counts.
    let longer = Array("subject\n\ntext\n\n".utf8) + bytes
    try Violation.unless(
      pins.isEmpty || CommitTrailers.pins(inMessage: longer) == pins, "text before it changes what it names")
    return !pins.isEmpty
  }

  private static func read(_ bytes: [UInt8], _ format: WorkspaceFormat) throws(FileFormatError)
    -> WorkspaceFile
  {
    var left = 20
    return try WorkspaceFile.read(bytes, as: format, at: "f", from: "https://example.com/a/b") { path in
      left -= 1
      if path.hasPrefix("inner"), left > 0 { return .file(bytes) }
      return path == "folder" ? .folder(["inner.yml", "b"]) : nil
    }
  }

  private static func check(_ project: ForeignProject, _ paths: inout Set<String>) throws(Violation) {
    if let path = project.path {
      try Violation.unless(paths.insert(path).inserted, "two projects are at '\(path)'")
      let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      let isBelow = parts.allSatisfy { part in
        !part.isEmpty && ![".", "..", ".git", ".weave"].contains { part.elementsEqual($0.utf8) }
      }
      try Violation.unless(path == "." || isBelow, "the path '\(path)' leads elsewhere")
      try Violation.unless(!path.utf8.contains { $0 < 32 || $0 == 127 }, "a path holds a control character")
    }
    if let url = project.url {
      try Violation.unless(
        ProjectSource.refusal(of: url) == nil, "the URL '\(url)' must not be handed to git")
      let address = RepositoryAddress(url)
      try Violation.unless(
        !address.text.hasSuffix("/") || address.text.count < 3 || !address.text.hasPrefix("/"),
        "the address '\(address)' ends in a slash")
    }
    try Violation.unless(project.revision != "" && project.branch != "", "nothing is asked for")
  }
}
