import TestSupport
import Testing

@testable import LabSupport

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

  @Test("no reason, proposal or check is wider, but for a command, which is one line to be pasted")
  func reasons() throws {
    try Lab.withTwoProjects { lab, _, _ in
      let because = "the kernel panics on boot and nobody has found out why it does that on these machines"
      try lab.constellation(
        Constellations.pair(", holds: [{ project: laurelin, at: v1, because: \(because) }]"))
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.revoke("telperion@main", "laurelin@main", because: because)
      let weave = weaveExecutable
      let shown = try lab.onTerminal(
        "stty cols 80; export NO_COLOR=1; '\(weave)' why laurelin; '\(weave)' why telperion; '\(weave)' propose; "
          + "'\(weave)' check telperion@main laurelin@main || '\(weave)' resolve")
      let lines = shown.split(whereSeparator: \.isNewline)
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(shown)")
      #expect(lines.count { $0.hasPrefix("  weave link ") && $0.hasSuffix(" -m TEXT") } == 2, "\(shown)")
      let words = lines.joined(separator: " ").replacing("   ", with: " ")
      #expect(words.contains("on 2023-11-14 22:13): \(because):"), "\(shown)")
    }
  }

  @Test("no command within a line is broken, whatever the words around it are")
  func hints() throws {
    try Lab.withTwoProjects { lab, _, _ in
      var script = "stty cols 80; export NO_COLOR=1"
      for length in 20...40 {
        let because = String(repeating: "x", count: length)
        for (name, because) in [("c\(length)", because), ("d\(length)", "`" + because)] {
          try lab.constellation(
            """
            constellation: \(name)
            projects: { telperion: {}, laurelin: {} }
            roles: { dns: { projects: [telperion, laurelin] } }
            machines:
              poweroff:
                roles: [dns]
                holds: [{ project: laurelin, at: v1, because: "\(because)", until: 2020-01-01 }]
            """)
          script += "; '\(weaveExecutable)' status -c \(name)"
        }
      }
      try lab.link("telperion@v1", "laurelin@v1")
      let lines = try lab.onTerminal(script).split(whereSeparator: \.isNewline)
      let commands = lines.filter { $0.contains("poweroff laurelin") }
      #expect(commands.count == 42, "\(lines)")
      #expect(commands.allSatisfy { $0.contains("`weave release poweroff laurelin`") }, "\(commands)")
    }
  }

  @Test("no verdict on a signature is wider, nor what is left out for trust")
  func signatures() throws {
    try Lab.withTwoProjects { lab, _, _ in
      try lab.allowSigners(["joe"])
      try lab.sign(as: "joe")
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.sign(as: "eve")
      try lab.link("telperion@main", "laurelin@main")
      try lab.constellation(Constellations.pair() + "\ntrust: { signers: [ci@example.org] }")
      let weave = weaveExecutable
      let shown = try lab.onTerminal(
        "stty cols 80; export NO_COLOR=1; '\(weave)' verify; '\(weave)' log --show-signature; '\(weave)' resolve; "
          + "'\(weave)' show \(lab.events()[0].prefix(8))")
      let lines = shown.split(whereSeparator: \.isNewline).filter { !$0.contains(" weave link ") }
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(shown)")
      #expect(lines.count { $0.contains("joe@example.org") } >= 2, "\(shown)")
    }
  }

  @Test("a command is not broken, however long")
  func longCommand() throws {
    let lab = try Lab()
    try lab.weave("init")
    let names = ["a", "b"].map { String(repeating: $0, count: 40) }
    for name in names { try lab.addProject(name) }
    try lab.weave("fetch")
    try lab.constellation(
      """
      constellation: long
      projects: { \(names[0]): {}, \(names[1]): {} }
      roles: { all: { projects: [\(names.joined(separator: ", "))] } }
      machines: { toto: { roles: [all] } }
      """)
    let shown = try lab.onTerminal("stty cols 80; '\(weaveExecutable)' resolve || true")
    let commands = shown.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("    weave link aaa") }
    #expect(commands.count == 1)
    #expect(commands.allSatisfy { $0.hasSuffix(" -m TEXT") }, "\(shown)")
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
