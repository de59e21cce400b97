import WeaveModel

/// What was found out of one event's signature.
public struct CheckedSignature: Sendable, Equatable {
  public let verdict: SignatureVerdict
  /// The id that the event would have without its signature: the same for events of which the same was signed.
  public let content: EventID
  public let format: Format

  public enum Format: String, Sendable { case ssh, openPGP, other }

  public init(_ verdict: SignatureVerdict, content: EventID, format: Format) {
    (self.verdict, self.content, self.format) = (verdict, content, format)
  }
}

/// The verdicts on events' signatures, kept in the file `weave/signatures` of a store: derived, and may be deleted at
/// any time.
///
/// That an event is not signed stays true for ever. A verdict is true of what it depends on (keys, who is known to own
/// them, settings), which a fingerprint for each format stands for.
public struct SignatureCache: Sendable, Equatable {
  public private(set) var unsigned: Set<EventID> = []
  public private(set) var signed: [EventID: CheckedSignature] = [:]

  public init() {}

  public mutating func addUnsigned(_ event: EventID) { unsigned.insert(event) }
  public mutating func add(_ signature: CheckedSignature, of event: EventID) { signed[event] = signature }

  /// Whether it is known of the event whether it is signed, and what of that.
  public func knows(_ event: EventID) -> Bool { unsigned.contains(event) || signed[event] != nil }
}

/// What the verdicts on signatures of each format depend on, digested; nil where they must not be kept.
public struct SignatureFingerprints: Sendable {
  public let ssh, openPGP: String?

  public init(ssh: String?, openPGP: String?) { (self.ssh, self.openPGP) = (ssh, openPGP) }

  subscript(format: CheckedSignature.Format) -> String? {
    switch format {
    case .ssh: ssh
    case .openPGP: openPGP
    case .other: ""
    }
  }
}

extension Store {
  private var signatureFile: DerivedFile {
    DerivedFile(name: "signatures", gitDirectory: repository.gitDirectory)
  }

  /// The verdicts that were kept and are true still; none where the file is damaged or of another version.
  public func signatureCache(_ fingerprints: SignatureFingerprints) -> SignatureCache {
    guard let bytes = signatureFile.read(),
      let cache = SignatureCache(fileContent: bytes, fingerprints)
    else { return SignatureCache() }
    return cache
  }

  /// Keeps the verdicts, where the store can be written to.
  public func save(_ cache: SignatureCache, _ fingerprints: SignatureFingerprints) {
    signatureFile.write(cache.fileContent(fingerprints))
  }
}

extension SignatureCache {
  private static let version = "weave signatures 1"

  /// What ``init(fileContent:_:)`` reads: texts and numbers, then the unsigned ids of 20 bytes each, then a checksum.
  func fileContent(_ fingerprints: SignatureFingerprints) -> [UInt8] {
    var writer = IndexTextWriter()
    writer.write(Self.version)
    let kept = signed.filter { fingerprints[$0.value.format] != nil }
    writer.write(kept.count)
    for (event, signature) in kept.sorted(by: { $0.key < $1.key }) {
      for text in [
        event.hex, signature.format.rawValue, fingerprints[signature.format] ?? "",
        signature.verdict.finding.rawValue, signature.verdict.principal ?? "", signature.verdict.key ?? "",
        signature.content.hex,
      ] {
        writer.write(text)
      }
    }
    writer.write(unsigned.count)
    let bytes = writer.bytes + unsigned.sorted().flatMap(\.bytes)
    return bytes + Self.checksum(bytes[...])
  }

  /// The cache in the bytes; nil where they are not whole. Leaves out what is true of other fingerprints.
  init?(fileContent bytes: [UInt8], _ fingerprints: SignatureFingerprints) {
    guard bytes.count > 8, Self.checksum(bytes.dropLast(8)) == Array(bytes.suffix(8)) else { return nil }
    var reader = IndexTextReader(bytes.dropLast(8))
    guard reader.text() == Self.version, let count = reader.number() else { return nil }
    for _ in 0..<count {
      var texts: [String] = []
      for _ in 0..<7 {
        guard let text = reader.text() else { return nil }
        texts.append(text)
      }
      guard let event = EventID(hex: texts[0]), let format = CheckedSignature.Format(rawValue: texts[1]),
        let finding = SignatureVerdict.Finding(rawValue: texts[3]), let content = EventID(hex: texts[6])
      else { return nil }
      guard fingerprints[format] == texts[2] else { continue }
      let verdict = SignatureVerdict(
        finding, principal: texts[4].isEmpty ? nil : texts[4], key: texts[5].isEmpty ? nil : texts[5])
      signed[event] = CheckedSignature(verdict, content: content, format: format)
    }
    guard let unsignedCount = reader.number() else { return nil }
    let ids = reader.remainder
    guard ids.count == unsignedCount * EventID.byteCount else { return nil }
    unsigned.reserveCapacity(unsignedCount)
    for start in stride(from: ids.startIndex, to: ids.endIndex, by: EventID.byteCount) {
      guard let event = EventID(bytes: ids[start..<(start + EventID.byteCount)]) else { return nil }
      unsigned.insert(event)
    }
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var checksum = IndexChecksum()
    bytes.withUnsafeBytes { checksum.add($0) }
    return withUnsafeBytes(of: checksum.value.littleEndian) { Array($0) }
  }
}
