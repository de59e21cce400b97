/// What made a commit's signature, as its first line tells (`get_format_by_sig` in git's `gpg-interface.c`).
public enum SignatureFormat: Hashable, Sendable {
  case ssh, openPGP
  /// Another one; Git ends with an error at some of these.
  case other

  /// The format of the signature that begins on this line of a commit's headers; nil where none does.
  init?(header line: ArraySlice<UInt8>) {
    let key = "gpgsig ".utf8
    guard line.starts(with: key) else { return nil }
    self.init(armour: line.dropFirst(key.count))
  }

  /// The format that has this armour.
  init(armour: ArraySlice<UInt8>) {
    if armour.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8) {
      self = .ssh
    } else if ["-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----"].contains(where: {
      armour.starts(with: $0.utf8)
    }) {
      self = .openPGP
    } else {
      self = .other
    }
  }
}
