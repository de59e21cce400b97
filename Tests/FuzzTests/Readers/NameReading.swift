import ForeignText

@testable import WeaveModel

/// What must hold of names, addresses and URLs, which anybody may choose.
enum NameReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    try checkNames(text)
    try checkURL(text)
    _ = (ISODate.isValid(text), try? Quantity(text), Probe.seconds(text), Age.seconds(text), Pin(text))
    var names = FreeProjectNames()
    _ = (LookAlikes.skeleton(text), names.take(for: text), names.take(for: text))
    if let range = try? MachineRange(text), range.count < 1_000 {
      try Violation.unless(range.names.count == range.count, "a range has other names than it counts")
    }
    return (try? MachineAddress(text)) != nil || RepositoryURL(text).hasSecret
  }

  private static func checkNames(_ text: String) throws(Violation) {
    let isName = LegibleName.reason(against: text) == nil
    try Violation.unless(
      !isName || (!text.begins(with: "-") && !text.unicodeScalars.contains { $0.isUnseen }),
      "a name is not legible")
    if MachineName.reason(against: text) == nil {
      try Violation.unless(
        isName && !text.holds("/") && !text.holds(" "), "'\(text)' is no name of a machine")
      try Violation.unless(![".", "..", ".git"].contains(text.lowercasedASCII), "'\(text)' is a path")
    }
    if ConstellationName.reason(against: text) == nil {
      try Violation.unless(
        isName && !ConstellationName.isFile(text), "'\(text)' is no name of a constellation")
    }
    guard let address = try? MachineAddress(text) else { return }
    try Violation.unless(
      address.text.unicodeScalars.allSatisfy { scalar in
        scalar.isASCIIAlphanumeric || "._:@%+-[]".unicodeScalars.contains(scalar)
          || (!scalar.isASCII && (scalar.isLetterOrNumber || scalar.isMark))
      } && !address.text.begins(with: "-") && !address.text.holds("@-"), "'\(text)' is no address")
  }

  private static func checkURL(_ text: String) throws(Violation) {
    let url = RepositoryURL(text)
    try Violation.unless(Array(url.textWithSecret.utf8) == Array(text.utf8), "a URL is another to Git")
    try Violation.unless("\(url)" == url.text && "\([url])".holds(url.text), "a URL shows more than it may")
    let again = RepositoryURL(url.text)
    try Violation.unless(
      !again.hasSecret && Array(again.text.utf8) == Array(url.text.utf8), "'\(url.text)' has a secret still")
    if let password = url.login?.password, password.utf8.count >= 8, !password.utf8.contains(0x2a) {
      let said = Redaction(knowing: url).text("fatal: for '\(text)': \(password)")
      try Violation.unless(!said.holds(password), "what Git says holds the password '\(password)'")
    }
    let shown = Redaction.text(text)
    try Violation.unless(Redaction.text(shown) == shown, "'\(shown)' has a secret still")
  }
}
