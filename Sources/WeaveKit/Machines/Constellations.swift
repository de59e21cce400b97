import Git
import WeaveModel
import WeaveStore

/// A constellation and where it was read from.
public struct LoadedConstellation: Sendable {
  /// As its text has it, with what `weave hold` holds besides.
  public let constellation: Constellation
  public let text: String
  /// Its version in the store, where it came from there.
  public let version: ObjectID?
}

extension Workspace {
  /// The constellation that `-c` names: `-` for standard input, a file's path, or a name in the store; without it,
  /// the only one stored.
  public func constellation(_ argument: String?) throws -> LoadedConstellation {
    guard let argument else { return try onlyConstellation() }
    if argument == "-" { return try parse(try FileSystem.readStandardInput(), file: "standard input") }
    if let name = try store.constellation(named: argument) {
      return try parse(Array(name.text.utf8), file: name.name, version: name.version)
    }
    let path = FileSystem.absolute(argument, from: caller.workingDirectory)
    if FileSystem.exists(path) { return try parse(try FileSystem.read(path), file: argument) }
    let names = try storedConstellations().map(\.constellation.name)
    throw WeaveError(
      "no constellation is called '\(argument)', and no file is there",
      hint: Nearest.match(argument, among: names).map { "did you mean '\($0)'?" }
        ?? "`weave constellation add FILE` stores one")
  }

  /// Every stored constellation, by name. Warns of one that cannot be read, and passes over it.
  public func storedConstellations() throws -> [LoadedConstellation] {
    try store.constellationTexts().compactMap { text, version in
      do {
        return try parse(Array(text.utf8), file: "stored constellation", version: version)
      } catch {
        caller.warn("\(Explanation(error)?.message ?? "\(error)"); it is passed over")
        return nil
      }
    }.sorted { $0.constellation.name < $1.constellation.name }
  }

  /// Stores the constellation in the file, under the name it gives itself; every project in it must be known,
  /// but for those that are free. Says whether one was stored under that name before.
  ///
  /// One that names a private project is private, and so is every later version. The text of one that does not is
  /// refused where it holds the name of a private project, unless `force` says otherwise.
  public func addConstellation(_ path: String, force: Bool) async throws
    -> (loaded: LoadedConstellation, isReplaced: Bool)
  {
    let loaded =
      path == "-"
      ? try parse(try FileSystem.readStandardInput(), file: "standard input")
      : try parse(try FileSystem.read(FileSystem.absolute(path, from: caller.workingDirectory)), file: path)
    for requirement in loaded.constellation.projects where !requirement.isFree {
      _ = try project(requirement.name.text)
    }
    let former = try store.constellation(named: loaded.constellation.name)
    let isReplaced = former != nil
    let audience = former?.audience == .private ? .private : try audience(of: loaded)
    if audience == .public, !force {
      // As written, and as read: YAML can spell a letter in several ways.
      for text in [loaded.text, "\(loaded.constellation)"] {
        try refusePrivateNames(in: text, of: "the constellation")
      }
    }
    let version = try store.setConstellation(
      named: loaded.constellation.name, text: loaded.text, audience: audience, author: await author())
    return (
      LoadedConstellation(constellation: loaded.constellation, text: loaded.text, version: version),
      isReplaced
    )
  }

  /// Takes the constellation out of the store; its locks stay.
  public func removeConstellation(_ name: String) async throws {
    guard try store.constellation(named: name) != nil else {
      throw WeaveError("no constellation is called '\(name)'", hint: "`weave constellation list` lists them")
    }
    try store.removeConstellation(named: name, author: await author())
  }

  private func onlyConstellation() throws -> LoadedConstellation {
    let stored = try storedConstellations()
    guard let only = stored.first else {
      if store.asOf != nil { throw WeaveError("no constellation was stored yet at that time") }
      throw WeaveError("no constellation is stored", hint: "`weave constellation add FILE`, or `-c FILE`")
    }
    guard stored.count == 1 else {
      throw WeaveError(
        "\(stored.count) constellations are stored: "
          + stored.map(\.constellation.name).joined(separator: ", "),
        hint: "`-c NAME` says which")
    }
    return only
  }

  private func parse(_ bytes: [UInt8], file: String, version: ObjectID? = nil) throws -> LoadedConstellation {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw WeaveError("\(file) is not valid UTF-8")
    }
    let constellation =
      try version.flatMap { parsed[$0] } ?? Constellation(parsing: text, file: file)
    if let version { parsed[version] = constellation }
    return LoadedConstellation(
      constellation: constellation.holding(try store.holds()), text: text, version: version)
  }
}
