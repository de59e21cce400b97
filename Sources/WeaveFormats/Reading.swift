import ForeignText
import WeaveModel

/// What was read so far of a file and of those that it includes.
struct Reading {
  /// The URL of the repository that holds the files.
  let source: String?
  private(set) var problems: [String] = []

  private let include: (String) throws -> IncludedFile?
  private var open: [String] = []
  private var included = 0
  /// Of a file that is included twice twice.
  private var includedBytes = 0
  /// Nil for those that were removed.
  private var slots: [ForeignProject?] = []
  private var slotsByName: [ExactText: [Int]] = [:]
  private var slotsByPath: [ExactText: Int] = [:]
  private var changes = 0
  /// Of all that was said of projects, which one default may have lent to each.
  private var projectBytes = 0
  /// The names and paths of projects that were passed over, which is told: what changes them is no mistake, too.
  private var passedOver: (names: Set<ExactText>, paths: Set<ExactText>) = ([], [])
  private var untoldProblems: [String: Int] = [:]  // Keys: of files, for a count

  private static let mostIncluded = 1_000
  private static let deepestInclude = 32
  private static let mostChanges = 100_000
  private static let mostProjectBytes = 8 << 20
  /// More lines say nothing that these do not.
  private static let mostProblems = 100
  private static let longestProblem = 1_000
  /// The longest name, path, URL or revision, in bytes: what Linux takes for a path.
  static let longestText = 4_096

  init(source: String?, include: @escaping (String) throws -> IncludedFile?) {
    self.source = source.flatMap { $0.utf8.count <= Self.longestText ? $0 : nil }
    self.include = include
  }

  /// Those named so far, in their order.
  var projects: [ForeignProject] { slots.compactMap(\.self) }

  /// Notes that `file` is being read, so that including it is a loop.
  mutating func enter(_ file: String) { open.append(WorkspacePath.normalized(file) ?? file) }

  /// What was told, and how much of each file is left untold.
  var allProblems: [String] {
    problems
      + untoldProblems.sorted { $0.key < $1.key }.map { file, count in
        "\(file): there \(count == 1 ? "is 1 more problem" : "are \(count) more problems")"
      }
  }

  /// Tells a problem, which is not even put together where too many were told before; of a long one the beginning.
  mutating func report(_ problem: @autoclosure () -> String, file: String, line: Int? = nil) {
    guard problems.count < Self.mostProblems else { return untoldProblems[file, default: 0] += 1 }
    let shown = String(problem().prefix(bytes: Self.longestProblem))
    problems.append(FileFormatError(file: file, line: line, message: shown).description)
  }

  /// The text, which several projects are to share; nil where there is none, or where it is too long, which is told.
  mutating func shared(_ text: String?, _ what: String, file: String, line: Int? = nil) -> String? {
    guard let text, text.utf8.count > Self.longestText else { return text }
    report("\(what) has \(text.utf8.count) bytes, of at most \(Self.longestText)", file: file, line: line)
    return nil
  }

  /// Why no more is taken of projects; nil where more is.
  private var refusalOfMore: String? {
    projectBytes <= Self.mostProjectBytes
      ? nil : "the projects before it have more than \(Self.mostProjectBytes >> 20) MiB of text: passed over"
  }

  /// Why the project is not taken; nil where it is, and then it is counted.
  private mutating func refusal(ofSizeOf project: ForeignProject) -> String? {
    let sizes = project.texts.map(\.utf8.count)
    if let longest = sizes.max(), longest > Self.longestText {
      return
        "its name, path, URL or revision has \(longest) bytes, of at most \(Self.longestText): passed over"
    }
    projectBytes += sizes.reduce(0, +)
    return nil
  }

  /// Takes a project in, with what is safe of it: a path outside the workspace, and a URL that is none, are told and
  /// left out. Of two projects at one path the first stays.
  mutating func add(
    name: String, path: String? = nil, url: String? = nil, revision: String? = nil, branch: String? = nil,
    isDirect: Bool = true, isArchive: Bool = false, file: String, line: Int? = nil
  ) {
    func inText(_ text: String) -> Substring { text.prefix(bytes: 200) }
    func passOver(_ problem: @autoclosure () -> String) {
      self.passOver(name: name, path: path, problem(), file: file, line: line)
    }
    guard slots.count < WorkspaceFile.mostProjects else {
      return passOver("it names more than \(WorkspaceFile.mostProjects) projects")
    }
    if let reason = refusalOfMore { return passOver("'\(inText(name))': \(reason)") }
    // What is relative to the source becomes as long as that.
    let whole = url.map { given in
      guard URLReference.isRelativeToSource(given) else { return given }
      return source.flatMap { URLReference.submodule(given, of: $0) } ?? given
    }
    if let reason = refusal(
      ofSizeOf: ForeignProject(name: name, path: path, url: whole, revision: revision, branch: branch))
    {
      return passOver("'\(inText(name))': \(reason)")
    }
    var (place, url) = (path, whole)
    if let given = path {
      switch WorkspacePath.checked(given) {
      case .success(let within): place = within
      case .failure(let refusal):
        report("'\(inText(name))': its path '\(inText(given))' \(refusal.reason)", file: file, line: line)
        place = nil
      }
    }
    if let place, slotsByPath[ExactText(place)] != nil {
      return passOver("'\(inText(name))' is not the first project at '\(inText(place))': passed over")
    }
    url = takeable(url, of: name, file: file, line: line)
    if let place { slotsByPath[ExactText(place)] = slots.count }
    slotsByName[ExactText(name), default: []].append(slots.count)
    slots.append(
      ForeignProject(
        name: name, path: place, url: url, revision: revision?.isEmpty == true ? nil : revision,
        branch: branch?.isEmpty == true ? nil : branch, isDirect: isDirect, isArchive: isArchive,
        isURLRefused: whole != nil))
  }

  /// Tells why the project is not taken in. What then changes it finds it, and does nothing.
  mutating func passOver(
    name: String, path: String?, _ problem: @autoclosure () -> String, file: String, line: Int?
  ) {
    passedOver.names.insert(ExactText(name))
    if let place = path.flatMap(WorkspacePath.normalized) { passedOver.paths.insert(ExactText(place)) }
    report(problem(), file: file, line: line)
  }

  /// The URL where it may be handed to Git, and names the place that it begins with; nil else, which is told.
  private mutating func takeable(_ url: String?, of name: String, file: String, line: Int?) -> String? {
    guard let url, let reason = ProjectSource.refusal(of: url) ?? Self.refusal(ofClimbing: url) else {
      return url
    }
    let shown = RepositoryURL(url).text.prefix(bytes: 200)
    report(
      "'\(name.prefix(bytes: 200))': its URL '\(shown)' is left out: \(reason)", file: file,
      line: line)
    return nil
  }

  /// A path of this machine is its reader's to refuse.
  private static func refusal(ofClimbing url: String) -> String? {
    guard !RepositoryAddress.isLocal(url), RepositoryAddress.climbs(url) else { return nil }
    return "it leads by `..` to another place than it begins with"
  }

  /// Puts what `body` makes of them, nil to remove them, in the place of the projects of that name and at that path, of
  /// which one is given. A project stays where it is when another is at its new path.
  ///
  /// - Returns: whether there was one, also one that was passed over.
  mutating func change(
    name: String?, path: String?, file: String, line: Int, _ body: (ForeignProject) -> ForeignProject?
  ) -> Bool {
    let candidates =
      name.map { slotsByName[ExactText($0)] ?? [] }
      ?? path.flatMap { slotsByPath[ExactText($0)] }.map { [$0] } ?? []
    changes += candidates.count
    guard changes <= Self.mostChanges else {
      report("it changes more than \(Self.mostChanges) projects: passed over", file: file, line: line)
      return true
    }
    var found =
      name.map { passedOver.names.contains(ExactText($0)) }
      ?? path.map { passedOver.paths.contains(ExactText($0)) } ?? false
    for slot in candidates {
      guard let project = slots[slot], path.map({ project.path?.isExactly($0) ?? false }) ?? true else {
        continue
      }
      if let reason = refusalOfMore {
        report("'\(project.name.prefix(bytes: 200))' stays as it is: \(reason)", file: file, line: line)
        return true
      }
      found = true
      var changed = body(project)
      if let new = changed?.path, !(project.path?.isExactly(new) ?? false), slotsByPath[ExactText(new)] != nil
      {
        report(
          "'\(project.name.prefix(bytes: 200))' stays where it is: another is at '\(new.prefix(bytes: 200))'",
          file: file, line: line)
        changed = changed?.at(project.path)
      }
      if let new = changed, let reason = refusal(ofSizeOf: new) {
        report("'\(project.name.prefix(bytes: 200))' stays as it is: \(reason)", file: file, line: line)
        changed = project
      }
      if let new = changed, new.url.map({ ExactText($0) }) != project.url.map({ ExactText($0) }) {
        changed = new.from(takeable(new.url, of: new.name, file: file, line: line))
      }
      if let old = project.path { slotsByPath[ExactText(old)] = nil }
      if let new = changed?.path { slotsByPath[ExactText(new)] = slot }
      slots[slot] = changed
    }
    return found
  }

  /// Reads what `path` names, each file with `body`: the file itself, or those of a folder that `filter` accepts.
  /// What is wrong with it is told, and the including file goes on.
  mutating func includeFiles(
    at path: String, from file: String, line: Int? = nil, filter: (String) -> Bool = { _ in true },
    body: (String, String, inout Reading) throws(FileFormatError) -> Void
  ) {
    func fail(_ reason: String) {
      report("it includes '\(path.prefix(bytes: 200))', \(reason)", file: file, line: line)
    }
    guard path.utf8.count <= Self.longestText else { return fail("which is too long for a path") }
    guard let place = WorkspacePath.normalized(path), path.utf8.first != UInt8(ascii: "/") else {
      return fail("which is outside the repository: not followed")
    }
    if let start = open.firstIndex(where: { $0.isExactly(place) }) {
      let loop = (open[start...] + [place]).joined(separator: " → ")
      return fail("which goes in a circle: \(loop)")
    }
    included += 1
    guard open.count < Self.deepestInclude, included <= Self.mostIncluded else {
      return fail("more than \(Self.deepestInclude) deep or \(Self.mostIncluded) files: not followed")
    }
    let found: IncludedFile?
    do { found = try include(place) } catch { return fail("which cannot be read: \(error)") }
    switch found {
    case nil: fail("which is not there")
    case .folder(let names):
      open.append(place)
      defer { open.removeLast() }
      for name in names.sorted() where filter(name) {
        includeFiles(at: place + "/" + name, from: file, line: line, filter: { _ in false }, body: body)
      }
    case .file(let bytes):
      includedBytes += bytes.count
      guard includedBytes <= WorkspaceFile.longest else {
        return fail("with which more than \(WorkspaceFile.longest >> 20) MiB would be included: not followed")
      }
      open.append(place)
      defer { open.removeLast() }
      do throws(FileFormatError) {
        try body(try WorkspaceFile.text(bytes, file: place), place, &self)
      } catch { report(error.message, file: error.file, line: error.line) }
    }
  }
}
