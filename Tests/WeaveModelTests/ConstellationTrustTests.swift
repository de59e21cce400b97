import Testing
import WeaveModel

@Suite("trust: in a constellation") struct ConstellationTrustTests {
  private static let head = "constellation: x\nprojects: {alpha: {}}\n"

  @Test func `names whose signatures count, and how many it takes`() throws {
    let one = try Constellation(parsing: Self.head + "trust: {signers: [ci@example.org]}", file: "f")
    #expect(one.trust == Trust(signers: ["ci@example.org"], atLeast: 1))
    let two = try Constellation(
      parsing: Self.head + "trust: {signers: [ci@example.org, \"*@example.org\"], at-least: 2}", file: "f")
    #expect(two.trust == Trust(signers: ["ci@example.org", "*@example.org"], atLeast: 2))
    #expect(try Constellation(parsing: Self.head, file: "f").trust == nil)
  }

  @Test(arguments: [("", Trust.Locks.linked), (", locks: linked", .linked), (", locks: signed", .signed)])
  func `says which locks count, those of linked commits too or only signed ones`(
    words: String, locks: Trust.Locks
  ) throws {
    let constellation = try Constellation(parsing: Self.head + "trust: {signers: [a]\(words)}", file: "f")
    #expect(constellation.trust == Trust(signers: ["a"], locks: locks))
  }

  @Test(arguments: [
    ConstellationFault(
      "trust: {signers: [a], locks: sigend}",
      "f:3:30: 'locks' takes linked or signed, found 'sigend'; did you mean 'signed'?"),
    ConstellationFault("trust: {signers: [a], locks: [signed]}", "f:3:30: expected text, found a list"),
    ConstellationFault("trust: ci", "f:3:8: expected a mapping, found text"),
    ConstellationFault("trust: {}", "f:3:8: trust needs the key 'signers'"),
    ConstellationFault("trust: {signers: ci}", "f:3:18: expected a list, found text"),
    ConstellationFault("trust: {signers: []}", "f:3:18: trust needs one signer or more"),
    ConstellationFault("trust: {signers: ['']}", "f:3:19: the signer is empty"),
    ConstellationFault("trust: {signers: [a, a]}", "f:3:22: the signer 'a' is listed twice"),
    ConstellationFault(
      "trust: {signer: [a]}", "f:3:9: trust has no key 'signer'; did you mean 'signers'?"),
    ConstellationFault(
      "trust: {signers: [a], at-least: 2}",
      "f:3:33: 'at-least' takes a whole number from 1 to 1, the number of signers, found '2'"),
    ConstellationFault(
      "trust: {signers: [a, b], at-least: 0}",
      "f:3:36: 'at-least' takes a whole number from 1 to 2, the number of signers, found '0'"),
    ConstellationFault(
      "trust: {signers: [a, b], at-least: +1}",
      "f:3:36: 'at-least' takes a whole number from 1 to 2, the number of signers, found '+1'"),
    ConstellationFault(
      "trust: {signers: [a], at_least: 1}", "f:3:23: trust has no key 'at_least'; did you mean 'at-least'?"),
  ])
  func `anything else is refused at its place`(fault: ConstellationFault) {
    do {
      _ = try Constellation(parsing: Self.head + fault.text, file: "f")
      Issue.record("no error, not even: \(fault.error)")
    } catch {
      #expect(error.description == fault.error)
    }
  }

  private static let (both, one) = (["ci", "ann"], ["ann"])

  @Test(arguments: [
    (Trust(signers: one), Trust(signers: both)), (Trust(signers: both, atLeast: 2), Trust(signers: both)),
    (Trust(signers: one, locks: .signed), Trust(signers: one)), (Trust(signers: one), nil),
    (Trust(signers: one, atLeast: 1, locks: .signed), Trust(signers: both)),
  ])
  func `with a signer less, more of them needed, or signed locks is stronger`(
    stronger: Trust, weaker: Trust?
  ) {
    #expect(Trust.isNoWeaker(stronger, than: weaker) && Trust.isNoWeaker(stronger, than: stronger))
    #expect(!Trust.isNoWeaker(weaker, than: stronger))
  }

  @Test(arguments: [
    (Trust(signers: one), Trust(signers: both, atLeast: 2)), (Trust(signers: one), Trust(signers: ["ci"])),
    (Trust(signers: one), Trust(signers: both, locks: .signed)),
    (Trust(signers: both, locks: .signed), Trust(signers: one)),
    (Trust(signers: both, atLeast: 2), Trust(signers: both, locks: .signed)),
    (Trust(signers: ["e\u{301}"]), Trust(signers: ["\u{e9}"])),
  ])
  func `that lets through one thing that the other does not is weaker, whatever else it asks for`(
    trust: Trust, former: Trust
  ) {
    #expect(!Trust.isNoWeaker(trust, than: former))
  }
}
