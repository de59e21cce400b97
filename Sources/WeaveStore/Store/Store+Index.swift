import Git
import WeaveModel

extension Store {
  /// Reads the index from its file, once.
  func loadIndex() {
    guard !isIndexLoaded else { return }
    isIndexLoaded = true
    guard let read = IndexFile.read(gitDirectory: repository.gitDirectory, store: id) else { return }
    index = read
    savedWeight = index.weight
  }

  /// Writes the index when reading what is new again would cost about as much: an event from its commit takes a hundred
  /// times as long as one in the file.
  func saveIndexIfWorthwhile() {
    guard isIndexSavable, unsavedWeight > savedWeight / 128 + 64 else { return }
    saveIndex()
  }

  /// Writes the index, where the store can be written to; false where it cannot.
  @discardableResult
  func saveIndex() -> Bool {
    guard isIndexSavable, IndexFile.write(index, gitDirectory: repository.gitDirectory, store: id) else {
      // Not tried again for each history that is read.
      isIndexSavable = false
      return false
    }
    (savedWeight, unsavedWeight) = (index.weight, 0)
    return true
  }

  /// The numbers of all commits that this process has met. What ``ledgers()`` gave has the same, as far as it goes.
  public var commits: CommitTable {
    loadIndex()
    return index.commits
  }

  /// Numbers for commits that may be in no store, such as those of a checkout: for this process.
  public func numbers(of commits: [CommitID], in project: ProjectName) -> [CommitNumber] {
    loadIndex()
    return commits.map { index.commits.insert(Member(project: project, commit: $0)) }
  }

  /// The project's commits from `tip`, in the order of ``History/newestFirst(from:in:)``; only what is new since the
  /// index has an earlier tip's is read.
  ///
  /// The numbers are those of ``commits``.
  public func history(of project: ProjectName, from tip: CommitID) throws -> [CommitNumber] {
    loadIndex()
    let known = index.histories.filter { $0.project == project }
    let tipNumber = index.commits.number(of: Member(project: project, commit: tip))
    if let history = known.first(where: { $0.numbers.first == tipNumber }) { return history.numbers }
    let tips = Dictionary(
      known.compactMap { history in history.numbers.first.map { (index.commits.commit($0).objectID, history) }
      }
    ) { first, _ in first }
    var walk = HistoryWalk(repository)
    var mainline = try walk.mainline(from: tip.objectID) { tips[$0] != nil }
    let former = mainline.last.flatMap { tips[$0] }
    if former != nil { mainline.removeLast() }
    let isOld = membership(of: former?.numbers ?? [])
    let new = try walk.newestFirst(mainline) { id in
      guard former != nil else { return false }
      return index.commits.number(of: Member(project: project, commit: CommitID(id))).map(isOld) ?? false
    }
    let history = StoreIndex.History(
      project: project, numbers: numbers(of: new, in: project) + (former?.numbers ?? []))
    index.add(history, replacing: former)
    unsavedWeight += new.count
    return history.numbers
  }

  private func membership(of numbers: [CommitNumber]) -> (CommitNumber) -> Bool {
    guard !numbers.isEmpty else { return { _ in false } }
    var isMember = [Bool](repeating: false, count: index.commits.count)
    for number in numbers { isMember[Int(number)] = true }
    return { isMember[Int($0)] }
  }
}
