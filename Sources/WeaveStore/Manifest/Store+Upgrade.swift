import ForeignText
import Git
import WeaveModel

extension Store {
  /// Raises the format of each audience's manifest to the newest that this version knows, in a commit each; returns what
  /// the least of them was. Writes nothing where all have it.
  ///
  /// The commit adds an entry that weave 0.1.0, which asks for no format, takes for a project with an impossible name: it
  /// stops there, and shows the name.
  public func upgrade(author: Signature) throws -> (former: Int, new: Int) {
    var former = ManifestFormat.newest
    let marker = ManifestText(id: try repository.writeBlob([]))
    try updateManifest(subject: "upgrade to format \(ManifestFormat.newest.number)", author: author) {
      manifest in
      for (audience, format) in manifest.formats {
        former = min(former, format)
        guard format < .newest else { continue }
        manifest.formats[audience] = .newest
        manifest.unknown[audience, default: [:]][ExactText(ManifestFormat.marker)] = marker
      }
    }
    return (former.number, ManifestFormat.newest.number)
  }

  /// Throws where weave 0.1.0 still reads and writes what is recorded here.
  ///
  /// - Parameters:
  ///   - deed: what is attempted.
  ///   - reason: what comes of it there.
  func requireSecondFormat(_ deed: String, because reason: String) throws {
    for audience in Audience.allCases {
      guard let tip = try repository.resolve(RefName.manifest(audience)) else { continue }
      let format = try ManifestPart(at: tip, in: repository).format
      guard format < .second else { continue }
      throw StoreError(
        "cannot \(deed) in a store of format \(format.number): \(reason)",
        hint: "`weave upgrade` raises the format, once nobody has weave 0.1.0")
    }
  }

  /// Why this version cannot tell all that the manifest says, in words; nil where it can.
  public func newerFormat() throws -> StoreError? {
    for audience in Audience.allCases {
      guard let tip = try repository.resolve(RefName.manifest(audience)) else { continue }
      if let error = try ManifestPart(at: tip, in: repository).format.unknown { return error }
    }
    return nil
  }
}
