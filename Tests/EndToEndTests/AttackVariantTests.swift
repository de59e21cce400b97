import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What a hub says to weave-report, in other places and spellings")
struct AttackVariantHubTests {
  private let eve: HostileHub

  init() throws { eve = try HostileHub() }

  @Test(
    "arithmetic, a subscript or a pattern in the number runs nothing and becomes nothing",
    arguments: ReportShell.installed)
  func numbers(shell: ReportShell) throws {
    // bash and mksh evaluate most; the others get some of them.
    let step = shell == .bash || shell == .mksh ? 1 : 7
    let numbers = [
      "HOME[$(touch pawn)0]", "x[\u{11D46}$(touch pawn)]", "7[`touch pawn`]", "SECONDS", "LINENO",
      "7,x=$(touch pawn)",
      "7?8:9", "7\u{0}8", "7 #", "7\t", "\t7", "0b11", "0X7", "16#f", "07", "00", "7.0", "7e0", "7E", "7_000",
      "7L", "~7",
      "!7", "(7)", "7++", "7**9", "-7", "--", "%n", "%s%s%s", "%1$n", "\\067", "\\x37", "$'7'", "[[:digit:]]",
      "?", "7*",
      "\u{FF17}", "\u{7}7", "7\u{E0037}", "7\u{20E3}", "7\u{FE0F}\u{20E3}", "7 7", "7;8", "7&8", "7|8",
      "7\u{85}", "7\u{2028}8",
      "100000000000000000000000000000000007", "٧",
    ]
    for number in stride(from: 0, to: numbers.count, by: step).map({ numbers[$0] }) {
      try eve.plant(HostileHub.message(number))
      try eve.expectRefusal("is no report", "\(shell.rawValue), \(number.debugDescription)") {
        try eve.report(by: shell)
      }
    }
  }

  @Test(
    "another line, another field and another ref with commands run nothing", arguments: ReportShell.installed)
  func places(shell: ReportShell) throws {
    let evil = "a[$(touch pawn)]`touch pawn`"
    for (message, header) in [
      ("\(evil)\n\nWeave-Machine: toto\nWeave-Sequence: 41\n", "x-\(evil) \(evil)\n"),
      (
        "observed toto\n\n%s%n \(evil) * ?\n\nWeave-Machine: toto\nWeave-Sequence: 41\n",
        "gpgsig \(evil)\n Weave-Sequence: \(evil)\n"
      ),
      (
        "observed toto\n\nWeave-Machine: toto\nWeave-Constellation: \(evil)\nWeave-Sequence: 41\n",
        "encoding \(evil)\n"
      ),
      (
        "observed toto\n\nWeave-Machine: \(evil)\n\nWeave-Machine: toto\nWeave-Sequence: 41\n",
        "mergetag \(evil)\n"
      ),
    ] {
      try eve.plant(message, header: header)
      #expect(try eve.numberAfterReport(by: shell) == "42", "\(shell.rawValue), \(message)")
      try eve.expectNothingRan("\(shell.rawValue), \(message)")
    }
    let tip = try eve.plant(HostileHub.message("41"))
    for ref in [
      "refs/heads/$(touch${IFS}pawn)", "refs/heads/`touch${IFS}pawn`",
      "refs/heads/refs/weave/public/observed/toto",
      "refs/heads/'$(touch${IFS}pawn)'", "refs/weave/public/observed/toto2",
      "refs/weave/public/observed/x;touch${IFS}pawn",
      "refs/tags/refs/weave/public/observed/toto", "refs/remotes/%n%s",
    ] { try eve.hub.git("update-ref", ref, tip) }
    #expect(try eve.numberAfterReport(by: shell) == "42", "\(shell.rawValue)")
    try eve.expectNothingRan(shell.rawValue)
  }

  @Test("a machine, a project or a URL with commands runs nothing", arguments: ReportShell.installed)
  func words(shell: ReportShell) throws {
    try eve.plant(HostileHub.message("41"))
    let evil = "a[$(touch${IFS}pawn)]`touch${IFS}pawn`"
    for (lines, machine, url) in [
      ("\(evil) \(String(repeating: "1", count: 40))\n", "toto", nil), ("narya \(evil)\n", "toto", nil),
      ("narya a[$(touch) pawn)]\n", "toto", nil), ("* *\n", "toto", nil),
      (HostileHub.lines, "toto", "ext::touch pawn"), (HostileHub.lines, "toto", "--upload-pack=touch pawn"),
      (HostileHub.lines, "toto", "-oProxyCommand=touch pawn"),
      (HostileHub.lines, "toto", "ssh://-oProxyCommand=touch%20pawn/x"),
      (HostileHub.lines, "toto", evil),
    ] {
      let result = try eve.report(by: shell, to: url, lines, machine: machine)
      #expect(result.status == 1, "\(shell.rawValue), \(lines), \(url ?? "")")
      try eve.expectNothingRan("\(shell.rawValue), \(lines), \(url ?? "")")
    }
    let result = try eve.report(by: shell, machine: evil)
    #expect(result.status == 0, "\(shell.rawValue): \(result.stderr)")
    try eve.expectNothingRan(shell.rawValue)
  }
}

@Suite("An address that hides an option or a command")
struct AttackVariantAddressTests {
  private static let addresses = [
    "root@-oProxyCommand=touch PAWN", "host -oProxyCommand=touch${IFS}PAWN", "-Fconfig", "a@b@-Fx",
    "host\t-Fx", "host\n-Fx",
    "\u{11D46}-Fx@-Fx", "ssh://host -Fx", "[::1]-Fx", "::1%$(touch PAWN)", "host:22;touch PAWN", "host:-1",
    "`touch${IFS}PAWN`",
    "$(touch${IFS}PAWN)", "{{ lookup('pipe','touch PAWN') }}", "{\u{34F}{ x }}", "host,-Fx", "host\u{200D}",
    "ｈost", "host|id",
    "host>PAWN", "root;id@host", "$HOME@host", "%h", "host%PAWN", "host'", "\"host", "host\\", "host!x",
    "host\u{3000}-Fx",
  ]

  private static func document(machine: String = "toto", address: String? = nil, alias: String? = nil) throws
    -> String
  {
    var toto: [String: Any] = ["roles": ["dns"]]
    if let address { toto["address"] = address }
    if let alias { toto["aliases"] = [alias] }
    let object: [String: Any] = [
      "constellation": "ring", "priority": ["telperion", "laurelin"],
      "projects": ["telperion": [String: Any](), "laurelin": [:]],
      "roles": ["dns": ["projects": ["telperion", "laurelin"]]], "machines": [machine: toto],
      "probe": ["command": ["printf", "%s\\n", "{address}", "{machine}"]],
    ]
    return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  @Test("is refused in every format, by the commands that reach machines, and when it is stored")
  func refused() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      for address in Self.addresses {
        let text = try Self.document(address: address)
        for arguments in [
          ["resolve", "-c", "-", "--format", "ansible"], ["constellation", "add", "-"], ["probe", "-c", "-"],
        ] {
          let result = try lab.run(arguments, input: text)
          #expect(
            result.status == 1 && result.stdout.isEmpty,
            "\(arguments) \(address.debugDescription): \(result.stdout)")
        }
      }
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/PAWN"))
    }
  }

  @Test("is refused where it comes as a machine's name, and where a machine says that it is called so")
  func names() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      let id = try lab.id("telperion@v1")
      for name in Self.addresses {
        let text = try Self.document(machine: name)
        for arguments in [["resolve", "-c", "-", "--format", "ansible"], ["probe", "-c", "-"]] {
          let result = try lab.run(arguments, input: text)
          #expect(result.status != 0, "\(arguments) \(name.debugDescription): \(result.stdout)")
        }
        if name.utf8.first == UInt8(ascii: "-") || name.contains("@-") || name.contains(" ") {
          let result = try lab.run(["report", "--machine=\(name)", "telperion=\(id)"])
          #expect(result.status == 1, "\(name.debugDescription): \(result.stdout)")
        }
      }
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/PAWN"))
    }
  }

  @Test("as an alias is asked for by that alias, and never handed on")
  func aliases() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      for alias in ["host,-Fx", "[::1]-Fx", "$(touch${IFS}PAWN)", "host%PAWN"] {
        let result = try lab.run("probe", "-c", "-", "--", alias, input: try Self.document(alias: alias))
        let said = result.stdout + result.stderr
        #expect(!said.contains("-Fx") && !said.contains("PAWN"), "\(said)")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/PAWN"))
    }
  }

  @Test(
    "put into a stored constellation by stock Git is given to nobody",
    arguments: ["inventory", "template", "probe", "allowed probe"])
  func stored(by way: String) throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      let good = try Self.document(address: "10.9.8.7")
      try lab.weave("constellation", "add", "-", input: good)
      if way == "allowed probe" { _ = try lab.run("probe", "--allow") }
      try lab.constellationByHand(Self.document(address: "eve@-oProxyCommand=touch PAWN"), as: "ring")
      let template = try lab.directory.write("{{#machines}}{{shell(address)}}{{/machines}}", to: "t.mustache")
      let arguments =
        switch way {
        case "inventory": ["resolve", "--format", "ansible"]
        case "template": ["resolve", "--template", template]
        default: ["probe", "-c", "ring"]
        }
      let result = try lab.run(arguments)
      #expect(
        result.status == 1 && !result.stdout.contains("ProxyCommand"), "\(result.stdout)\(result.stderr)")
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/PAWN"))
    }
  }
}

@Suite("A file that is called as a constellation is")
struct AttackVariantFileTests {
  private static let probe = """
    constellation: x
    projects: { telperion: {} }
    roles: { r: { projects: [telperion] } }
    machines: { toto: { roles: [r] } }
    probe: { command: [touch, PAWN] }
    """

  @Test(
    "is not read by any command that takes -c",
    arguments: ["canon", "canon.v2", ".canon", "canon.yaml.bak", "canon.toml", "ca non", "canon."])
  func file(name: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let directory = "\(lab.workspace)/folder"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try Data(Self.probe.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
      for arguments in [
        ["probe"], ["lock"], ["lock", "--show"], ["resolve"], ["sha", "telperion", "--machine", "toto"],
        ["status"],
        ["manifest", "--machine", "toto"], ["why", "telperion"], ["graph"], ["export", "--format", "west"],
        ["propose"],
        ["checkout", "../out"], ["set", "made"], ["hold", "toto", "telperion@v1", "-m", "x"],
      ] {
        let result = try lab.run(arguments + ["-c", name], in: directory)
        #expect(result.status == 1 && result.stdout.isEmpty, "\(arguments): \(result.stdout)")
        #expect(
          result.stderr.contains("no constellation is called '\(name)'"), "\(arguments): \(result.stderr)")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(directory)/PAWN"))
    }
  }

  @Test(
    "with an ending in it is no name to store, so that -c never means two",
    arguments: ["x.yaml", "x.YAML", "x.Yml", "x.json", "a/b"])
  func ending(name: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let text = Self.probe.replacing("constellation: x", with: "constellation: \(name)")
      let result = try lab.run("constellation", "add", "-", input: text)
      #expect(result.status == 1, "\(name): \(result.stdout)\(result.stderr)")
    }
  }

  @Test("is not read where the store has one of that name that asks otherwise")
  func both() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave(
        "constellation", "add", "-",
        input: Self.probe.replacing("touch, PAWN", with: "echo, x").replacing(": x", with: ": canon"))
      try Data(Self.probe.utf8).write(to: URL(fileURLWithPath: "\(lab.workspace)/canon"))
      let shown = try lab.run("probe", "-c", "canon")
      #expect(shown.status == 1 && !(shown.stdout + shown.stderr).contains("PAWN"), "\(shown.stderr)")
      _ = try lab.run("probe", "-c", "canon", "--allow")
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/PAWN"))
    }
  }
}
