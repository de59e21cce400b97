import ForeignText

/// What a repository's URL or path says about which repository it is, so that two spellings can be compared.
///
/// `https://host/a/b.git`, `git@host:a/b`, `ssh://git@host/a/b/` and `github:a/b` of a flake, for its host, are one.
/// A user, a password, the protocol and its usual port say nothing about that; neither does the case of a host, nor,
/// at the hosts that ignore it, that of a path.
public struct RepositoryAddress: Hashable, Sendable, CustomStringConvertible {
  /// `host/path`, `host:port/path`, or an absolute path; without `.git` and slashes at its end.
  public var text: String { exactText.text }
  private let exactText: ExactText
  /// Where it is not clear which host the source names, nothing but the same source is the same repository.
  private let unclearSource: RepositoryURL?

  /// The address that `source` is: a URL, an address as of scp, a flake's reference, or a path, which is taken from
  /// `directory` where it is relative. Links are not followed: nothing is read.
  public init(_ source: String, from directory: String = "/") {
    self.init(RepositoryURL(source), from: directory)
  }

  private init(_ url: RepositoryURL, from directory: String) {
    exactText = ExactText(Self.hosted(url.text) ?? Self.local(url.text, from: directory))
    unclearSource = url.isUnclear ? url : nil
  }

  /// The address that `url` is, whatever its secret.
  public init(_ url: RepositoryURL) { self.init(url, from: "/") }

  public var description: String { text }

  /// Whether `source` is a path or a `file:` URL.
  public static func isLocal(_ source: String) -> Bool { hosted(source) == nil }

  /// The path that a local source means, not made absolute; nil for a source on a host.
  public static func localPath(_ source: String) -> String? {
    guard isLocal(source) else { return nil }
    let plain = withoutFlakePrefix(source)
    // As flakes write them: `path:../a?narHash=…`, and `git+file:../a` without an authority.
    for scheme in ["path:", "file:"] where plain.begins(with: scheme) && !plain.begins(with: scheme + "//") {
      return decoded(plain.dropFirst(bytes: scheme.utf8.count).prefix(whileScalar: { $0 != "?" }))
    }
    guard plain.begins(with: "file://") else { return String(plain) }
    // The host of a file URL is this one: `file://localhost/a`.
    return decoded(plain.dropFirst(bytes: 7).drop(whileScalar: { $0 != "/" }))
  }

  /// Whether `..` stands in the path of `source`, also as `%2E`, so that it names another place than it begins with. By bytes:
  /// no mark after a slash makes another component of it.
  public static func climbs(_ source: String) -> Bool {
    let bytes = PercentEncoding.decoded(Array(source.utf8))
    let components = bytes.split(omittingEmptySubsequences: false) { "/?#".utf8.contains($0) }
    return components.contains { $0.elementsEqual("..".utf8) }
      // As of scp: the path begins after a colon.
      || (components.first.map { $0.suffix(3).elementsEqual(":..".utf8) } ?? false)
  }

  private static func hosted(_ source: String) -> String? {
    // What Git takes for a path is one, also where a flake would have a prefix.
    guard !RepositoryURL.isPath(source) else { return nil }
    let plain = withoutFlakePrefix(source)
    if let end = plain.schemeEnd {
      let scheme = plain[..<end].lowercased()
      guard scheme != "file" else { return nil }
      let rest = plain[plain.utf8.index(end, offsetBy: 3)...]
      let authority = rest.prefix(whileScalar: { $0 != "/" && $0 != "?" && $0 != "#" })
      return joined(
        host: host(authority, usualPort: usualPorts[scheme]), path: rest[authority.endIndex...])
    }
    // Git takes brackets around a host off, with what is in them (connect.c, `host_end`).
    let closing =
      plain.prefix(whileScalar: { $0 != ":" }).holds("[")
      ? plain.firstIndex(ofBytes: "]:").map { plain.utf8.index(after: $0) } : nil
    guard let colon = closing ?? plain.firstIndex(ofScalar: ":"), !plain[..<colon].holds("/") else {
      return nil
    }
    let (name, rest) = (plain[..<colon], plain[plain.unicodeScalars.index(after: colon)...])
    if let host = forges[name.lowercased()] {
      return joined(host: host, path: rest.prefix(whileScalar: { $0 != "?" }).forgePath)
    }
    guard name != "path", name != "file" else { return nil }
    return joined(host: host(name, usualPort: nil), path: rest)
  }

  /// `git+https://…?ref=…` as flakes write it, without what is the flake's.
  private static func withoutFlakePrefix(_ source: String) -> Substring {
    guard source.begins(with: "git+"), source.holds(":") else { return source[...] }
    return source.dropFirst(bytes: 4).prefix(whileScalar: { $0 != "?" && $0 != "#" })
  }

  private static func joined(host: String, path: Substring) -> String {
    var parts: [String] = []
    for part in decoded(path).split(atScalar: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    // Where a server begins to look for a path by itself.
    if parts.first?.utf8.elementsEqual("~".utf8) == true { parts.removeFirst() }
    if parts.last?.utf8.elementsEqual(".git".utf8) == true { parts.removeLast() }
    if let last = parts.last, last.ends(with: ".git") {
      parts[parts.count - 1] = String(last.dropLast(bytes: 4))
    }
    let path = parts.joined(separator: "/")
    return host + "/" + (caseless.contains(host) ? path.lowercased() : path)
  }

  private static func host(_ authority: Substring, usualPort: String?) -> String {
    let host =
      (authority.lastIndex(ofScalar: "@").map { authority[authority.unicodeScalars.index(after: $0)...] }
      ?? authority)
      .lowercased()
    var plain = decoded(host[...])
    // The other bracket stood before the user.
    if plain.ends(with: "]"), !plain.holds("[") { plain = String(plain.dropLast(bytes: 1)) }
    // In brackets stands an IPv6 address, or a host that Git takes them off, with its port.
    var (name, port): (Substring, Substring?) = (plain[...], nil)
    if let inner = plain.dropping(prefix: "["), let (inside, rest) = inner.cut(at: "]") {
      let isAddress = inside.split(atScalar: ":", keepsEmpty: true).count > 2
      (name, port) = isAddress ? (plain[...inside.endIndex], rest.dropping(prefix: ":")) : (inside, nil)
      if !isAddress, let (before, after) = inside.cut(at: ":") { (name, port) = (before, after) }
      if !isAddress, let after = rest.dropping(prefix: ":") { port = after }
    } else if plain.split(atScalar: ":", keepsEmpty: true).count == 2,
      let (before, after) = plain.cut(at: ":")
    {
      (name, port) = (before, after)
    }
    if let number = port?.drop(whileScalar: { $0 == "0" }), !number.isEmpty,
      !number.utf8.elementsEqual((usualPort ?? "22").utf8)
    {
      name = name + ":" + number
    }
    // The root of the domain names' tree, which may be left out.
    return String(name.dropping(suffix: ".") ?? name)
  }

  private static func local(_ source: String, from directory: String) -> String {
    let path = localPath(source) ?? source
    var parts: [Substring] = []
    for part in ((path.begins(with: "/") ? "" : directory + "/") + path).split(atScalar: "/")
    where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    if parts.last?.utf8.elementsEqual(".git".utf8) == true { parts.removeLast() }
    if let last = parts.last, last.ends(with: ".git") { parts[parts.count - 1] = last.dropLast(bytes: 4) }
    return "/" + parts.joined(separator: "/")
  }

  /// `text` with its `%XX` resolved, where that gives UTF-8.
  private static func decoded(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    return String(validating: PercentEncoding.decoded(Array(text.utf8)), as: UTF8.self) ?? String(text)
  }

  private static let usualPorts = [
    "https": "443", "http": "80", "ssh": "22", "git": "9418", "git+ssh": "22", "ssh+git": "22",
  ]
  /// The hosts whose paths know no case.
  private static let caseless: Set = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"]
  private static let forges = ["github": "github.com", "gitlab": "gitlab.com", "sourcehut": "git.sr.ht"]
}

extension Substring {
  /// Of `owner/repository/ref` the first two: what follows names no repository.
  fileprivate var forgePath: Substring {
    let parts = split(atScalar: "/", maxSplits: 2)
    return parts.count < 2 ? self : parts[0].base[parts[0].startIndex..<parts[1].endIndex]
  }
}
