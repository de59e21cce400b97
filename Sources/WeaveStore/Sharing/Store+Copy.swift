import Git
import WeaveModel

extension Store {
  /// Makes a store of the bare repository, which must not be one yet: a copy of the one whose public manifest is at
  /// `manifest` in the exchange repository of that audience, without its other records. It has the remote that they are
  /// to be pulled from.
  public static func create(
    in repository: Repository, copying manifest: ObjectID, of remote: Remote, from exchange: Exchange,
    writer: WriterName, warn: @escaping (String) -> Void = { _ in }
  ) throws -> Store {
    let part = try ManifestPart(at: manifest, in: exchange.repository)
    try part.format.requireKnown()
    let id = part.store
    let inspection = Inspection(in: exchange.repository, for: id)
    let commits = inspection.newCommits(of: manifest, besides: [])
    if let reason = inspection.refusal(of: RecordRef(.manifest, .public), at: manifest, commits) {
      throw StoreError("the manifest \(manifest) is refused: \(reason)")
    }
    try configure(repository, writer: writer, warn: warn)
    try write(remote, to: repository)
    try repository.copyObjects(reachableFrom: [manifest], from: exchange.repository)
    try repository.updateReference(
      RefName.manifest(.public), to: manifest, expecting: nil, log: "weave: clone")
    return Store(repository: repository, id: id, knowing: RecordKind.all, warn: warn)
  }
}
