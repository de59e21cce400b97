import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  private static let verifiersAtOnce = 4

  /// What is known of the signatures of those events, by id; of an event that is not signed there is nothing.
  ///
  /// Verifies by `git log` what was not verified since the keys and settings are as they are; an ssh signature takes
  /// some 10 ms.
  func signatures(of events: [EventID]) async throws -> [EventID: CheckedSignature] {
    let settings = try await SignatureSettings(of: self)
    var cache = store.signatureCache(settings.fingerprints)
    let new = events.filter { !cache.knows($0) && !$0.isSupposed }
    if !new.isEmpty {
      let unstable = try await examine(new, settings, into: &cache)
      var kept = cache
      kept.forget(unstable)
      store.save(kept, settings.fingerprints)
    }
    return Dictionary(
      events.compactMap { event in cache.signed[event].map { (event, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Finds out what the signatures of `events` are worth; returns those of which a later try may say otherwise.
  private func examine(
    _ events: [EventID], _ settings: SignatureSettings, into cache: inout SignatureCache
  ) async throws -> [EventID] {
    var verifiable: [EventID: CheckedSignature.Format] = [:]
    for event in events {
      let format: CheckedSignature.Format
      // What cannot be read is left as signed by nobody.
      guard let commit = try? store.repository.commit(event.objectID) else { continue }
      switch commit.signatureFormat {
      case nil:
        cache.addUnsigned(event)
        continue
      case .ssh?: format = .ssh
      case .openPGP?: format = .openPGP
      case .other?: format = .other
      }
      let content = EventID(try store.repository.idWithoutSignature(of: event.objectID))
      cache.add(
        CheckedSignature(SignatureVerdict(.unverifiable), content: content, format: format), of: event)
      if format == .openPGP || (format == .ssh && settings.hasAllowedSigners) { verifiable[event] = format }
    }
    let reports = try await git.signatures(
      of: verifiable.keys.sorted().map(\.hex), gitDirectory: store.repository.gitDirectory,
      processes: Self.verifiersAtOnce, configuration: settings.configuration)
    for report in reports {
      guard let event = EventID(hex: report.commit), let format = verifiable[event],
        let known = cache.signed[event]
      else { continue }
      let verdict = SignatureVerdict(report, format)
      cache.add(CheckedSignature(verdict, content: known.content, format: format), of: event)
    }
    return verifiable.keys.filter { cache.signed[$0]?.verdict.finding == .unverifiable }
  }
}

extension SignatureVerdict {
  /// What Git's report comes to.
  init(_ report: SignatureReport, _ format: CheckedSignature.Format) {
    let key = report.key.isEmpty ? nil : report.key
    switch report.status {
    case "G":
      let principal = format == .ssh ? report.signer : report.certifiedAddress
      guard let principal, !principal.isEmpty else {
        self.init(.unknownKey, key: key)
        return
      }
      self.init(.good, principal: principal, key: key)
    case "U": self.init(.unknownKey, key: key)
    case "X": self.init(.expired, key: key)
    case "Y": self.init(.expiredKey, key: key)
    case "R": self.init(.revokedKey, key: key)
    case "E": self.init(.missingKey, key: key)
    // A program that could not be run has said nothing, and Git calls that bad.
    case "B" where !report.words.isEmpty: self.init(.bad, key: key)
    default: self.init(.unverifiable, key: key)
    }
  }
}

extension SignatureReport {
  /// The address of the first user id of the OpenPGP key that is certified itself; nil where none is.
  ///
  /// Git's `G` says that some user id of the key is, and `%GS` is the one that the key's owner calls the primary, which
  /// may be anybody's name. What gpg writes beside each says how valid it is.
  fileprivate var certifiedAddress: String? {
    for line in words.split(separator: "\n") {
      guard
        let start = ["gpg: Good signature from \"", "gpg:                 aka \""].first(
          where: line.hasPrefix),
        let end = ["\" [ultimate]", "\" [full]"].first(where: line.hasSuffix),
        line.count > start.count + end.count
      else { continue }
      let user = line.dropFirst(start.count).dropLast(end.count)
      guard user.last == ">", let open = user.lastIndex(of: "<") else { return String(user) }
      return String(user[user.index(after: open)...].dropLast())
    }
    return nil
  }
}
