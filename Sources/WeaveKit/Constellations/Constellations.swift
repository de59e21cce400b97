import ForeignText
import Git
import WeaveModel
import WeaveStore

/// A constellation and where it was read from.
public struct LoadedConstellation: Sendable {
  /// As its text has it, with what `weave hold` holds besides.
  public private(set) var constellation: Constellation
  public let text: String
  /// Its version in the store, where it came from there.
  public let version: ObjectID?
  /// What `-c` was given to have this one; nil where it was given nothing, as it is the only one.
  private(set) var argument: String?

  init(constellation: Constellation, text: String, version: ObjectID?) {
    self.constellation = constellation
    self.text = text
    self.version = version
  }

  /// The words that adopt a resolution of it, for a hint.
  var lockCommand: String {
    "weave lock" + (argument.map { " \(Quoted.shellOption("--constellation", short: "-c", $0))" } ?? "")
  }

  func chosen(by argument: String) -> LoadedConstellation {
    var chosen = self
    chosen.argument = argument
    return chosen
  }

  func holding(_ holds: [(machine: String, hold: Hold)]) -> LoadedConstellation {
    with(constellation.holding(holds))
  }

  /// The same one, read in another way.
  func with(_ constellation: Constellation) -> LoadedConstellation {
    var other = self
    other.constellation = constellation
    return other
  }
}

extension Workspace {
  /// Who may know of the constellation: those who may know of every project that it names.
  func audience(of loaded: LoadedConstellation) throws -> Audience {
    try store.audience(naming: loaded.constellation.projects.lazy.map(\.name))
  }

  /// The constellation that `-c` names: `-` for standard input, a file where the argument looks like one
  /// (``ConstellationName/isFile(_:)``), else a name in the store; without it, the only one stored. Reads no other.
  public func constellation(_ argument: String?) throws -> LoadedConstellation {
    try constellation(argument, holds: store.holds())
  }

  func constellation(
    _ argument: String?, holds: [(machine: String, hold: Hold)]
  ) throws -> LoadedConstellation {
    guard let argument else { return try parsed(onlyConstellation()).holding(holds) }
    let path = FileSystem.absolute(argument, from: caller.workingDirectory)
    if argument == "-" || RepositoryURL.isURL(argument)
      || (ConstellationName.isFile(argument) && FileSystem.exists(path))
    {
      return try readConstellation(argument).chosen(by: argument).holding(holds)
    }
    return try parsed(record(ofConstellation: argument)).chosen(by: argument).holding(holds)
  }

  /// The names of all stored constellations, sorted. Reads no text but of those whose names are too long to stand in the
  /// manifest.
  public func constellationNames() throws -> [String] {
    try store.constellations().map { try label(of: $0) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Every stored constellation, by name: for whoever adds up over all. Reads the text of each, and throws
  /// ``UnreadableConstellation`` where one cannot be read, an error that names the largest where they are too much together.
  public func storedConstellations() throws -> [LoadedConstellation] {
    try refuseExcess()
    if let unreadable = try unreadableConstellations().first { throw unreadable }
    return try readableConstellations()
  }

  /// The stored constellations that can be read, by name, but for the one called `left`: for what is true without the
  /// others. Warns once of one that cannot be read, or is too much beside the others.
  public func readableConstellations(leavingOut left: String? = nil) throws -> [LoadedConstellation] {
    try readableConstellations(leavingOut: left, holds: store.holds())
  }

  func readableConstellations(
    leavingOut left: String? = nil, holds: [(machine: String, hold: Hold)]
  ) throws -> [LoadedConstellation] {
    let excess = try excessConstellations()
    return try store.constellations().compactMap { record in
      if let left, record.isStored(as: left) { return nil }
      do throws(UnreadableConstellation) { return try addedUp(record, excess).holding(holds) } catch {
        if passedOver.insert(record).inserted { caller.warn("\(error); it is passed over") }
        return nil
      }
    }.sorted { $0.constellation.name.utf8.lexicographicallyPrecedes($1.constellation.name.utf8) }
  }

  /// The stored constellations that cannot be read, and those that are too much beside the others, by name.
  public func unreadableConstellations() throws -> [UnreadableConstellation] {
    let excess = try excessConstellations()
    return try store.constellations().compactMap { record in
      do throws(UnreadableConstellation) { _ = try addedUp(record, excess) } catch { return error }
      return nil
    }
  }

  /// The text of a stored constellation as it was given, whatever it holds; `name` is also one that
  /// ``constellationNames()`` gives for what is stored under no name.
  public func constellationText(_ name: String) throws -> (name: String, version: ObjectID, text: [UInt8]) {
    let record = try record(ofConstellation: name)
    return (try label(of: record), record.version, try store.text(of: record))
  }

  /// Stores the constellation in the file, under the name it gives itself; every project in it must be known,
  /// but for those that are free. Says whether one was stored under that name before.
  ///
  /// One that names a private project is private, and so is every later version. The text of one that does not is
  /// refused where it holds the name of a private project, unless `force` says otherwise. Warns of names that look like
  /// others.
  public func addConstellation(_ path: String, force: Bool) async throws
    -> (loaded: LoadedConstellation, isReplaced: Bool)
  {
    let loaded = try readConstellation(path)
    for requirement in loaded.constellation.projects where !requirement.isFree {
      _ = try project(requirement.name.text)
    }
    let former = try store.constellation(named: loaded.constellation.name)
    let isReplaced = former != nil
    let audience = former?.audience == .private ? .private : try audience(of: loaded)
    if audience == .public, !force {
      // As written, and as read: YAML can spell a letter in several ways, and a range makes names.
      var values = 0
      let draft = try ConstellationDraft(parsing: loaded.text, file: path, values: &values)
      let read = draft.texts + loaded.constellation.machines.map(\.name)
      for text in [loaded.text, read.joined(separator: "\n")] {
        try refusePrivateNames(in: text, of: "the constellation")
      }
    }
    try warnOfLookAlikes(in: loaded.constellation)
    let author = try await author()
    let version = try await recording("the constellation") {
      try store.setConstellation(
        named: loaded.constellation.name, text: loaded.text, audience: audience, author: author)
    }
    return (
      LoadedConstellation(constellation: loaded.constellation, text: loaded.text, version: version),
      isReplaced
    )
  }

  /// Takes the constellation out of the store; its locks stay. It need not be one that can be read.
  public func removeConstellation(_ name: String) async throws {
    let (record, author) = (try record(ofConstellation: name), try await author())
    try await recording("the end of the constellation") {
      try store.removeConstellation(record, author: author)
    }
  }

  /// The constellation in the file; in standard input for `-`.
  private func readConstellation(_ path: String) throws -> LoadedConstellation {
    try parse(
      try FileSystem.readInput(path, in: caller),
      file: path == "-" ? "standard input" : path)
  }

  private func onlyConstellation() throws -> ConstellationRecord {
    let stored = try store.constellations()
    guard let only = stored.first else {
      if store.asOf != nil { throw WeaveError("no constellation was stored yet at that time") }
      throw WeaveError("no constellation is stored", hint: "`weave constellation add FILE`, or `-c FILE`")
    }
    // Also where the others cannot be read: which was meant is not for them to decide.
    guard stored.count == 1 else {
      throw WeaveError(
        "\(stored.count) constellations are stored: \(listed(try constellationNames()))",
        hint: "`-c NAME` says which")
    }
    return only
  }

  /// What is stored under that name, or is called so where its own is none; an error with the nearest name where nothing is.
  private func record(ofConstellation name: String) throws -> ConstellationRecord {
    if let record = try store.constellation(named: name) ?? store.constellation(component: name) {
      return record
    }
    if ConstellationName.isFile(name) { throw WeaveError("no file '\(name)' is there") }
    let isFileThere = FileSystem.exists(FileSystem.absolute(name, from: caller.workingDirectory))
    throw WeaveError(
      "no constellation is called '\(name)'",
      hint: isFileThere
        ? "the file of that name is `./\(name)`"
        : Nearest.match(name, among: try constellationNames()).map { "did you mean '\($0)'?" }
          ?? "`weave constellation add FILE` stores one")
  }

  private func parse(_ bytes: [UInt8], file: String) throws -> LoadedConstellation {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw WeaveError("\(file) is not valid UTF-8")
    }
    let constellation = try Constellation(parsing: text, file: file)
    return LoadedConstellation(constellation: constellation, text: text, version: nil)
  }
}
