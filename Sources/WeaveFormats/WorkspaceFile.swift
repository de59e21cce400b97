/// What a file that a manifest includes turned out to be.
public enum IncludedFile: Sendable {
  case file([UInt8])
  /// A folder, with the names in it.
  case folder([String])
}

/// The projects that another tool's file names.
public struct WorkspaceFile: Sendable, Equatable {
  /// In the order of the file.
  public let projects: [ForeignProject]
  /// What was passed over, one line each: `FILE:LINE: what and why`.
  public let problems: [String]

  /// The largest file that is read, in bytes.
  public static let longest = 8 << 20
  /// The most projects that are read.
  public static let mostProjects = 100_000

  /// Reads a file of another tool.
  ///
  /// - Parameters:
  ///   - bytes: what the file holds.
  ///   - path: where the file is, relative to the root of the repository that holds it. Errors and problems call it so.
  ///   - source: the URL of the repository that holds the file, from which relative URLs are taken.
  ///   - include: gives what is at a path of that repository, nil where nothing is.
  /// - Throws: ``FileFormatError`` for a file that is not of the format. What is wrong with single projects, or with a
  ///   file that is included, is among the problems.
  public static func read(
    _ bytes: [UInt8], as format: WorkspaceFormat, at path: String, from source: String? = nil,
    include: (String) throws -> IncludedFile? = { _ in nil }
  ) throws(FileFormatError) -> WorkspaceFile {
    try withoutActuallyEscaping(include) { include throws(FileFormatError) in
      var reading = Reading(source: source, include: include)
      let text = try text(bytes, file: path)
      reading.enter(path)
      switch format {
      case .gitmodules: try Gitmodules.read(text, file: path, into: &reading)
      case .west: try WestManifest.read(text, file: path, into: &reading)
      case .repo: try RepoManifest.read(text, file: path, into: &reading)
      case .vcs: try VcsRepos.read(text, file: path, into: &reading)
      case .mani: try ManiFile.read(text, file: path, into: &reading)
      case .jiri: try JiriManifest.read(text, file: path, into: &reading)
      case .flake: try FlakeLock.read(text, file: path, into: &reading)
      case .deps: try DepsFile.read(text, file: path, into: &reading)
      }
      return WorkspaceFile(projects: reading.projects, problems: reading.allProblems)
    }
  }

  /// The bytes as text, without a byte order mark.
  static func text(_ bytes: [UInt8], file: String) throws(FileFormatError) -> String {
    guard bytes.count <= longest else {
      throw FileFormatError(
        file: file, message: "it has \(bytes.count) bytes, of at most \(longest)")
    }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw FileFormatError(file: file, message: "it is not UTF-8 text")
    }
    if let reason = text.reasonAgainstMarks { throw FileFormatError(file: file, message: reason) }
    let start = text.unicodeScalars.first == "\u{feff}" ? 1 : 0
    guard text.unicodeScalars.dropFirst(start).contains(where: { !$0.properties.isWhitespace }) else {
      throw FileFormatError(file: file, message: "it is empty")
    }
    return start == 0 ? text : String(text.unicodeScalars.dropFirst())
  }
}
