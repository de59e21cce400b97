import ForeignText
import WeaveModel

/// A URL that is written relative to another.
enum URLReference {
  /// Whether Git takes a submodule's URL from that of the superproject (gitmodules(5)).
  static func isRelativeToSource(_ url: String) -> Bool { url.begins(with: "./") || url.begins(with: "../") }

  /// `url`, which begins with `./` or `../`, taken from `source` as `git submodule` takes it: each `../` removes the
  /// last component of `source`, the repository's own name first. Nil where it has too few.
  static func submodule(_ url: String, of source: String) -> String? {
    var base = source[...]
    base = base.dropping(suffix: "/") ?? base
    let isRelative = RepositoryURL.isPath(source) && !source.begins(with: "/")
    if isRelative, !isRelativeToSource(source) { base = "./" + base }
    var rest = url[...]
    var separator = "/"
    while true {
      if let below = rest.dropping(prefix: "../") {
        rest = below
        if let slash = base.lastIndex(ofScalar: "/") {
          base = base[..<slash]
        } else if let colon = base.lastIndex(ofScalar: ":") {
          (base, separator) = (base[..<colon], ":")
        } else if isRelative || base == "." {
          return nil
        } else {
          base = "."
        }
      } else if let below = rest.dropping(prefix: "./") {
        rest = below
      } else {
        break
      }
    }
    rest = rest.dropping(suffix: "/") ?? rest
    let joined = base + separator + rest
    return String(joined.dropping(prefix: "./") ?? joined[...])
  }

  /// `reference` taken from `base` as a browser takes it (RFC 3986, section 5.2): the last component of `base` is
  /// replaced, and nothing is `base` itself. So `repo` takes a remote's `fetch` from the manifest's URL.
  static func resolved(_ reference: String, from base: String) -> String {
    if reference.isEmpty { return base }
    if reference.begins(with: "//"), let end = base.schemeEnd { return base[..<end] + ":" + reference }
    guard !reference.holds("://"), RepositoryURL.isPath(reference),
      !reference.begins(with: "/") || base.holds("://")
    else {
      return reference
    }
    let authorityEnd: String.Index
    if let end = base.schemeEnd {
      authorityEnd = base[base.utf8.index(end, offsetBy: 3)...].firstIndex(ofScalar: "/") ?? base.endIndex
    } else if let colon = base.firstIndex(ofScalar: ":"), !RepositoryURL.isPath(base) {
      authorityEnd = base.unicodeScalars.index(after: colon)
    } else {
      authorityEnd = base.startIndex
    }
    let authority = base[..<authorityEnd]
    let isRooted = base[authorityEnd...].begins(with: "/") || authority.holds("://")
    var parts =
      reference.begins(with: "/") ? [] : Array(base[authorityEnd...].split(atScalar: "/").dropLast())
    for part in reference.split(atScalar: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return String(authority) + (isRooted ? "/" : "") + parts.joined(separator: "/")
  }

  /// The source as `repo` reads it (`manifest_xml.py`, `normalize_url`): as a URL where it is an address as of scp whose path
  /// begins at the root, or whose host `repo` takes for a part of a path, or cannot read; else as it is.
  static func forRepo(_ source: String) -> String {
    guard !RepositoryURL.isPath(source), let (authority, path) = sshParts(source) else { return source }
    if path.begins(with: "/") { return "ssh://" + authority + percentEscaped(path) }
    let isRead = !source.holds("[") && (authority.holds("@") || RepositoryURL.isScheme(authority))
    // The home of whoever logs in, where the path begins without a user's (git-fetch(1), GIT URLS).
    return isRead
      ? source : "ssh://" + authority + "/" + (path.begins(with: "~") ? "" : "~/") + percentEscaped(path)
  }

  /// The authority of a URL, and the path, of an address as of scp; nil for a URL.
  static func sshParts(_ source: String) -> (authority: String, path: Substring)? {
    guard !source.holds("://"), let colon = source.firstIndex(ofScalar: ":") else { return nil }
    return bracketed(source) ?? (String(source[..<colon]), source[colon...].dropFirst(bytes: 1))
  }

  /// The authority of a URL, and the path, of `[::1]:path`, `user@[::1]:path` and `[user@host:22]:path`, an address as of
  /// scp with brackets; nil for any other.
  ///
  /// As Git reads it (`host_end` and `get_port` in connect.c): digits after the first colon alone are a port.
  private static func bracketed(_ source: String) -> (authority: String, path: Substring)? {
    let start = source.firstIndex(ofBytes: "@[").map { source.utf8.index(after: $0) } ?? source.startIndex
    guard let inner = source[start...].dropping(prefix: "["), let (place, rest) = inner.cut(at: "]"),
      let path = rest.dropping(prefix: ":")
    else { return nil }
    let at = place.lastIndex(ofScalar: "@").map { place.utf8.index(after: $0) } ?? place.startIndex
    let host = place[at...]
    let colons = host.utf8.count { $0 == UInt8(ascii: ":") }
    return (source[..<start] + place[..<at] + (colons > 1 ? "[\(host)]" : String(host)), path)
  }

  /// A path whose `%` a URL does not take for the beginning of an escape.
  static func percentEscaped(_ path: some StringProtocol) -> String {
    path.mapScalars { $0 == "%" ? "%25" : nil }
  }
}
