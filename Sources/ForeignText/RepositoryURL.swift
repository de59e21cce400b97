/// Where a repository is, as somebody wrote it: a URL, an address as of scp, or a path. The secrets that it may hold show in
/// no text, JSON or mirror that is made of it; who needs them says so (Docs/security.md, "What a URL may tell").
public struct RepositoryURL: Hashable, Sendable {
  /// As it was written, with its secrets: for Git alone.
  public let textWithSecret: String
  /// Without user name and password, but for the user of ssh, and without the parameters of a query that let somebody in.
  /// A URL that Git takes.
  public let text: String
  /// Whether programs disagree on where the secret ends, as in `https://u:p/w@host/x`.
  public let isUnclear: Bool
  public let hasSecret: Bool

  public init(_ text: String) {
    let secrets = URLSecrets(Array(text.utf8), .wholeText)
    textWithSecret = text
    self.text = String(decoding: secrets.shown, as: UTF8.self)
    (isUnclear, hasSecret) = (secrets.isUnclear, !secrets.secrets.isEmpty)
  }

  /// Whether `text` is written as a URL, and so no path that anybody means; also without its scheme, where something in it
  /// is secret.
  public static func isURL(_ text: String) -> Bool {
    if text.begins(with: "//") { return RepositoryURL(text).hasSecret }
    guard let (scheme, rest) = text.cut(at: ":"), isScheme(scheme) else { return false }
    if rest.begins(with: "//") { return true }
    // Where a slash was lost.
    return rest.begins(with: "/") && ["http", "https", "ssh"].contains(String(scheme).lowercasedASCII)
  }

  /// Whether Git takes `text` for a path of this machine: no colon, or a slash before the first (connect.c,
  /// `url_is_local_not_ssh`). A `file:` URL is none, though what it names is here.
  public static func isPath(_ text: some StringProtocol) -> Bool {
    text.utf8.first { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") } != UInt8(ascii: ":")
  }

  /// Whether a URL could begin with it and a colon (RFC 3986, 3.1).
  public static func isScheme(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.first?.isASCIILetter == true
      && text.unicodeScalars.allSatisfy { $0.isASCIIAlphanumeric || "+-.".unicodeScalars.contains($0) }
  }

  public var withoutSecret: RepositoryURL { RepositoryURL(text) }

  /// Whether both are one but for their secrets.
  public func isSame(as other: RepositoryURL) -> Bool { text.utf8.elementsEqual(other.text.utf8) }

  /// Whether they are the same to the last byte, secrets included.
  public static func == (one: RepositoryURL, other: RepositoryURL) -> Bool {
    one.textWithSecret.utf8.elementsEqual(other.textWithSecret.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    for byte in textWithSecret.utf8 { hasher.combine(byte) }
  }

  /// As it was written, but for the user name and password of a URL of HTTP: all that is asked of the host, also what in it is
  /// secret.
  public var withoutLogin: String {
    guard !isUnclear, let (scheme, rest) = textWithSecret.cut(at: ":"),
      ["http", "https"].contains(scheme.lowercasedASCII), let rest = rest.dropping(prefix: "//"),
      let at = rest.prefix(whileScalar: { !"/?#".unicodeScalars.contains($0) }).lastIndex(ofScalar: "@")
    else { return textWithSecret }
    return "\(scheme)://\(rest[at...].dropFirst(bytes: 1))"
  }

  /// The user name and password of a URL of HTTP, decoded; nil where it has neither or something else in it is secret, and
  /// where one holds what the protocol of Git's credential helpers has no way to say. The password is nil where none is
  /// given, which is not an empty one.
  public var login: (user: String, password: String?)? {
    guard let login = URLSecrets(Array(textWithSecret.utf8), .wholeText).login else { return nil }
    let (user, password) = (
      PercentEncoding.decoded(login.user), login.password.map { PercentEncoding.decoded($0) }
    )
    guard !(user + (password ?? [])).contains(where: { [0, 10, 13].contains($0) }),
      let name = String(validating: user, as: UTF8.self)
    else { return nil }
    guard let password else { return (name, nil) }
    return String(validating: password, as: UTF8.self).map { (name, $0) }
  }
}

extension RepositoryURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable, Encodable {
  public var description: String { text }
  public var debugDescription: String { text }
  public var customMirror: Mirror { Mirror(self, children: ["text": text]) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension RepositoryURL: ExpressibleByStringInterpolation {
  public init(stringLiteral text: String) { self.init(text) }
}

extension StringProtocol {
  /// Where the `://` of a URL begins; nil in what Git takes for none, as what is before is no scheme to it (url.c, `is_url`).
  /// By bytes, for a search by characters is many times slower, and histories have many URLs.
  package var schemeEnd: Index? {
    guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")), utf8[colon...].starts(with: "://".utf8) else {
      return nil
    }
    let scheme = utf8[..<colon]
    func isPart(_ byte: UInt8) -> Bool {
      Unicode.Scalar(byte).isASCIIAlphanumeric || "+-.".utf8.contains(byte)
    }
    guard let first = scheme.first, Unicode.Scalar(first).isASCIIAlphanumeric, scheme.allSatisfy(isPart)
    else {
      return nil
    }
    return colon
  }
}
