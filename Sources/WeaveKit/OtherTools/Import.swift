import ForeignText
import Git
import WeaveFormats
import WeaveModel
import WeaveStore

/// What a file of another tool names, compared with what the store knows.
public struct ImportPlan: Sendable {
  /// The file's name without folder and ending, for a set of its commits.
  public let stem: String
  /// The projects that the store does not know, with the names that they would get.
  public let unknown: [UnknownProject]
  /// What was passed over, one line each.
  public let problems: ToldLines
  let projects: [ForeignProject]

  /// A project that another tool's file names, and that the store does not know.
  public struct UnknownProject: Sendable {
    public let name: ProjectName
    public let source: RepositoryURL
    /// The branch that the file says it follows.
    public let track: String?
  }
}

/// The commits that an import found.
public struct ImportedCommits: Sendable {
  public let commits: CommitSet
  /// What was passed over, one line each.
  public let problems: ToldLines
}

extension Workspace {
  /// Reads a file of another tool, with those that it includes. Writes nothing.
  ///
  /// Without `format` the file's name must tell it. Gitlinks are those of the commit that is checked out beside
  /// `.gitmodules`.
  public func planImport(of path: String, as format: WorkspaceFormat?) async throws -> ImportPlan {
    let absolute = try FileSystem.named(path, from: caller.workingDirectory)
    guard FileSystem.exists(absolute) else { throw WeaveError("there is no file \(path)") }
    let source = try ImportSource(path: absolute)
    guard let format = format ?? WorkspaceFormat(path: path) else {
      throw WeaveError(
        "the name of \(path) does not tell which tool's it is",
        hint: "--format \(WorkspaceFormat.allCases.map(\.rawValue).joined(separator: "|"))")
    }
    let file: WorkspaceFile
    do { file = try source.read(as: format) } catch let error as FileFormatError {
      throw WeaveError("cannot read \(format) from \(path): \(error)")
    }
    var problems = ToldLines()
    for problem in file.problems { problems.append(problem) }
    let projects = file.projects.filter { project in
      if project.url == nil, !project.isURLRefused {
        problems.append("'\(project.name)' has no URL: passed over")
      }
      return project.url != nil
    }
    let sources = try await ForeignSources(in: self)
    return ImportPlan(
      stem: source.stem, unknown: try unknownProjects(among: projects, taking: sources, &problems),
      problems: problems, projects: format == .gitmodules ? try source.withGitlinks(projects) : projects)
  }

  private func unknownProjects(
    among projects: [ForeignProject], taking sources: ForeignSources, _ problems: inout ToldLines
  ) throws -> [ImportPlan.UnknownProject] {
    let records = try self.projects()
    var known = Set(records.map { RepositoryAddress($0.source) })
    var names = FreeProjectNames(besides: Set(records.map(\.name)))
    var unknown: [ImportPlan.UnknownProject] = []
    for project in projects where project.isDirect {
      guard let url = project.url else { continue }
      guard known.insert(address(of: url, from: caller.workingDirectory)).inserted else { continue }
      guard !url.begins(with: "./"), !url.begins(with: "../") else {
        problems.append(
          "\(RepositoryURL(project.name)) is left out: its URL is relative to that of a repository that is not known"
        )
        continue
      }
      if let refusal = sources.refusal(of: url) {
        problems.append(
          "\(RepositoryURL(project.name)) is passed over: its source, \(RepositoryURL(url)), \(refusal)")
        continue
      }
      guard let name = names.take(for: project.name, at: RepositoryURL(url)) else {
        problems.append(
          "no project name can be made of '\(Redaction(knowing: RepositoryURL(url)).text(project.name))'; `weave project add NAME \(Quoted.shellOperand(RepositoryURL(url).text))`"
        )
        continue
      }
      unknown.append(ImportPlan.UnknownProject(name: name, source: RepositoryURL(url), track: project.branch))
    }
    return unknown
  }

  /// Adds a project that the import found, or takes the one with its source that somebody else added meanwhile, whatever they
  /// called it. Throws as ``addProject(_:source:track:audience:force:)``, also where another has the name.
  public func add(_ project: ImportPlan.UnknownProject) async throws -> ProjectName {
    let address = RepositoryAddress(project.source)
    if let known = try projects().first(where: { RepositoryAddress($0.source) == address }) {
      return known.name
    }
    return try await addProject(
      project.name.text, source: project.source.textWithSecret, track: project.track
    ).name
  }

  /// The commits of projects of the store that the file pins. Projects that lack theirs are fetched first.
  public func importedCommits(
    of plan: ImportPlan, report: @escaping @Sendable (FetchProgress) -> Void
  ) async throws -> ImportedCommits {
    let records = try projects()
    let names = Dictionary(
      records.map { (RepositoryAddress($0.source), $0.name) }, uniquingKeysWith: { first, _ in first })
    var problems = ToldLines()
    var pins: [ProjectName: CommitID] = [:]
    // What the file itself asks for comes before what its projects bring.
    for project in plan.projects.filter(\.isDirect) + plan.projects.filter({ !$0.isDirect }) {
      guard let url = project.url, let name = names[address(of: url, from: caller.workingDirectory)] else {
        continue
      }
      guard let commit = project.commit else {
        if project.isDirect { problems.append("\(name) is not pinned: \(Self.reasonUnpinned(project))") }
        continue
      }
      let first = pins[name, default: commit]
      if first != commit {
        problems.append("\(name) is there twice: \(first.short) is taken, \(commit.short) is passed over")
      }
      pins[name] = first
    }
    let missing = try pins.filter { try !store.has($0.value, in: $0.key) }.keys.map(\.text)
    for result in try await missing.isEmpty ? [] : fetch(missing, report: report) {
      if let failure = result.failure { problems.append(failure.message) }
    }
    var members: [Member] = []
    for (name, commit) in pins.sorted(by: { $0.key < $1.key }) {
      if try store.has(commit, in: name) {
        members.append(Member(project: name, commit: commit))
      } else {
        problems.append("\(name) has no commit \(commit.short) at its source: passed over")
      }
    }
    return ImportedCommits(commits: try commitSet(of: members), problems: problems)
  }

  private static func reasonUnpinned(_ project: ForeignProject) -> String {
    guard let revision = project.revision else { return "the file gives no commit" }
    return "'\(revision)' is a branch, a tag or a shortened id, which may come to mean another commit"
  }
}
