import TestSupport

/// A lab whose `pair` trusts ci, who linked the commits `v1`; anybody linked the commits `v2`. Bob changes that.
struct ConsentLab {
  let lab: Lab
  let hub: TestRepository
  let bob: Colleague

  init() throws {
    lab = try Lab.withSignedLink()
    try lab.constellation(Constellations.trusting())
    hub = try lab.share()
    bob = try lab.colleague("bob")
  }
}

/// Tests of what changes with a yes.
protocol ConsentSuite {
  var consent: ConsentLab { get }
}

extension ConsentSuite {
  var lab: Lab { consent.lab }
  var hub: TestRepository { consent.hub }
  var bob: Colleague { consent.bob }

  /// Has bob store the constellation and push it.
  func bobStores(_ text: String) throws {
    try bob.weave("constellation", "add", "-", input: text)
    try bob.weave("push")
  }

  @discardableResult
  func pull(_ options: String...) throws -> ProcessResult { try lab.run(["pull"] + options) }

  /// What `pair` resolves to, as the tag.
  func resolved() throws -> String {
    let id = try lab.weave("resolve", "-c", "pair", "--machine", "toto", "--project", "telperion")
    return try ["v1", "v2"].first { try lab.id("telperion@\($0)") == id } ?? id
  }
}

extension Constellations {
  /// `pair` with such trust, and what follows it.
  static func trusting(
    _ signers: String? = "[ci@example.org]", probe: String = "", toto: String = ", address: ody.example"
  ) -> String {
    pair(toto) + "\n" + (signers.map { "trust: { signers: \($0) }\n" } ?? "") + probe
  }
}
