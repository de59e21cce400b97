import Testing
import WeaveModel

@Suite("A message that is no event")
struct EventMalformedTests {
  private static let ledger = "Weave-Ledger: \(EventFixtures.ledger)"
  private static let one = "Weave-Member: a \(EventFixtures.commit(1))"
  private static let two = "Weave-Member: b \(EventFixtures.commit(2))"
  private static let id = EventFixtures.event(7).hex
  private static let block = ["Weave-Event: link", ledger, one, two]

  private func reason(_ bytes: [UInt8], hasEncodingHeader: Bool = false) -> String? {
    do throws(MalformedEvent) {
      _ = try EventMessage(parsing: bytes, hasEncodingHeader: hasEncodingHeader)
      return nil
    } catch {
      return error.reason
    }
  }

  private func reason(_ text: String) -> String? { reason(Array(text.utf8)) }

  private func reason(block: [String]) -> String? { reason("s\n\n" + block.joined(separator: "\n") + "\n") }

  private func reason(body: String) -> String? {
    reason("s\n\n\(body)\n\n" + Self.block.joined(separator: "\n") + "\n")
  }

  @Test func `is not the plain one`() {
    #expect(reason(block: Self.block) == nil)
    #expect(reason(body: "free\n\n\ntext") == nil)
    #expect(
      reason(block: Self.block.reversed().filter { $0 != Self.two } + [Self.two]) == nil, "in any order")
  }

  @Test(arguments: ["link", "revoke"])
  func `names more than 1,000 commits`(kind: String) {
    func reason(members: Int) -> String? {
      let members = (0..<members).map { "Weave-Member: p\(10_000 + $0) \(EventFixtures.commit(1))" }
      return self.reason(block: ["Weave-Event: \(kind)", Self.ledger] + members)
    }
    #expect(reason(members: 1_000) == nil)
    #expect(reason(members: 1_001) == "it names 1001 commits, of at most 1000")
  }

  @Test func `has invalid UTF-8`() {
    #expect(reason(Array("s\n\n".utf8) + [0xFF] + Array("\n".utf8)) == "it is not UTF-8")
    #expect(reason(Array("s\n\n".utf8) + [0xC0, 0x80] + Array("\n".utf8)) == "it is not UTF-8")
  }

  @Test(arguments: ["\u{0}", "\r", "\u{1B}", "\u{7F}", "\u{B}", "\u{C}"])
  func `has a control byte`(byte: String) {
    #expect(reason(body: "a\(byte)b")?.hasPrefix("it holds the control byte 0x") == true)
    #expect(reason(body: "a\tb") == nil)
  }

  @Test func `has CRLF line ends`() {
    #expect(
      reason("s\r\n\r\n" + Self.block.joined(separator: "\r\n") + "\r\n") == "it holds the control byte 0xd")
  }

  @Test func `has an encoding header`() throws {
    let bytes = try EventFixtures.message().encoded()
    #expect(reason(bytes, hasEncodingHeader: true) == "its commit has an 'encoding' header")
  }

  @Test(arguments: ["---", "--- ", "---- x", "--- a/file"])
  func `has a body line that begins with dashes`(line: String) {
    #expect(reason(body: line)?.contains("the message's end") == true)
    #expect(reason(body: " \(line)") == nil)
    #expect(reason("\(line)\n\n" + Self.block.joined(separator: "\n") + "\n") != nil, "nor a subject")
  }

  @Test(arguments: [
    "# \(EventHostileTexts.scissors)", "; \(EventHostileTexts.scissors)", "-- >8 --", "x --8<--",
  ])
  func `has a body line that reads as scissors`(line: String) {
    #expect(reason(body: line)?.contains("the message's end") == true)
    #expect(reason(body: " \(line)") == nil)
  }

  @Test func `does not end in exactly one line feed`() {
    let text = "s\n\n" + Self.block.joined(separator: "\n")
    #expect(reason(text) == "it does not end in exactly one line feed")
    #expect(reason(text + "\n\n") == "it does not end in exactly one line feed")
    #expect(reason("") == "it does not end in exactly one line feed")
    #expect(reason("\n") == "it has no subject")
  }

  @Test func `has no subject, one of two lines, or no block`() {
    #expect(reason("\n" + Self.block.joined(separator: "\n") + "\n") == "it has no subject")
    #expect(reason("\n\n" + Self.block.joined(separator: "\n") + "\n") == "it has no subject")
    #expect(reason(" \n\n" + Self.block.joined(separator: "\n") + "\n") == "it has no subject")
    #expect(
      reason("s\nt\n\n" + Self.block.joined(separator: "\n") + "\n") == "its subject is more than one line")
    #expect(reason("s\n") == "it has no block of trailers")
    #expect(reason(Self.block.joined(separator: "\n") + "\n") == "it has no block of trailers")
  }

  @Test func `has its trailers in any paragraph but the last`() {
    #expect(reason("s\n\n" + Self.block.joined(separator: "\n") + "\n\nThanks.\n") != nil)
  }

  @Test(arguments: [
    "weave-event: link", "WEAVE-EVENT: link", "prose", " folded",
    "# comment",
    "(cherry picked from commit 1)", "Weave-Evidence", "",
  ])
  func `has a line in its block that is none of weave's trailers`(line: String) {
    #expect(reason(block: Self.block + [line, "Weave-Evidence: x"]) != nil)
  }

  @Test(arguments: [
    "Weave-Evidence:x", "Weave-Evidence:  x", "Weave-Evidence: x ", "Weave-Evidence: ", "Weave-Evidence:",
  ])
  func `has a value with other than one space before it`(line: String) {
    #expect(reason(block: Self.block + [line])?.hasSuffix("is not 'Weave-Evidence: ' and a value") == true)
  }

  @Test func `says twice, or not at all, what is said once`() {
    #expect(
      reason(block: ["Weave-Event: link"] + Self.block) == "it has 2 lines 'Weave-Event', where one belongs")
    #expect(reason(block: [Self.ledger] + Self.block) == "it has 2 lines 'Weave-Ledger', where one belongs")
    #expect(reason(block: Array(Self.block.dropFirst())) == "it has 0 lines 'Weave-Event', where one belongs")
    #expect(
      reason(block: ["Weave-Event: link", Self.one, Self.two])
        == "it has 0 lines 'Weave-Ledger', where one belongs")
    let withdrawal = ["Weave-Event: withdraw", Self.ledger]
    #expect(reason(block: withdrawal) == "it has 0 lines 'Weave-Withdraws', where one belongs")
    let line = "Weave-Withdraws: \(Self.id)"
    #expect(reason(block: withdrawal + [line]) == nil)
    #expect(
      reason(block: withdrawal + [line, line]) == "it has 2 lines 'Weave-Withdraws', where one belongs")
    let given = "Weave-Revokes: \(Self.id)"
    let revocation = ["Weave-Event: revoke", Self.ledger, Self.one, given]
    #expect(reason(block: revocation) == nil)
    #expect(reason(block: revocation + [given]) == "it has 2 lines 'Weave-Revokes', where one belongs")
  }

  @Test func `says what its kind does not say`() {
    #expect(reason(block: Self.block + ["Weave-Withdraws: \(Self.id)"]) == "a link has no 'Weave-Withdraws'")
    #expect(reason(block: Self.block + ["Weave-Revokes: \(Self.id)"]) == "a link has no 'Weave-Revokes'")
    let revocation = ["Weave-Event: revoke", Self.ledger, Self.one]
    #expect(
      reason(block: revocation + ["Weave-Withdraws: \(Self.id)"]) == "a revoke has no 'Weave-Withdraws'")
    let withdrawal = ["Weave-Event: withdraw", Self.ledger, "Weave-Withdraws: \(Self.id)"]
    #expect(reason(block: withdrawal + [Self.one]) == "a withdraw has no 'Weave-Member'")
    #expect(reason(block: withdrawal + ["Weave-Revokes: \(Self.id)"]) == "a withdraw has no 'Weave-Revokes'")
  }

  @Test func `has too few members`() {
    #expect(
      reason(block: ["Weave-Event: link", Self.ledger, Self.one]) == "a link of 1 commits, where 2 belong")
    #expect(reason(block: ["Weave-Event: revoke", Self.ledger]) == "a revoke of 0 commits, where 1 belong")
  }

  @Test func `has members out of order, or of one project`() {
    let head = ["Weave-Event: link", Self.ledger]
    #expect(reason(block: head + [Self.two, Self.one])?.hasPrefix("its members are not sorted") == true)
    #expect(reason(block: head + [Self.one, Self.one])?.hasPrefix("its members are not sorted") == true)
    let other = "Weave-Member: a \(EventFixtures.commit(2))"
    #expect(reason(block: head + [Self.one, other])?.hasPrefix("its members are not sorted") == true)
  }

  @Test(arguments: [
    "c", "c 0101", "c  0303030303030303030303030303030303030303",
    "c\t0303030303030303030303030303030303030303",
    "C 0303030303030303030303030303030303030303", "c ABABABABABABABABABABABABABABABABABABABAB",
    "c 0303030303030303030303030303030303030303 x", "../c 0303030303030303030303030303030303030303",
  ])
  func `has a member that is no project and commit`(member: String) {
    #expect(reason(block: Self.block + ["Weave-Member: \(member)"]) == "'\(member)' is no project and commit")
  }

  @Test(arguments: ["07ee", "HEAD", "07EEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEE"])
  func `names an event by other than its 40 lower-case digits`(id: String) {
    let head = ["Weave-Event: withdraw", Self.ledger]
    #expect(reason(block: head + ["Weave-Withdraws: \(id)"]) == "'\(id)' is no event's id")
  }

  @Test(arguments: ["joe", "5b/joe", "\(EventFixtures.ledger)/x"])
  func `names no ledger`(ledger: String) {
    #expect(
      reason(block: ["Weave-Event: link", "Weave-Ledger: \(ledger)", Self.one, Self.two])
        == "'\(ledger)' is no ledger")
  }
}
