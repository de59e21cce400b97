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
    var found: [ProjectName: Checkout] = [:]
    for name in FileSystem.contents(of: directory) where name != ".weave" {
      let path = directory + "/" + name
      guard FileSystem.exists(path + "/.git") else { continue }
      let repository = try? Repository.open(at: path)
      let owner = try records.first { record in
        guard let repository else { return record.name.text == name }
        return try belongs(repository, at: path, named: name, to: record)
      }
      guard let record = owner, found[record.name] == nil else { continue }
      found[record.name] = Checkout(project: record.name, path: path)
    }
    return found
  }

  private func belongs(
    _ repository: Repository, at path: String, named name: String, to record: ProjectRecord
  ) throws
    -> Bool
  {
    let source = comparable(record.source)
    if comparable(path) == source { return true }
    if let url = try repository.configValue("remote.origin.url"), comparable(url, from: path) == source {
      return true
    }
    guard name == record.name.text, let head = try repository.resolve("HEAD") else { return false }
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
