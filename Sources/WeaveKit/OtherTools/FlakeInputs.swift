import ForeignText
import Git
import WeaveFormats
import WeaveModel
import WeaveStore

extension Workspace {
  /// The commits as inputs of a flake, from the store or, as asked, from the projects' own sources; `notes` name those
  /// that can be none, and inputs that do not follow though they have a project's name.
  func flakeInputs(
    of members: [Member], _ state: DesiredState, fromSource: Bool, asFiles: Bool
  ) throws -> (inputs: [FlakeInput], notes: [String]) {
    let known = KnownProjects(try projects(), in: store)
    let facts = Dictionary(uniqueKeysWithValues: state.projects.map { ($0.name, $0) })
    var (inputs, notes): ([FlakeInput], [String]) = ([], [])
    for member in members {
      guard let project = facts[member.project], let source = project.source else {
        notes.append("\(member.project) is no project here, so that it is no input of the flake")
        continue
      }
      // The history of what is free need not be here.
      let isHere = try store.repository.kind(of: member.commit.objectID) == .commit
      guard isHere || project.isFree || fromSource else {
        throw WeaveError(
          "\(member.project)@\(member.commit.short) is only in its checkout, where Nix does not look",
          hint: "push it and `weave fetch \(member.project)`, or `weave lock --local`, which copies it")
      }
      let url =
        isHere && !fromSource
        ? try storeURL(of: member, trackedRef: project.trackedRef)
        : try sourceURL(of: member, source, trackedRef: project.trackedRef)
      guard !asFiles else {
        inputs.append(FlakeInput(member: member, url: url, isFlake: false))
        continue
      }
      let tree = isHere ? try store.repository.treeOfCommit(member.commit.objectID) : nil
      let flake = try tree.flatMap { try file("flake.nix", in: $0) }
      var projectsByInput: [String: ProjectName] = [:]  // Keys: identifiers of Nix
      if let flake {
        let found = try self.projectsByInput(
          flake: flake, lock: file("flake.lock", in: tree), of: member, source, known)
        projectsByInput = found.projects
        notes += found.notes
      }
      inputs.append(
        FlakeInput(
          member: member, url: url, isFlake: tree == nil || flake != nil, projectsByInput: projectsByInput))
    }
    return (inputs, notes)
  }

  private func storeURL(of member: Member, trackedRef: String?) throws -> String {
    guard let reference = try store.reference(reaching: member, preferring: trackedRef) else {
      throw WeaveError(
        "no ref of the store reaches \(member.project)@\(member.commit.short), and Nix takes no commit without",
        hint: "`weave fetch \(member.project)`, or --from-source")
    }
    return FlakeInput.url(
      ofRepository: FileSystem.canonical(store.repository.gitDirectory).withoutSlashAtEnd,
      reference: reference, at: member.commit)
  }

  private func sourceURL(of member: Member, _ source: String, trackedRef: String?) throws -> String {
    let reference = try store.sourceReference(reaching: member, preferring: trackedRef)
    do throws(UnknownToNix) {
      return try FlakeInput.url(ofSource: source, reference: reference, at: member.commit)
    } catch {
      throw WeaveError(
        "\(member.project) can be no input of a flake: \(error)",
        hint: "without --from-source Nix takes what is in the store from there")
    }
  }

  /// The inputs that a flake declares and that are projects: by their URLs, else by name and commit, as a harvest knows
  /// them.
  private func projectsByInput(
    flake: ObjectID, lock: ObjectID?, of member: Member, _ source: String, _ known: KnownProjects
  ) throws -> (projects: [String: ProjectName], notes: [String]) {  // Keys: identifiers of Nix
    var projects: [String: ProjectName] = [:]  // Keys: identifiers of Nix
    let isReadable = try store.repository.size(of: flake) <= FlakeSource.longest
    let text =
      isReadable ? String(foreign: try store.repository.blob(flake, atMost: FlakeSource.longest)) : ""
    var declared: [String: String] = [:]  // Keys: identifiers of Nix
    for (name, url) in FlakeSource.inputs(in: text) {
      declared[name] = url
      let address = RepositoryAddress(url, from: RepositoryAddress.localPath(source) ?? "/")
      projects[name] = known.project(at: address) ?? known.project(inFolderOf: url)
    }
    if let lock {
      let file: WorkspaceFile
      do {
        file = try WorkspaceFile.read(
          try store.repository.blob(lock, atMost: WorkspaceFile.longest), as: .flake, at: "flake.lock",
          from: source)
      } catch {
        throw WeaveError(
          "the flake.lock of \(member.project)@\(member.commit.short) cannot be read: \(error)")
      }
      for input in file.projects where input.isDirect {
        guard let commit = input.commit else { continue }
        let pin = PinnedCommit(
          name: input.name, address: input.url.map { RepositoryAddress($0) }, commit: commit,
          file: "flake.lock", isDirect: true)
        if let project = try known.project(of: pin) { projects[input.name] = project }
      }
    }
    let names = Set(known.names)
    let strangers = declared.filter { projects[$0.key] == nil && names.contains($0.key) }
    let notes = strangers.sorted { $0.key < $1.key }.map { name, url in
      "\(member.project)'s input '\(name)' is \(RepositoryURL(url)), which is not where \(name) comes from: it does not follow"
    }
    return (projects.filter { $0.value != member.project }, notes)
  }

  private func file(_ name: String, in tree: ObjectID?) throws -> ObjectID? {
    guard let tree else { return nil }
    return try store.repository.tree(tree).first { $0.name.isExactly(name) && !$0.isTree && !$0.isGitlink }?
      .id
  }
}

extension String {
  fileprivate var withoutSlashAtEnd: String { String(dropping(suffix: "/") ?? self[...]) }
}
