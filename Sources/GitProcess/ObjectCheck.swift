import ForeignText

/// What git-fsck(1) finds fault with in a repository.
public struct ObjectCheck: Sendable {
  /// An object that something needs, and that is not there or is damaged.
  public struct Missing: Hashable, Sendable {
    /// In hexadecimal.
    public let id: String
    /// Where it is needed, as a revision; nil where nothing names it.
    public let place: String?
  }

  public private(set) var missing: [Missing] = []
  /// The objects of their own files that are damaged, in hexadecimal.
  public private(set) var damagedLoose: Set<String> = []
  /// The packs that are damaged, or whose indexes are: `pack-….pack`.
  public private(set) var damagedPacks: Set<String> = []
  /// The refs that lead to nothing: damaged ones, and symbolic ones to a ref that does not exist.
  public private(set) var unresolved: [String] = []
  /// Objects that are as they were written and break a rule of Git's, a line each.
  public private(set) var malformed: [String] = []
  /// Whether the commit-graph, which Git and weave can do without, is not true of what is stored.
  public private(set) var isCommitGraphDamaged = false
  /// All else that Git says is wrong, a line each.
  public private(set) var complaints: [String] = []

  public var isClean: Bool {
    missing.isEmpty && damagedLoose.isEmpty && damagedPacks.isEmpty && complaints.isEmpty
      && !isCommitGraphDamaged
  }

  init(_ output: GitOutput) {
    guard !output.succeeded else { return }
    for line in output.text.lines where line.begins(with: "missing ") {
      let words = line.split(atScalar: " ", maxSplits: 3)
      guard words.count >= 3 else { continue }
      let place = words.count == 4 ? words[3].dropping(prefix: "(")?.dropping(suffix: ")") : nil
      missing.append(Missing(id: String(words[2]), place: place.map(String.init)))
    }
    var others: [Substring] = []
    for line in output.errorLines where !read(line) { others.append(line) }
    let isExplained = !isClean || !malformed.isEmpty || !unresolved.isEmpty
    if !isExplained { complaints = others.prefix(3).map(\.boundedWords) }
    if isClean, malformed.isEmpty, unresolved.isEmpty {
      complaints = ["it ended with \(output.exitCode), and said nothing"]
    }
  }

  /// Whether the line tells what is damaged, and not only more of it.
  private mutating func read(_ line: Substring) -> Bool {
    if line.begins(with: "notice: ") || line.begins(with: "warning") { return true }
    if line.holds("commit-graph") {
      isCommitGraphDamaged = true
      return true
    }
    if line.begins(with: "error in ") {
      malformed.append(String(line))
      return true
    }
    let paths = line.split(atBytes: "objects/").dropFirst()
    if let pack = paths.compactMap({ Self.pack($0) }).first {
      damagedPacks.insert(pack)
    } else if let id = paths.compactMap({ Self.object($0) }).first {
      damagedLoose.insert(id)
    } else if let (reference, id) = Self.pointer(line) {
      if id.utf8.allSatisfy({ $0 == UInt8(ascii: "0") }) {
        unresolved.append(reference)
        return true
      }
      missing.append(Missing(id: id, place: reference))
    } else if line.begins(with: "fatal: ") || line.begins(with: "error: refs/")
      || line.begins(with: "error: HEAD")
    {
      complaints.append(line.cut(at: " ").map { String($0.after) } ?? "")
    } else {
      return false
    }
    return true
  }

  /// The ref, and the object that it names and that is not there, or zeros: `error: REF: invalid sha1 pointer ID`.
  private static func pointer(_ line: Substring) -> (reference: String, id: String)? {
    let parts = line.split(atBytes: ": invalid sha1 pointer ")
    guard parts.count == 2, let reference = parts[0].dropping(prefix: "error: ")
    else { return nil }
    return (String(reference), String(parts[1]))
  }

  /// The id that a path behind `objects/` names.
  private static func object(_ path: Substring) -> String? {
    let digits = Array(path.utf8.prefix(41))
    guard digits.count == 41, digits[2] == UInt8(ascii: "/") else { return nil }
    let id = String(foreign: digits[..<2] + digits[3...])
    return id.unicodeScalars.allSatisfy(\.isASCIIHexDigit) ? id : nil
  }

  private static func pack(_ path: Substring) -> String? {
    guard let name = path.dropping(prefix: "pack/") else { return nil }
    let stem = name.prefix(whileScalar: { $0 != "." })
    guard let digits = stem.dropping(prefix: "pack-"), !digits.isEmpty,
      digits.unicodeScalars.allSatisfy(\.isASCIIHexDigit)
    else { return nil }
    return "\(stem).pack"
  }
}

extension GitProcess {
  /// Lets Git read every object of the repository, and follow every ref (git-fsck(1)).
  ///
  /// Git ends at the first object that it cannot read: so there may be more.
  public func checkObjects(in gitDirectory: String) async throws(GitProcessError) -> ObjectCheck {
    ObjectCheck(
      try await run(
        ["fsck", "--no-dangling", "--name-objects", "--no-progress"], at: .repository(gitDirectory)))
  }

  /// Makes the pack's index, where there is none. Throws where the pack is damaged.
  public func indexPack(_ pack: String, in gitDirectory: String) async throws(GitProcessError) {
    let output = try await run(["index-pack", "--", pack], at: .repository(gitDirectory))
    guard output.succeeded else { throw GitProcessError(operation: "index \(pack)", output: output) }
  }

  /// Stores what can be read of a damaged pack's content, each object in a file of its own (git-unpack-objects(1)).
  public func unpackWhatIsWhole(of pack: [UInt8], in gitDirectory: String) async throws(GitProcessError) {
    _ = try await run(["unpack-objects", "-r", "-q"], at: .repository(gitDirectory), standardInput: pack)
  }

  /// Brings all refs of `url` that `refspec` names into the bare repository at `gitDirectory`, for what is missing
  /// elsewhere, or unsound. `configuration` are settings for this run.
  public func fetchCopy(
    _ refspec: String, from url: RepositoryURL, into gitDirectory: String, configuration: [String] = []
  ) async throws(GitProcessError) {
    try refuseRelative(url, "fetch from \(url)")
    let output = try await run(
      for: url, at: .repository(gitDirectory), configuration: configuration, isRetried: true,
      watch: .transfer
    ) { url in Self.plainFetch + ["--progress", "--quiet", "--", url, refspec] }
    guard output.succeeded else { throw GitProcessError(operation: "fetch from \(url)", output: output) }
  }
}
