import TestSupport
import Testing
import WeaveModel

@Suite("Stock Git")
struct EventGitTests {
  /// Settings that people have, and that a text must not be able to use.
  private static let configurations = [
    "",
    """
    [core]
      commentChar = ";"
    [trailer]
      separators = ":=#"
      where = start
      ifexists = replace
      ifmissing = doNothing
    [trailer "fixes"]
      key = "Fixes: "
    [trailer "sign"]
      key = "Signed-off-by: "
      command = "echo Eve"
    """,
    "[core]\n  commentChar = auto\n[trailer]\n  separators = \":%\"\n",
    "[core]\n  commentChar = x\n",
  ]

  private static func messages(_ count: Int) -> [EventMessage] {
    var generator = SeededGenerator(seed: 77)
    let each = EventHostileTexts.pieces.map { EventFixtures.message($0, evidence: ["https://ci.example/1"]) }
    return each + (0..<count).map { _ in EventHostileTexts.message(using: &generator) }
  }

  @Test(arguments: configurations)
  func `reads exactly the block that weave wrote, whatever the text`(config: String) throws {
    let messages = Self.messages(60)
    let bytes = try messages.map { try $0.encoded() }
    let expected = try messages.map { EventFixtures.trailers(of: try $0.normalized()) }
    let git = try EventStockGit()
    let interpreted = try git.interpretedTrailers(bytes, config: config)
    let logged = try git.loggedTrailers(bytes, config: config)
    try #require(interpreted.count == expected.count && logged.count == expected.count)
    for (index, message) in messages.enumerated() {
      #expect(interpreted[index] == expected[index], "of \(message.text.prefix(200).debugDescription)")
      #expect(logged[index] == expected[index], "of \(message.text.prefix(200).debugDescription)")
    }
  }

  @Test func `reads what weave reads, of messages that weave did not write`() throws {
    var generator = SeededGenerator(seed: 5)
    let blocks = EventFixtures.trailers(of: EventFixtures.message(evidence: ["x"]))
    let messages: [(bytes: [UInt8], read: EventMessage)] = (0..<1_500).compactMap { _ in
      var lines =
        ["link a b", ""] + EventHostileTexts.text(using: &generator).split(separator: "\n").map(String.init)
      if Bool.random(using: &generator) { lines.append("") }
      lines += [""] + blocks
      if Int.random(in: 0..<3, using: &generator) == 0 {
        let piece = EventHostileTexts.pieces.randomElement(using: &generator)!
        lines.insert(piece, at: Int.random(in: 1...lines.count, using: &generator))
      }
      let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
      return (try? EventMessage(parsing: bytes, hasEncodingHeader: false)).map { (bytes, $0) }
    }.filter { $0.read.newer == nil }
    let accepted = messages.prefix(150)
    #expect(accepted.count == 150)
    let interpreted = try EventStockGit().interpretedTrailers(accepted.map(\.bytes), config: "")
    for (message, trailers) in zip(accepted, interpreted) {
      #expect(Set(trailers) == Set(EventFixtures.trailers(of: message.read)))
    }
  }

  /// No message can prevent these: the settings rename weave's keys, or tell Git that `:` or `W` mean
  /// something else. Hence weave never asks Git, and the documented command sets the user's settings aside.
  @Test(arguments: [
    "[trailer]\n  separators = \"=\"\n", "[trailer]\n  separators = \"=:\"\n", "[core]\n  commentChar = W\n",
    "[trailer \"weave-event\"]\n  key = Signed-off-by\n", "[trailer \"weave-event-more\"]\n  key = Other\n",
  ])
  func `can be set to misread any block, and is right again without the user's settings`(config: String)
    throws
  {
    let message = EventFixtures.message("Signed-off-by: Eve\n\nprose", evidence: ["https://ci.example/1"])
    let expected = [EventFixtures.trailers(of: try message.normalized())]
    let git = try EventStockGit()
    #expect(try git.interpretedTrailers([message.encoded()], config: config) != expected)
    let without = "GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1"
    #expect(try git.interpretedTrailers([message.encoded()], config: config, before: without) == expected)
  }
}
