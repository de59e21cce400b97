import ForeignText
import Git
import WeaveModel

extension Store {
  /// Adopts `resolution` for `constellation`; the commits that it names are kept first. `local` are those of them
  /// that only the adopter's checkouts have.
  ///
  /// Who may know of it is decided by what it names, and by the constellation where that is stored. A private chain of
  /// locks begins on top of the public one, where there is one.
  public func adopt(
    _ resolution: ResolutionID, for constellation: String, version: ObjectID?, local: [Member] = [],
    text: String, author: Signature
  ) throws -> LockID {
    let members = try members(of: resolution)
    try keep(members.sorted(), author: author)
    let audience = try audienceOfLock(for: constellation, naming: members)
    var trailers = [("Weave-Lock", constellation)]
    if let version { trailers.append(("Weave-Constellation", version.description)) }
    // A signature is of this store alone: another may have a constellation of that name, and the same signers.
    if signsRecords { trailers.append((Self.storeTrailer, id.text)) }
    trailers += local.sorted().map { ("Weave-Local", "\($0.project) \($0.commit)") }
    let message = try RecordMessage(subject: "lock \(constellation)", text: text, trailers: trailers)
      .encoded()
    let tip = try advance(RefName.locks(constellation, audience), log: "weave: lock") { tip in
      let base = audience == .private && tip == nil ? Audience.public : audience
      let reference = RefName.locks(constellation, base)
      let parent = try parent(
        after: tip ?? repository.resolve(reference), of: reference, "the newest lock of \(constellation)",
        parsing: { try parseLock(at: $0, of: constellation) })
      return try writeRecord(tree: resolution.objectID, parent: parent, author: author, message: message)
    }
    guard let tip else { preconditionFailure("adopting always writes a lock") }
    return LockID(tip)
  }

  /// The lock in force for the constellation, or nil.
  public func lock(for constellation: String) throws -> Lock? {
    let words = "the lock of \(constellation)"
    let tip = try reading(words, wayOut: Self.wayOut(ofLock: constellation)) {
      try lockTip(for: constellation)
    }
    return try tip.map { tip in
      try readingLock(words, of: constellation) {
        try lock(at: tip, under: RefComponent.encode(constellation))
      }
    }
  }

  /// The lock in force for what is stored there, whether or not its name is one; nil where it has none.
  public func lock(for constellation: ConstellationRecord) throws -> Lock? {
    let name = constellation.name ?? constellation.component
    let words = "the lock of \(name)"
    let tip = try reading(words, wayOut: Self.wayOut(ofLock: name)) {
      try lockTip(under: constellation.component)
    }
    return try tip.map { tip in
      try readingLock(words, of: name) { try lock(at: tip, under: constellation.component) }
    }
  }

  /// Runs `read`, and says of a lock that is lost or malformed how to go past it.
  private func readingLock<Value>(
    _ words: String, of constellation: String, _ read: () throws -> Value
  ) throws -> Value {
    let wayOut = Self.wayOut(ofLock: constellation)
    do { return try reading(words, wayOut: wayOut, read) } catch {
      guard !isUnreadable(error) else { throw error }
      var malformed = error as? MalformedRecord ?? MalformedRecord(record: words, reason: "\(error)")
      malformed.wayOut = wayOut
      throw malformed
    }
  }

  /// The lock at that commit of the ref that ends with `component`.
  private func lock(at id: ObjectID, under component: String) throws -> Lock {
    let lock = try lock(at: id)
    guard RefComponent.encode(lock.constellation).utf8.elementsEqual(component.utf8) else {
      throw MalformedRecord(record: "the lock \(id)", reason: "it is one of \(lock.constellation)")
    }
    return lock
  }

  /// Throws where the lock at that commit, or what it wants, is malformed.
  private func parseLock(at id: ObjectID, of constellation: String) throws {
    let lock = try lock(at: id, under: RefComponent.encode(constellation))
    _ = try commitsByComponent(in: lock.resolution)
  }

  /// As ``lock(for:)``, where that and what it wants can be read; nil where a part of it is lost or malformed.
  public func lockUnlessLost(for constellation: String) throws -> Lock? {
    try isLockLost(of: constellation) ? nil : lock(for: constellation)
  }

  /// Whether a part of the lock in force is lost or malformed.
  public func isLockLost(of constellation: String) throws -> Bool {
    do {
      if let lock = try lock(for: constellation) { _ = try commitsByComponent(in: lock) }
      return false
    } catch  where isUnusable(error) { return true }
  }

  /// The commits that the lock wants of every machine, by the encoded name of the machine.
  public func commitsByComponent(in lock: Lock) throws -> [String: [ProjectName: CommitID]] {
    try readingLock("the lock \(lock.id) of \(lock.constellation)", of: lock.constellation) {
      try commitsByComponent(in: lock.resolution)
    }
  }

  private static func wayOut(ofLock constellation: String) -> String {
    let option = Quoted.shellOption("--constellation", short: "-c", constellation)
    return "`weave lock \(option)` records a new one, on the last that can be read"
  }

  /// The newest lock: of a constellation that is stored for all the public one; else the private one, where there is one.
  private func lockTip(for constellation: String) throws -> ObjectID? {
    if let lock = asOf?.lock, lock.constellation == constellation { return lock.id.objectID }
    return try lockTip(under: RefComponent.encode(constellation))
  }

  private func lockTip(under component: String) throws -> ObjectID? {
    // First, as each answer asks for the lock, and few stores have a private one.
    if let tip = try recordTip(RefName.locks(under: component, .private)),
      try manifest().constellations[component]?.audience != .public
    {
      return tip
    }
    return try recordTip(RefName.locks(under: component, .public))
  }

  /// Who may know of a lock of that resolution. Throws where the constellation is stored for all, and the resolution is
  /// not for all.
  public func audienceOfLock(for constellation: String, adopting resolution: ResolutionID) throws -> Audience
  {
    try audienceOfLock(for: constellation, naming: members(of: resolution))
  }

  /// The commits that any machine is to run, or runs. Machines that run the same share a blob, which is read once.
  func members(of resolution: ResolutionID) throws -> Set<Member> {
    try repository.members(inFilesOf: resolution.objectID, by: RecordKind.lines)
  }

  private func audienceOfLock(for constellation: String, naming members: Set<Member>) throws -> Audience {
    let named = try audience(of: members)
    switch try manifest().constellations[RefComponent.encode(constellation)]?.audience {
    case .private: return .private
    case .public where named == .private:
      throw StoreError(
        "the constellation \(constellation) is stored for all, and this lock names a private project",
        hint: "`weave constellation add` stores the one that names it, privately")
    case .public: return .public
    case nil:
      let hasPrivate = try repository.resolve(RefName.locks(constellation, .private)) != nil
      return hasPrivate ? .private : named
    }
  }

  /// The lock of that id.
  public func lock(_ id: LockID) throws -> Lock { try lock(at: id.objectID) }

  /// The names of the constellations that have a lock, also of those that are no longer stored. Sorted.
  public func lockedConstellations() throws -> [String] {
    var names: Set<String> = []
    for audience in Audience.allCases {
      for reference in try recordReferences(of: .locks, audience) {
        guard case .direct(let tip) = reference.target,
          let name = try constellation(ofLockAt: tip, reference.name)
        else { continue }
        names.insert(name)
      }
    }
    return names.sorted()
  }

  /// Nil for a lock that is malformed.
  private func constellation(ofLockAt tip: ObjectID, _ reference: String) throws -> String? {
    do { return try reading(reference) { try lock(at: tip) }.constellation } catch  where !isUnreadable(error)
    {
      return nil
    }
  }

  /// Every lock of the constellation: those that were wanted, newest first, and after them those that were not adopted,
  /// by date.
  public func locks(for constellation: String) throws -> [Lock] {
    _ = try lock(for: constellation)
    return try readingLock("the locks of \(constellation)", of: constellation) {
      try lockTip(for: constellation).map(locks(from:)) ?? []
    }
  }

  /// As ``locks(for:)``; where the lock in force is lost or malformed, those that a new one would follow.
  public func locksUnlessLost(for constellation: String) throws -> [Lock] {
    guard try isLockLost(of: constellation), let tip = try lockTip(for: constellation) else {
      return try locks(for: constellation)
    }
    for audience in [Audience.private, .public] {
      let reference = RefName.locks(constellation, audience)
      guard try repository.resolve(reference) == tip else { continue }
      return try lastWhole(
        of: reference, at: tip, parsing: { try parseLock(at: $0, of: constellation) }
      ).map(locks(from:)) ?? []
    }
    return []
  }

  private func locks(from tip: ObjectID) throws -> [Lock] {
    var adopted: [Lock] = []
    var next: ObjectID? = tip
    while let id = next {
      let commit = try repository.commit(id)
      if commit.parents.count < 2, let lock = try earlierLock(at: id) { adopted.append(lock) }
      next = commit.parents.first
    }
    let known = Set(adopted.map(\.id))
    let others = try repository.ancestry(of: tip).filter { id in
      try !known.contains(LockID(id)) && repository.commit(id).parents.count < 2
    }.compactMap { try earlierLock(at: $0, isAdopted: false) }
    return adopted + others.sorted { ($0.author.seconds, $0.id) > ($1.author.seconds, $1.id) }
  }

  /// Nil, with a warning, for one that is malformed.
  private func earlierLock(at id: ObjectID, isAdopted: Bool = true) throws -> Lock? {
    do { return try lock(at: id, isAdopted: isAdopted) } catch let error as MalformedRecord {
      if toldLocks.insert(LockID(id)).inserted { warn("\(error); it is passed over") }
      return nil
    }
  }

  /// The lock at that commit; at a join the one that was adopted, which is the first parent's.
  func lock(at id: ObjectID, isAdopted: Bool = true) throws -> Lock {
    var commit = try repository.commit(id)
    while commit.parents.count > 1 { commit = try repository.commit(commit.parents[0]) }
    guard let message = RecordMessage(parsing: commit.message), let constellation = message["Weave-Lock"]
    else {
      throw MalformedRecord(record: "the lock \(id)", reason: "its message has no Weave-Lock")
    }
    if let problem = message.lockProblem, toldLocks.insert(LockID(commit.id)).inserted {
      warn("the lock \(LockID(commit.id).short) is read without a line of it: \(problem); `weave fsck`")
    }
    return Lock(
      id: LockID(commit.id), constellation: constellation, resolution: ResolutionID(commit.tree),
      storedText: message.storedText,
      author: Author(commit.author),
      constellationVersion: message["Weave-Constellation"].flatMap { ObjectID(hex: $0) },
      local: message.values(of: "Weave-Local").compactMap { Member($0) },
      claimsSignature: commit.signatureFormat != nil && message[Self.storeTrailer] == self.id.text,
      isAdopted: isAdopted)
  }

  static let storeTrailer = "Weave-Store"

  /// Every lock of the constellation that can be read, none before one that goes on from it: for who does not take the newest for
  /// granted. Where chains went apart, what is in force comes before what was not adopted. `body` says whether to go on.
  ///
  /// Reads no more of the chain than it goes on for, down to the first join.
  public func searchLocks(of constellation: String, _ body: (Lock) throws -> Bool) throws {
    try readingLock("the locks of \(constellation)", of: constellation) {
      guard let tip = try lockTip(for: constellation) else { return }
      var order = ChainOrder(from: tip, in: repository)
      while let commit = try order.next() {
        guard commit.parents.count < 2, let lock = try earlierLock(at: commit.id),
          RefComponent.encode(lock.constellation).utf8.elementsEqual(RefComponent.encode(constellation).utf8)
        else { continue }
        guard try body(lock) else { return }
      }
    }
  }

  /// The newest locks that say something malformed beside their resolution, which readers leave out: each in words, with
  /// what to type instead.
  public func damagedLocks() throws -> [String] {
    try malformedLocks()
      + lockedConstellations().compactMap { name in
        guard let lock = try lock(for: name),
          let message = RecordMessage(parsing: try repository.commit(lock.id.objectID).message),
          let problem = message.lockProblem
        else { return nil }
        return "the lock \(lock.id.short) of \(name) is read without a line of it: \(problem); "
          + "`weave lock \(Quoted.shellOption("--constellation", short: "-c", name))` adopts one without it"
      }
  }

  /// The newest locks that are none, each in words, with what to type to go past it.
  private func malformedLocks() throws -> [String] {
    var malformed: [String] = []
    for audience in Audience.allCases {
      for reference in try repository.references(of: .locks, audience) {
        guard case .direct(let tip) = reference.target,
          let component = RecordRef(name: reference.name)?.component
        else { continue }
        let name = RefComponent.decode(component) ?? component
        do {
          try readingLock("the lock of \(name)", of: name) {
            _ = try commitsByComponent(in: lock(at: tip, under: component).resolution)
          }
        } catch let error as MalformedRecord {
          let wayOut =
            try manifest().constellations[component] == nil
            ? "no constellation \(name) is stored: \(removal(of: reference.name)) takes its locks away; or, of one in a "
              + "file, `weave lock -c ./FILE` records a new one"
            : error.hint
          malformed.append("\(reference.name): \(error); \(wayOut)")
        }
      }
    }
    return malformed
  }
}
