import Git
import GitProcess
import WeaveModel
import WeaveStore

/// An ordinary Git checkout beside the store that belongs to a project.
public struct Checkout: Sendable, Hashable {
  public let project: ProjectName
  public let path: String

  /// Its repository; throws ``WeaveError`` for a shallow one, whose history cannot be told.
  func open() throws -> Repository {
    let repository = try Repository.open(at: path)
    guard !repository.isShallow else {
      throw WeaveError("the checkout \(path) is shallow", hint: "`git fetch --unshallow` in it")
    }
    return repository
  }
}

extension Workspace {
  /// The checkouts beside the store, by project: those whose remote is the project's source, that are the source,
  /// or that carry the project's name and know a commit of it, or cannot be read. The first by path, where there are
  /// several.
  public func checkouts() throws -> [ProjectName: Checkout] {
    let records = try projects()
    let sources = Dictionary(uniqueKeysWithValues: records.map { ($0.name, comparable($0.source)) })
    var found: [ProjectName: Checkout] = [:]
    for name in FileSystem.contents(of: directory) where name != ".weave" {
      let path = directory + "/" + name
      guard FileSystem.exists(path + "/.git") else { continue }
      let repository = try? Repository.open(at: path)
      let origins = try repository.map { try self.origins(of: $0, at: path) }
      let owner = try records.first { record in
        guard let repository, let origins else { return record.name.text == name }
        if let source = sources[record.name], origins.contains(source) { return true }
        return try name == record.name.text && knows(repository, record)
      }
      guard let record = owner, found[record.name] == nil else { continue }
      found[record.name] = Checkout(project: record.name, path: path)
    }
    return found
  }

  /// What a project's source would be whose checkout this is.
  private func origins(of repository: Repository, at path: String) throws -> [String] {
    let url = try repository.configValue("remote.origin.url")
    return [comparable(path)] + (url.map { [comparable($0, from: path)] } ?? [])
  }

  /// Whether the repository and the project have a commit in common.
  private func knows(_ repository: Repository, _ record: ProjectRecord) throws -> Bool {
    guard let head = try repository.resolve("HEAD") else { return false }
    if store.repository.contains(head) { return true }
    guard let tip = try store.tip(of: record.name, track: record.track) else { return false }
    return repository.contains(tip.objectID)
  }

  private func comparable(_ source: String, from directory: String = "/") -> String {
    var text = source.hasPrefix("file://") ? String(source.dropFirst(7)) : source
    if !text.contains(":") { text = FileSystem.canonical(FileSystem.absolute(text, from: directory)) }
    while text.hasSuffix("/") { text.removeLast() }
    return text.hasSuffix(".git") ? String(text.dropLast(4)) : text
  }
}
