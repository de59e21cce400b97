import ForeignText

/// Why a text is no address of a machine.
public struct MachineAddressError: Error, Equatable, CustomStringConvertible {
  public let text: String
  public let reason: String

  public var description: String { "'\(FreeText.name(text))' is no address of a machine: \(reason)" }
}

/// How a machine is reached: a host's name or an IP address, with `user@` before it and `:port` after it where these are
/// wanted. Nothing in it means anything to a shell, to ssh or to Ansible, and it is never an option.
///
/// Names of hosts are those of RFC 1123, section 2.1, or of RFC 5890, the U-labels of IDNA, and may hold `_`. IPv6
/// addresses (RFC 4291, section 2.2) may stand in brackets, must where a port follows, and may have a zone of letters and
/// digits (RFC 4007, section 11).
public struct MachineAddress: Hashable, Sendable, CustomStringConvertible {
  static let longest = 255
  static let longestHost = 253
  static let longestLabel = 63

  public let text: String

  /// The address that `text` is, or why it is none.
  public init(_ text: String) throws(MachineAddressError) {
    if let reason = Self.reason(against: text) { throw MachineAddressError(text: text, reason: reason) }
    self.text = text
  }

  public var description: String { text }

  /// The part before the `@`; nil where there is none.
  public var user: Substring? { text.cut(at: "@")?.before }

  /// The name of the host, or its IP address without brackets.
  public var host: Substring {
    let place = text.cut(at: "@")?.after ?? text[...]
    if let inner = place.dropping(prefix: "[") { return inner.cut(at: "]")?.before ?? inner }
    return Self.colons(in: place) == 1 ? place.cut(at: ":")?.before ?? place : place
  }

  /// Nil where none is given.
  public var port: Int? {
    let place = text.cut(at: "@")?.after ?? text[...]
    if place.begins(with: "[") { return place.cut(at: "]")?.after.dropping(prefix: ":").flatMap { Int($0) } }
    return Self.colons(in: place) == 1 ? place.cut(at: ":").flatMap { Int($0.after) } : nil
  }

  /// Two are no host with a port.
  private static func colons(in place: Substring) -> Int { place.utf8.count { $0 == UInt8(ascii: ":") } }

  private static func reason(against text: String) -> String? {
    if text.isEmpty { return "it is empty" }
    if text.utf8.count > longest { return "it has \(text.utf8.count) bytes, of at most \(longest)" }
    let (user, place) = text.cut(at: "@").map { ($0.before, $0.after) } ?? (nil, text[...])
    if let user, !isUser(user) {
      return "a user's name is of letters, digits, '.', '_', '+' and '-', and does not begin with '-'"
    }
    if place.begins(with: "[") { return reason(againstBracketed: place) }
    if colons(in: place) > 1 { return isIPv6(place) ? nil : "'\(place)' is no IPv6 address" }
    guard let (host, port) = place.cut(at: ":") else { return reason(againstHost: place) }
    return reason(againstHost: host) ?? reason(againstPort: port)
  }

  private static func reason(againstBracketed place: Substring) -> String? {
    guard let (inner, rest) = place.dropFirst(bytes: 1).cut(at: "]") else {
      return "a bracket has no partner"
    }
    guard isIPv6(inner) else { return "'\(inner)' is no IPv6 address" }
    if rest.isEmpty { return nil }
    guard let port = rest.dropping(prefix: ":") else { return "what follows the bracket is no port" }
    return reason(againstPort: port)
  }

  private static func reason(againstPort port: Substring) -> String? {
    let isNumber = (1...5).contains(port.utf8.count) && port.unicodeScalars.allSatisfy(\.isASCIIDigit)
    guard isNumber, !port.begins(with: "0"), let number = Int(port), number <= 65_535 else {
      return "'\(port)' is no port, a number from 1 to 65535"
    }
    return nil
  }

  private static func isUser(_ user: Substring) -> Bool {
    !user.isEmpty && !user.begins(with: "-")
      && user.unicodeScalars.allSatisfy { $0.isASCIIAlphanumeric || "._+-".unicodeScalars.contains($0) }
  }

  private static func reason(againstHost host: Substring) -> String? {
    if host.isEmpty { return "it names no host" }
    if host.utf8.count > longestHost {
      return "its host has \(host.utf8.count) bytes, of at most \(longestHost)"
    }
    if host.unicodeScalars.allSatisfy({ $0.isASCIIDigit || $0 == "." }) {
      return isIPv4(host) ? nil : "'\(host)' is no IPv4 address"
    }
    // The dot of the root may stand at the end.
    let labels = (host.dropping(suffix: ".") ?? host).split(atScalar: ".", keepsEmpty: true)
    for label in labels {
      if label.isEmpty { return "its host has an empty part" }
      if label.utf8.count > longestLabel { return "'\(label)' is longer than \(longestLabel) bytes" }
      if label.begins(with: "-") || label.ends(with: "-") { return "'\(label)' begins or ends with '-'" }
      if let scalar = label.unicodeScalars.first(where: { !isHostScalar($0) }) {
        return "\(scalar.codePoint) is in no host's name"
      }
      if let mark = label.strayMark { return "it contains \(mark.codePoint), a mark that is on no letter" }
    }
    return nil
  }

  /// A letter, a digit or a mark that IDNA lets stand in a name as it is (RFC 5892, section 2: `LetterDigits` that are not
  /// `Unstable` nor `IgnorableProperties`, and the exceptions among them); of ASCII also capitals, `-` and `_`.
  private static func isHostScalar(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.isASCIIAlphanumeric || scalar == "-" || scalar == "_" }
    if "\u{df}\u{3c2}\u{3007}".unicodeScalars.contains(scalar) { return true }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber:
      return scalar.isLegible && !properties.changesWhenNFKCCaseFolded
    default: return false
    }
  }

  private static func isIPv4(_ text: some StringProtocol) -> Bool {
    let parts = text.split(atScalar: ".", keepsEmpty: true)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.utf8.count) && part.unicodeScalars.allSatisfy(\.isASCIIDigit)
          && (part.utf8.count == 1 || !part.begins(with: "0")) && (Int(part) ?? .max) <= 255
      }
  }

  private static func isIPv6(_ text: Substring) -> Bool {
    var address = text
    if let (before, zone) = text.cut(at: "%") {
      guard (1...15).contains(zone.utf8.count), zone.unicodeScalars.allSatisfy(\.isASCIIAlphanumeric) else {
        return false
      }
      address = before
    }
    let halves = address.split(atBytes: "::")
    guard halves.count <= 2 else { return false }
    var count = 0
    for (index, half) in halves.enumerated() where !half.isEmpty {
      let groups = half.split(atScalar: ":", keepsEmpty: true)
      for (place, group) in groups.enumerated() {
        if index == halves.count - 1, place == groups.count - 1, group.holds("."), isIPv4(group) {
          count += 2
        } else if (1...4).contains(group.utf8.count), group.unicodeScalars.allSatisfy(\.isASCIIHexDigit) {
          count += 1
        } else {
          return false
        }
      }
    }
    return halves.count == 2 ? count < 8 : count == 8
  }
}
