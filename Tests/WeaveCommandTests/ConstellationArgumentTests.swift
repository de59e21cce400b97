import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What -c takes", .inProcess)
struct ConstellationArgumentTests {
  let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
  }

  @Test("a bare word is no file, also where one of that name is there and asks to be run")
  func bareWord() throws {
    let text = Constellations.emeraldCity + "\nprobe: { command: [touch, pwned] }"
    try lab.directory.write(text, to: "workspace/canon")
    for arguments in [["probe"], ["resolve"], ["status"], ["lock"]] {
      let error = try lab.refusal(arguments + ["-c", "canon"])
      #expect(error.contains("error: no constellation is called 'canon'"), "\(error)")
      #expect(error.contains("hint: the file of that name is `./canon`"), "\(error)")
    }
    #expect(!FileManager.default.fileExists(atPath: lab.workspace + "/pwned"))
    #expect(try lab.run("resolve", "-c", "./canon").status == 0)
  }

  @Test(
    "a word with a slash, or with the ending of a file, is one",
    arguments: ["./canon", "canon.yaml", "canon.yml", "canon.json", "below/canon"])
  func file(argument: String) throws {
    try lab.directory.write(Constellations.emeraldCity, to: "workspace/\(argument)")
    #expect(try lab.run("resolve", "-c", argument).status == 0)
    // Nobody else's, of that name, takes its place.
    try lab.constellationByHand(
      "machines: [", as: argument.replacing("./", with: "%2E%2F").replacing("/", with: "%2F"))
    #expect(try lab.run("resolve", "-c", argument).status == 0)
  }

  @Test("a file that is not there is an error that names it")
  func noFile() throws {
    #expect(try lab.refusal(["resolve", "-c", "canon.yaml"]).contains("no file 'canon.yaml' is there"))
  }
}

@Suite("constellation show", .inProcess)
struct ConstellationShowTests {
  @Test("shows what nobody sees as escapes, says how many, and --raw gives the bytes")
  func escapes() throws {
    let lab = try Lab.threeProjects()
    let text = Constellations.emeraldCity + "\n# \u{9B}2J \u{202E}\u{1B}[31m\r\n\n"
    try lab.constellationByHand(text, as: "emerald-city")
    let shown = try lab.run("constellation", "show", "emerald-city")
    #expect(shown.stdout.hasSuffix("# \\U0000009b2J \\U0000202e\\U0000001b[31m\r\n\n"), "\(shown.stdout)")
    #expect(shown.stderr.contains("note: 3 control or format characters shown as"), "\(shown.stderr)")
    #expect(shown.stderr.contains("--raw"), "\(shown.stderr)")
    let raw = try lab.run("constellation", "show", "--raw", "emerald-city")
    #expect(raw.stdoutBytes == Array(text.utf8))
    #expect(raw.stderr == "")
  }

  @Test(
    "says how many combining marks beyond thirty are shown as U+FFFD, and counts none that the text has",
    arguments: [[], ["--json"]])
  func marks(option: [String]) throws {
    let lab = try Lab.threeProjects()
    let marks = String(repeating: "\u{301}", count: 33)
    try lab.constellationByHand(Constellations.emeraldCity + "# e\(marks) \u{FFFD}\n", as: "emerald-city")
    let shown = try lab.run(["constellation", "show", "emerald-city"] + option)
    #expect(shown.status == 0)
    #expect(shown.stderr == "note: 3 characters shown as U+FFFD; --raw prints the text as it is\n")
    try lab.constellationByHand(Constellations.emeraldCity + "# e\u{FFFD}\n", as: "emerald-city")
    #expect(try lab.run(["constellation", "show", "emerald-city"] + option).stderr == "")
  }
}

@Suite("Names that look like others", .inProcess)
struct LookAlikeWarningTests {
  @Test("are warned of when a constellation is stored, with the code points that differ")
  func constellation() throws {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    let text = Constellations.emeraldCity.replacing("emerald-city", with: "emerald-c\u{456}ty")
      .replacing("dns", with: "d\u{578}s").replacing("toto", with: "t\u{43E}to")
    let added = try lab.run(["constellation", "add", "-"], input: text)
    #expect(added.status == 0)
    for warning in [
      "warning: the constellation 'emerald-c\u{456}ty' looks like 'emerald-city': it has U+0456 for U+0069",
      "warning: the role 'd\u{578}s' looks like 'dns': it has U+0578 for U+006E",
      "warning: the machine 't\u{43E}to' looks like 'toto': it has U+043E for U+006F",
    ] {
      #expect(added.stderr.contains(warning), "\(added.stderr)")
    }
    #expect(added.stderr.split(separator: "\n").count { $0.hasPrefix("warning:") } == 3, "\(added.stderr)")
  }

  @Test("are not warned of where one name is stored again")
  func again() throws {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    #expect(
      try !lab.run(["constellation", "add", "-"], input: Constellations.emeraldCity).stderr.contains(
        "looks like"))
  }

  @Test("are warned of when a machine reports for the first time")
  func report() throws {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    let entry = "telperion=\(try lab.id("telperion@v1"))"
    let first = try lab.run("report", "--machine", "t0to", entry)
    #expect(
      first.stderr.contains("warning: the machine 't0to' looks like 'toto': it has U+0030 for U+006F"),
      "\(first.stderr)")
    #expect(try !lab.run("report", "--machine", "t0to", entry).stderr.contains("looks like"))
    #expect(try !lab.run("report", "--machine", "toto", entry).stderr.contains("looks like"))
  }

  @Test("are not warned of by a pull, which brings what others were warned of")
  func pulled() throws {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.share()
    let bob = try lab.colleague("bob")
    let text = Constellations.emeraldCity.replacing("emerald-city", with: "emerald-c\u{456}ty")
    try bob.weave("constellation", "add", "-", input: text)
    try bob.weave("report", "--machine", "t0to", "telperion=\(lab.id("telperion@v1"))")
    try bob.weave("push")
    let pull = try lab.run("pull")
    #expect(pull.status == 0 && !pull.stderr.contains("looks like"), "\(pull.stderr)")
    #expect(lab.store.resolve("refs/weave/public/observed/t0to") != nil)
  }

  @Test(
    "that are one name in another spelling are recorded in the constellation's",
    arguments: ["J\u{E9}", "Je\u{301}"])
  func spelling(name: String) throws {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.emeraldCity.replacing("toto", with: "J\u{E9}"))
    try lab.weave("report", "--machine", name, "telperion=\(try lab.id("telperion@v1"))")
    #expect(try lab.store.git("for-each-ref", "refs/weave/public/observed").split(separator: "\n").count == 1)
    #expect(lab.store.resolve("refs/weave/public/observed/%4A%C3%A9") != nil)
  }
}
