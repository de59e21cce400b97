import ForeignText
import WeaveModel

/// A project's source as the URL of a flake's input.
struct FlakeURL {
  /// The scheme by which Nix knows Git's (`inputFromURL` of its git.cc); of ssh Git has three spellings.
  private static let schemes = [
    "http": "git+http", "https": "git+https", "ssh": "git+ssh", "git+ssh": "git+ssh", "ssh+git": "git+ssh",
    "git": "git", "file": "git+file",
  ]

  private let text: String

  /// Of a path or an address as of scp a URL is made: Nix takes no other.
  init(_ source: String) throws(UnknownToNix) {
    let (scheme, authority, path): (String, String, String)
    if RepositoryURL.isPath(source) {
      (scheme, authority, path) = ("file", "", URLReference.percentEscaped(source))
    } else if let end = source.schemeEnd {
      let rest = source[source.utf8.index(end, offsetBy: 3)...]
      let host = rest.prefix(whileScalar: { $0 != "/" })
      scheme = String(source[..<end])
      // The host of a `file:` URL is this one, to Git.
      authority = scheme == "file" ? "" : String(host)
      path = String(rest[host.endIndex...])
    } else if let (host, below) = URLReference.sshParts(source) {
      (scheme, authority) = ("ssh", host)
      path = (below.begins(with: "/") ? "" : "/") + URLReference.percentEscaped(below)
    } else {
      throw UnknownToNix(source: source)
    }
    guard let known = Self.schemes[scheme] else { throw UnknownToNix(source: source) }
    text = "\(known)://\(Self.escaped(authority: authority))\(Self.escaped(path))"
  }

  /// The source at one commit, which its `reference` reaches, a full name; nil where none is known to. A Nix before 2.16 looks for
  /// a commit in one ref, and passes over `allRefs`.
  func at(_ commit: CommitID, reachedBy reference: String?) -> String {
    guard let reference else { return "\(text)?rev=\(commit)&allRefs=1" }
    return "\(text)?ref=\(PercentEncoding.path(reference))&rev=\(commit)"
  }

  /// Brackets stand around an IPv6 address, and nowhere else in a URL (RFC 3986, 3.2.2).
  private static func escaped(authority: String) -> String {
    let host =
      authority.lastIndex(ofScalar: "@").map { authority.utf8.index(after: $0) } ?? authority.startIndex
    let isAddress = authority[host...].begins(with: "[")
    return escaped(authority[..<host]) + escaped(authority[host...], besides: isAddress ? "[]" : "")
  }

  /// With what would end the path, is no part of one, or is no escape, as `%XX`.
  private static func escaped(_ text: some StringProtocol, besides kept: String = "") -> String {
    var (escaped, rest) = ("", Array(text.utf8)[...])
    while let byte = rest.popFirst() {
      let isEscape =
        byte == UInt8(ascii: "%") && rest.count > 1
        && rest.prefix(2).allSatisfy { Unicode.Scalar($0).isASCIIHexDigit }
      let isPlain = byte > 32 && byte < 127 && !"\"#%<>?[\\]^`{|}".utf8.contains(byte)
      guard isPlain || isEscape || kept.utf8.contains(byte) else {
        escaped += PercentEncoding.escape(byte)
        continue
      }
      escaped.unicodeScalars.append(Unicode.Scalar(byte))
    }
    return escaped
  }
}

/// A source that Nix fetches by no scheme that it knows.
public struct UnknownToNix: Error, Sendable, CustomStringConvertible {
  public let source: RepositoryURL

  init(source: String) { self.source = RepositoryURL(source) }

  public var description: String {
    "Nix fetches a Git repository by http, https, ssh, git and file alone, and its source is \(source)"
  }
}
