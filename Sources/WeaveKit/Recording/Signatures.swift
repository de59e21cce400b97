import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  private static let verifiersAtOnce = 4

  /// How many signatures are verified until what they are worth is kept: somebody may interrupt the rest.
  private static let signaturesBetweenSaves = 2_048

  /// What is known of the signatures of those events, by id; of an event that is not signed there is nothing.
  ///
  /// Verifies by `git log` what was not verified since the keys and settings are as they are: some 10 ms each, once.
  func signatures(of events: [EventID]) async throws -> [EventID: CheckedSignature] {
    let settings = try await signatureSettings()
    var cache = store.signatureCache(settings.fingerprints)
    let new = events.filter { !cache.knows($0) && !$0.isSupposed }
    if !new.isEmpty { try await examine(new, settings, into: &cache) }
    return Dictionary(
      events.compactMap { event in cache.signed[event].map { (event, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Finds out what the signatures of `events` are worth, and keeps it, but for what a later try may say otherwise.
  private func examine(
    _ events: [EventID], _ settings: SignatureSettings, into cache: inout SignatureCache
  ) async throws {
    var pending: [(event: EventID, format: CheckedSignature.Format, content: EventID)] = []
    for event in events {
      let commit = try store.repository.commit(event.objectID)
      guard let format = CheckedSignature.Format(commit.signatureFormat) else {
        cache.addUnsigned(event)
        continue
      }
      let signed = try store.repository.signedCommit(event.objectID)
      let content = EventID(try signed.contentID())
      if !signed.hasReadableSignature {
        cache.add(CheckedSignature(SignatureVerdict(.bad), content: content, format: format), of: event)
      } else if format == .openPGP || (format == .ssh && settings.hasAllowedSigners) {
        pending.append((event, format, content))
      } else {
        cache.add(
          CheckedSignature(SignatureVerdict(.unverifiable), content: content, format: format), of: event)
      }
    }
    store.save(cache, settings.fingerprints)
    var unstable: [EventID: CheckedSignature] = [:]
    for start in stride(from: 0, to: pending.count, by: Self.signaturesBetweenSaves) {
      let batch = pending[start..<min(start + Self.signaturesBetweenSaves, pending.count)]
      let reports = try await git.signatures(
        of: batch.map(\.event.hex), gitDirectory: store.repository.gitDirectory,
        processes: Self.verifiersAtOnce, configuration: settings.configuration)
      let reportByCommit = Dictionary(
        reports.map { ($0.commit, $0) }, uniquingKeysWith: { first, _ in first })
      for (event, format, content) in batch {
        let verdict = reportByCommit[event.hex].map { SignatureVerdict($0, format) }
        let checked = CheckedSignature(
          verdict ?? SignatureVerdict(.unverifiable), content: content, format: format)
        if checked.verdict.finding == .unverifiable {
          unstable[event] = checked
        } else {
          cache.add(checked, of: event)
        }
      }
      store.save(cache, settings.fingerprints)
    }
    for (event, checked) in unstable { cache.add(checked, of: event) }
  }
}

extension CheckedSignature.Format {
  init?(_ format: SignatureFormat?) {
    switch format {
    case nil: return nil
    case .ssh?: self = .ssh
    case .openPGP?: self = .openPGP
    case .other?: self = .other
    }
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
    case "N" where format == .openPGP && report.saysThatItIsNone: self.init(.bad, key: key)
    default: self.init(.unverifiable, key: key)
    }
  }
}

extension [EventID: CheckedSignature] {
  /// Who signed each, verified, of those whom `trust` names.
  func signers(trustedBy trust: Trust) -> [EventID: ExactText] {
    let trusted = Set(trust.signers.map { ExactText($0) })
    return compactMapValues { $0.verdict.principal.map { ExactText($0) } }.filter {
      trusted.contains($0.value)
    }
  }
}

extension SignatureReport {
  /// Whether gpg, which was there and has looked at it, says that it is no signature: Git itself says as little of it as of one
  /// that gpg could not look at.
  fileprivate var saysThatItIsNone: Bool {
    let told = [
      "gpg: no valid OpenPGP data found.", "gpg: the signature could not be verified.",
      "gpg: verify signatures failed: Unexpected error",
    ]
    return words.split(atScalar: "\n").contains { line in told.contains(where: line.isExactly) }
  }

  /// The address of the first user id of the OpenPGP key that is certified itself; nil where none is.
  ///
  /// Git's `G` says that some user id of the key is, and `%GS` is the one that the key's owner calls the primary, which
  /// may be anybody's name. What gpg writes beside each says how valid it is.
  fileprivate var certifiedAddress: String? {
    for line in words.split(atScalar: "\n") {
      guard
        let start = ["gpg: Good signature from \"", "gpg:                 aka \""].first(
          where: { line.begins(with: $0) }),
        let end = ["\" [ultimate]", "\" [full]"].first(where: { line.ends(with: $0) }),
        line.count > start.count + end.count
      else { continue }
      let user = line.dropFirst(bytes: start.utf8.count).dropLast(bytes: end.utf8.count)
      guard user.ends(with: ">"), let open = user.lastIndex(ofScalar: "<") else { return String(user) }
      return String(user[open...].dropFirst(bytes: 1).dropLast(bytes: 1))
    }
    return nil
  }
}
