/// What of a text with URLs may be shown, and what in them is secret: user names and passwords, and the parameters of a
/// query that let somebody in (RFC 3986, 3.2.1, as Git and curl take it, and beyond that whatever is meant so).
///
/// By bytes, each looked at a bounded number of times for each URL.
struct URLSecrets {
  /// The text without its secrets.
  private(set) var shown: [UInt8]
  /// The secrets, as they are spelled.
  private(set) var secrets: Set<[UInt8]> = []
  /// Whether programs disagree on where a secret ends: Git takes `https://u:p/w@host/x` for a repository on the host `u`.
  private(set) var isUnclear = false
  /// The user and the password of a URL of HTTP, as they are spelled, where nothing else in it is secret; the password nil
  /// where there is no colon.
  private(set) var login: (user: [UInt8], password: [UInt8]?)?

  /// What the text is.
  enum Extent {
    /// One URL, or an address as of scp.
    case wholeText
    /// A word of a sentence, without a space.
    case word
  }

  init(_ text: [UInt8], _ extent: Extent) {
    self.init(once: text, extent)
    if shown == text { return }
    // What is left where a part was taken out may be a URL itself.
    for _ in 0..<Self.mostURLs {
      let again = Self(once: shown, extent)
      if again.shown == shown { return }
      secrets.formUnion(again.secrets)
      (shown, isUnclear) = (again.shown, isUnclear || again.isUnclear)
    }
    (shown, isUnclear) = (Array("…".utf8), true)
  }

  private init(once text: [UInt8], _ extent: Extent) {
    shown = text
    // Nothing that could be secret.
    guard
      text.contains(where: Self.telling.contains)
        || text.count(where: { $0 == UInt8(ascii: ":") }) > 1
    else { return }
    if hideWithoutScheme(extent) { return }
    // A path holds none.
    if extent == .wholeText, ["/", "./", "../"].contains(where: { text.starts(with: $0.utf8) }) { return }
    // The last first: a URL may stand in another's path.
    let places = text.indices.reversed().filter {
      text[$0] == UInt8(ascii: ":") && text[$0...].starts(with: "://".utf8)
    }
    guard text.count <= Self.longest, places.count <= Self.mostURLs else {
      (shown, secrets, isUnclear) = (extent == .word ? Array("…".utf8) : [], [text], true)
      return
    }
    // A path of this machine has no parameters.
    let first = places.last { Self.scheme(before: $0, in: text) != "file" }
    for place in places { hide(urlAt: place, isFirst: place == first, extent) }
    if places.isEmpty { extent == .wholeText ? hideInSCPAddress() : hideSCPAddressInWord() }
  }

  private static let telling = ByteSet("@%?#;&,")

  /// More in one word are nobody's URL, and would take long; so would a longer one, of which nothing is shown.
  private static let mostURLs = 4
  private static let longest = 2_048

  // MARK: one URL

  /// Hides what is secret in `//user:password@host/path`, a URL that has lost its scheme (RFC 3986, 4.2); false where the text
  /// is none, as a path with slashes at its beginning.
  private mutating func hideWithoutScheme(_ extent: Extent) -> Bool {
    let opening = extent == .word ? shown.prefix { "'\"([{<".utf8.contains($0) }.count : 0
    guard shown[opening...].starts(with: "//".utf8), shown.count <= Self.longest else { return false }
    let authority = shown[opening...].drop { $0 == UInt8(ascii: "/") }.prefix { !"/?#".utf8.contains($0) }
    let isHalfLogin =
      Self.firstColon(in: authority) != nil && shown[authority.endIndex...].contains(UInt8(ascii: "@"))
    if isHalfLogin || Self.lastAt(in: authority) != nil {
      hide(authorityAt: opening + 2, "", extent)
      return true
    }
    guard extent == .wholeText else { return false }
    hideParameters(in: authority.endIndex..<shown.count, extent)
    return true
  }

  /// - Parameter isFirst: whether it is the first in the text: what stands in its path and query are the parameters of the
  ///   others, too.
  private mutating func hide(urlAt colon: Int, isFirst: Bool, _ extent: Extent) {
    login = nil
    hide(
      authorityAt: colon + 3, Self.scheme(before: colon, in: shown), hidesParameters: isFirst, extent)
  }

  private mutating func hide(
    authorityAt start: Int, _ scheme: String, hidesParameters: Bool = true, _ extent: Extent
  ) {
    var start = start
    let isFile = scheme == "file"
    if !isFile { while start < shown.count, shown[start] == UInt8(ascii: "/") { start += 1 } }
    let end = shown.count
    let tail = shown[start..<end].firstIndex(where: { "/?#".utf8.contains($0) }) ?? end
    let authority = shown[start..<tail]
    let firstColon = Self.firstColon(in: authority)
    let at = Self.lastAt(in: authority)
    let login = at.map { start..<$0.lowerBound }
    let loginEnd = at?.upperBound ?? start
    if at.map({ $0.count > 1 }) == true { isUnclear = true }
    // Git decodes these before it looks for the host's end (connect.c, `parse_connect_url`).
    if Self.keepsUser.contains(scheme) || scheme == "git",
      authority.indices.contains(where: { Self.isEscape(of: "/", at: $0, in: authority) })
    {
      hideUnclear(from: start, to: end)
      return
    }
    // Behind the number of a port, or none, an `@` that begins a name is the path's, as in `https://host:8443/@org/lib.git`.
    var port = firstColon.map { authority[$0...].dropFirst() } ?? []
    // What follows a URL in a sentence.
    while extent == .word, let last = port.last, "'\":,.;)>]}".utf8.contains(last) { port = port.dropLast() }
    let hasPort = firstColon != nil && port.allSatisfy(Self.isDigit)
    if !isFile, let firstColon, firstColon < authority.firstIndex(of: UInt8(ascii: "@")) ?? end,
      hasPort
        ? Self.holdsAtWithinName(shown[tail..<end]) : shown[tail..<end].contains(UInt8(ascii: "@"))
    {
      // No host is shown: it could be another than the one that is asked.
      hideUnclear(from: start, to: end)
      return
    }
    // What stands further back first, so that the places before it stay true.
    if !isFile, hidesParameters { hideParameters(in: tail..<end, extent) }
    guard let login else {
      // A port is a number: what is none is half of a login.
      if !isFile, let firstColon, !hasPort {
        isUnclear = true
        keep(secret: Array(shown[(firstColon + 1)..<tail]))
        shown.removeSubrange(firstColon..<tail)
      }
      return
    }
    hide(login: login, until: loginEnd, scheme)
  }

  /// Shows nothing of what stands there: programs disagree on which host it names.
  private mutating func hideUnclear(from start: Int, to end: Int) {
    isUnclear = true
    keep(secret: Array(shown[start..<end]))
    for part in shown[start..<end].split(whereSeparator: { ":@/?#".utf8.contains($0) }) {
      keep(secret: Array(part))
    }
    shown.replaceSubrange(start..<end, with: "…".utf8)
  }

  private mutating func hide(login: Range<Int>, until end: Int, _ scheme: String) {
    let isOnlySecret = secrets.isEmpty && !isUnclear
    let name = shown[login]
    let colon = Self.firstColon(in: name, spelledAnyhow: Self.keepsUser.contains(scheme))
    let user = Array(name[..<(colon?.lowerBound ?? name.endIndex)])
    let password = colon.map { Array(name[$0.upperBound...]) }
    if Self.keepsUser.contains(scheme) {
      if let password { keep(secret: password) }
      if password != nil || user.isEmpty || end - login.upperBound > 1 {
        shown.replaceSubrange(login.lowerBound..<end, with: user.isEmpty ? [] : user + [UInt8(ascii: "@")])
      }
      return
    }
    if password?.isEmpty != false || user.count >= Self.shortestToken { keep(secret: user) }
    for part in [password ?? [], Array(name)] { keep(secret: part) }
    if isOnlySecret, scheme == "http" || scheme == "https", !name.isEmpty { self.login = (user, password) }
    shown.removeSubrange(login.lowerBound..<end)
  }

  /// Whether an `@` of a path, or of a query without a path, does not begin a name.
  private static func holdsAtWithinName(_ tail: ArraySlice<UInt8>) -> Bool {
    let path = tail.prefix { !"?#".utf8.contains($0) }
    let text = path.isEmpty ? tail : path
    return zip(text, text.dropFirst()).contains { $0 != UInt8(ascii: "/") && $1 == UInt8(ascii: "@") }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { Unicode.Scalar(byte).isASCIIDigit }

  private mutating func keep(secret: [UInt8]) {
    if !secret.isEmpty { secrets.insert(secret) }
  }

  /// A user name beside a password is a secret where it may be a token.
  private static let shortestToken = 6

  /// Schemes whose user name is a part of the address, and no secret.
  private static let keepsUser: Set = ["ssh", "git+ssh", "ssh+git", "svn+ssh", "sftp", "rsync"]

  private static func scheme(before colon: Int, in bytes: [UInt8]) -> String {
    let scheme = bytes[..<colon].reversed().prefix {
      Unicode.Scalar($0).isASCIIAlphanumeric || "+-.".utf8.contains($0)
    }
    return String(decoding: scheme.reversed(), as: UTF8.self).lowercasedASCII
  }

  /// The first colon that parts a name from a password: none within the brackets of an IPv6 address.
  private static func firstColon(in authority: ArraySlice<UInt8>) -> Int? {
    if authority.first == UInt8(ascii: "["), !authority.contains(UInt8(ascii: "@")),
      authority.contains(UInt8(ascii: "]"))
    {
      return nil
    }
    return authority.firstIndex(of: UInt8(ascii: ":"))
  }

  /// - Parameter spelledAnyhow: whether `%3A` is one: Git decodes a URL of ssh before it reads it.
  private static func firstColon(in name: ArraySlice<UInt8>, spelledAnyhow: Bool) -> Range<Int>? {
    name.indices.first { index in
      name[index] == UInt8(ascii: ":") || (spelledAnyhow && isEscape(of: ":", at: index, in: name))
    }.map { name[$0] == UInt8(ascii: ":") ? $0..<($0 + 1) : $0..<($0 + 3) }
  }

  /// The last `@`. As `%40` it is one only where no other follows: no host has one in its name.
  private static func lastAt(in authority: ArraySlice<UInt8>) -> Range<Int>? {
    for index in authority.indices.reversed() {
      if authority[index] == UInt8(ascii: "@") { return index..<(index + 1) }
      if isEscape(of: "@", at: index, in: authority) { return index..<(index + 3) }
    }
    return nil
  }

  private static func isEscape(of scalar: Unicode.Scalar, at index: Int, in bytes: ArraySlice<UInt8>) -> Bool
  {
    bytes[index] == UInt8(ascii: "%") && index + 2 < bytes.endIndex
      && UInt32(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16) == scalar.value
  }

  // MARK: parameters

  private mutating func hideParameters(in range: Range<Int>, _ extent: Extent) {
    var range = range
    if extent == .word {
      // What follows a URL in a sentence.
      while let last = shown[range].last, "'\":,.;)>]}".utf8.contains(last) {
        range = range.lowerBound..<(range.upperBound - 1)
      }
    }
    let start = shown[range].firstIndex { "?#".utf8.contains($0) } ?? range.upperBound
    hideParameters(in: start..<range.upperBound, endingAt: Self.queryDelimiters, isQuery: true)
    // Those of a path (RFC 3986, 3.3).
    guard let first = shown[range.lowerBound..<start].firstIndex(where: { ";&,".utf8.contains($0) }) else {
      return
    }
    hideParameters(in: first..<start, endingAt: Self.pathDelimiters, isQuery: false)
  }

  private static let queryDelimiters = ByteSet("?#&;,")
  private static let pathDelimiters = ByteSet(";&,/")

  private mutating func hideParameters(
    in range: Range<Int>, endingAt delimiters: ByteSet, isQuery: Bool
  ) {
    var kept: [UInt8] = []
    kept.reserveCapacity(range.count)
    var rest = shown[range]
    while let delimiter = rest.first {
      let part = rest.dropFirst().prefix { !delimiters.contains($0) }
      rest = rest[part.endIndex...]
      // In a path an ampersand or a comma may stand in a name, as in `R&D-keys`; in a value of a query a comma.
      let isParameter =
        part.contains(UInt8(ascii: "="))
        || (isQuery ? delimiter != UInt8(ascii: ",") : delimiter == UInt8(ascii: ";"))
      if delimiter != UInt8(ascii: "/"), isParameter, isSecret(parameter: part) {
        // To many programs `;` and `?` belong to the value: what no parameter follows is more of it.
        var more = rest.prefix(0)
        while let mark = rest.first, isQuery, ";?,".utf8.contains(mark) {
          let next = rest.dropFirst().prefix { !delimiters.contains($0) }
          if next.contains(UInt8(ascii: "=")) { break }
          rest = rest[next.endIndex...]
          more = shown[more.startIndex..<next.endIndex]
        }
        let value = part.drop { $0 != UInt8(ascii: "=") }.dropFirst()
        for secret in [value, value + more] { keep(secret: Array(secret)) }
      } else {
        let beginsQuery = kept.isEmpty && "&;,".utf8.contains(delimiter) && isQuery
        kept.append(beginsQuery ? UInt8(ascii: "?") : delimiter)
        kept += part
      }
    }
    shown.replaceSubrange(range, with: kept)
  }

  private static let secretWords = [
    "token", "secret", "pass", "pwd", "key", "sig", "auth", "cred", "jwt", "bearer", "session", "access",
  ].map { Array($0.utf8) }

  /// Too short to be looked for within a word.
  private static let secretNames = Set(["pat", "sid", "code", "otp", "ticket"].map { Array($0.utf8) })

  /// The shortest of them.
  private static let shortestName = 3

  private func isSecret(parameter: ArraySlice<UInt8>) -> Bool {
    guard parameter.count >= Self.shortestName else { return false }
    var decoded = Array(parameter)
    // Some servers decode what was encoded twice.
    for _ in 0..<4 where decoded.contains(UInt8(ascii: "%")) {
      let next = PercentEncoding.decoded(decoded)
      if next == decoded { break }
      decoded = next
    }
    // What was encoded may hold parameters itself.
    let isNamed = decoded.split(whereSeparator: Self.queryDelimiters.contains).contains { parameter in
      guard parameter.count >= Self.shortestName else { return false }
      let name = parameter.prefix { $0 != UInt8(ascii: "=") }.compactMap { byte in
        Unicode.Scalar(byte).isASCIILetter ? byte | 0x20 : nil
      }
      return Self.secretNames.contains(name) || Self.secretWords.contains { Self.holds($0, in: name) }
    }
    if isNamed { return true }
    // A URL with a login as the value of a parameter.
    return Self.holds(Array("://".utf8), in: decoded) && decoded.contains(UInt8(ascii: "@"))
  }

  private static func holds(_ part: [UInt8], in bytes: [UInt8]) -> Bool {
    guard let first = part.first, bytes.count >= part.count else { return false }
    return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: part) }
  }

  // MARK: addresses as of scp

  /// What stands before the last `@` of `user:password@host:path`, which Git takes for a path on the host `user`. The user
  /// of `user@host:path` stays.
  private mutating func hideInSCPAddress() {
    guard let colon = shown.firstIndex(of: UInt8(ascii: ":")), !shown[..<colon].contains(UInt8(ascii: "/"))
    else {
      return
    }
    hideParameters(in: colon..<shown.count, .wholeText)
    if Self.isFlakePrefix(shown[..<colon]) { return }
    guard let at = shown.lastIndex(of: UInt8(ascii: "@")), colon < at else { return }
    let (name, path) = (shown[..<colon], shown[(colon + 1)...])
    let isFirst = shown.firstIndex(of: UInt8(ascii: "@")).map { colon < $0 } ?? false
    let isFollowed = shown[at...].contains(UInt8(ascii: ":"))
    guard isFirst || isFollowed else { return }
    // `host:/srv/@a/b` is a path.
    let isScheme = ["http", "https", "ssh", "git", "ftp", "ftps", "git+http", "git+https", "git+ssh"]
      .contains(
        String(decoding: name, as: UTF8.self).lowercasedASCII)
    if isFirst, !isFollowed, !isScheme, path.starts(with: "/".utf8), !path.starts(with: "//".utf8),
      !Self.holdsAtWithinName(path)
    {
      return
    }
    hideUnclear(from: 0, to: shown.count)
  }

  /// As ``hideInSCPAddress()``, in a word of a sentence, which may stand in quotes or brackets. Not each word with a colon and
  /// an `@` is an address: `cc:joe@example.org` has no path, and what has a query is one only where that holds a secret.
  private mutating func hideSCPAddressInWord() {
    var word = shown[...]
    while let first = word.first, "'\"([{<".utf8.contains(first) { word = word.dropFirst() }
    while let last = word.last, "'\":,.;)>]}".utf8.contains(last) { word = word.dropLast() }
    guard let colon = word.firstIndex(of: UInt8(ascii: ":")), colon > word.startIndex else { return }
    let at = word.lastIndex(of: UInt8(ascii: "@"))
    let isLogin = at.map { $0 > colon + 1 && word[$0...].contains(UInt8(ascii: ":")) } ?? false
    // `NAME:TAG@sha256:…` of a container image.
    if let at, Self.isDigest(word[at...].dropFirst()) {
      let name = URLSecrets(once: Array(word[..<at]), .word)
      guard name.shown != Array(word[..<at]) else { return }
      shown.replaceSubrange(word.startIndex..<at, with: name.shown)
      (secrets, isUnclear) = (secrets.union(name.secrets), isUnclear || name.isUnclear)
      return
    }
    let hasQuery = at ?? word.startIndex < colon && word[colon...].contains(UInt8(ascii: "?"))
    guard isLogin || hasQuery else { return }
    let address = URLSecrets(once: Array(word), .wholeText)
    guard address.shown != Array(word) else { return }
    shown.replaceSubrange(word.startIndex..<word.endIndex, with: address.shown)
    (secrets, isUnclear) = (secrets.union(address.secrets), isUnclear || address.isUnclear)
  }

  /// Whether it is an algorithm and a hash (OCI image specification, "Digests").
  private static func isDigest(_ text: ArraySlice<UInt8>) -> Bool {
    ["sha256:", "sha512:"].contains { algorithm in
      let hash = text.dropFirst(algorithm.utf8.count)
      return text.starts(with: algorithm.utf8) && !hash.isEmpty
        && hash.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
  }

  private static func isFlakePrefix(_ name: ArraySlice<UInt8>) -> Bool {
    ["path", "file", "git+file", "github", "gitlab", "sourcehut"].contains {
      name.elementsEqual($0.utf8)
    }
  }
}

/// Some bytes of ASCII, of each of which it is known at once whether it is one.
private struct ByteSet {
  private var bits: (low: UInt64, high: UInt64) = (0, 0)

  init(_ text: String) {
    for byte in text.utf8 where byte < 128 {
      if byte < 64 { bits.low |= 1 << UInt64(byte) } else { bits.high |= 1 << UInt64(byte - 64) }
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    byte < 64 ? bits.low >> UInt64(byte) & 1 == 1 : byte < 128 && bits.high >> UInt64(byte - 64) & 1 == 1
  }
}
