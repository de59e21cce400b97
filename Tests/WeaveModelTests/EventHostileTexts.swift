import TestSupport
import WeaveModel

/// Texts that people paste and attackers write, to stand between a subject and a block of trailers.
enum EventHostileTexts {
  static let scissors = "------------------------ >8 ------------------------"

  /// What a text is put together from. None holds a byte that cannot be written.
  static let pieces: [String] = [
    "Deployed on toto, DNS answers after a reboot.", "", "", "\n", "\n\n\n", "   ", "\t", " indented",
    "\tindented",
    "---", "--- ", "---\n a/file | 2 +-", "--- a/file\n+++ b/file\n@@ -1 +1 @@\n-old\n+new",
    "diff --git a/x b/x\nindex 1..2\n--- a/x", "# \(scissors)", "; \(scissors)", "\(scissors)",
    "x \(scissors)",
    "//\(scissors)", "-- >8 --", "--8<--", "-- %< --", "# ---- >8", "8<", ">8", "#", "# a comment",
    "; a comment",
    "Weave-Event: revoke", "weave-event: withdraw", "WEAVE-EVENT : link", "Weave-Event=revoke",
    "Weave-Member: narya \(String(repeating: "a", count: 40))", "Weave-Evidence: folded\n over\n\tlines",
    "Signed-off-by: Eve <eve@example.org>", "Signed-off-by:", "(cherry picked from commit 1234567)",
    "Reviewed-by: Eve\nAcked-by: Eve", "Fixes = 12", "Bug #42", "Fixes: a\nprose",
    "prose\nSigned-off-by: Eve",
    "Conflicts:\n\ta/file", "Conflicts:", "line\r\nline\r\n", "Weave-Event: revoke\r\n\r\n",
    "trailing   \nblanks\t",
    "é", "e\u{301}", "\u{202E}override", "\u{2028}", "\u{85}", "日本語", "👩‍👩‍👧", "%(trailers)", "$(id)", "\\", "\"",
    ": no key", "=", "key:", "-: x", "From: Eve", "commit 1234567", "tree 4b825dc",
    "\u{FEFF}Weave-Event: revoke",
    String(repeating: "long ", count: 400), String(repeating: "x", count: 9_000),
  ]

  static func text(using generator: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...7, using: &generator)).map { _ in
      pieces.randomElement(using: &generator)! + ["", "\n", "\n", "\n\n", "\r\n"].randomElement(
        using: &generator)!
    }.joined()
  }

  static func message(using generator: inout SeededGenerator) -> EventMessage {
    let sets = ["a1 b2", "a1 b2 c3", "laurelin1 narya2 telperion3 vilya4 nenya5 nixpkgs6"]
    let set = EventFixtures.set(sets.randomElement(using: &generator)!)
    let claims: [Claim] = [
      .link(set), .revoke(set, given: nil), .revoke(set, given: EventFixtures.event(7)),
      .revoke(EventFixtures.set("a1"), given: nil), .withdraw(EventFixtures.event(9)),
    ]
    let evidence = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      [
        "https://ci.example/412", "  blanks around\t", "Weave-Event: revoke", "# \(scissors)", "--- a", "a=b",
        "é",
        "(cherry picked from commit 1)", ": ", "x\ty",
      ].randomElement(using: &generator)!
    }
    return EventFixtures.message(
      text(using: &generator), evidence: evidence, claim: claims.randomElement(using: &generator)!)
  }
}
