import TestSupport
import Testing

@Suite(
  "A terminal of 80 columns",
  .enabled(if: hasTerminals, "no `script` of util-linux is here, or no terminal to give"))
struct NarrowTerminalTests {
  @Test(
    "no line of a status is wider, and how far each project drifts is seen, whatever the machines are called")
  func status() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin in
      let name = "a-machine-with-quite-a-long-name.emerald.city.example.org"
      try lab.directory.write(
        """
        constellation: wide
        projects: { telperion: {}, laurelin: {} }
        roles: { dns: { projects: [telperion, laurelin] } }
        machines: { \(name): { roles: [dns] } }
        """, to: "workspace/c.yaml")
      try lab.weave("link", "telperion@main", "laurelin@main", "-m", "works")
      try lab.weave("constellation", "add", "c.yaml")
      try lab.weave("report", "--machine", name, "telperion=\(telperion.one)", "laurelin=\(laurelin.two)")
      let shown = try lab.onTerminal(
        "stty cols 80; export NO_COLOR=1; '\(weaveExecutable)' status -c wide; '\(weaveExecutable)' log")
      let lines = shown.split(whereSeparator: \.isNewline)
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(shown)")
      #expect(lines.contains { $0.contains("behind -1") })
      #expect(lines.contains { $0.hasSuffix("same") })
      #expect(lines.contains { $0.contains("a-machine-") && $0.contains("…") })
    }
  }

  @Test("a note breaks between words")
  func note() throws {
    try Lab.withTwoProjects { lab, _, _ in
      try lab.branchOff("telperion", "side")
      let shown = try lab.onTerminal(
        "stty cols 80; export NO_COLOR=1; '\(weaveExecutable)' link telperion@side laurelin@main -m works")
      let lines = shown.split(whereSeparator: \.isNewline)
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(shown)")
      #expect(
        lines.joined(separator: " ").replacing("   ", with: " ").contains(
          "push it there, then `weave fetch telperion`"))
    }
  }
}
