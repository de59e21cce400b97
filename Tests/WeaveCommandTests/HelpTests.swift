import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("usage, help and version", .inProcess)
struct HelpTests {
  let lab: Lab

  init() throws { lab = try Lab() }

  @Test(
    "help is printed without a store, and ends with 0",
    arguments: [
      ["--help"], ["-h"], ["help"], ["help", "resolve"], ["constellation", "--help"],
      ["constellation", "add", "--help"],
      ["link", "--help"], ["status", "-h"],
    ])
  func help(arguments: [String]) throws {
    let result = try lab.run(arguments)
    #expect(result.status == 0)
    #expect(result.stdout.contains("USAGE: weave"))
    #expect(result.stderr == "")
  }

  @Test("the version is printed without a store, and ends with 0")
  func version() throws {
    let result = try lab.run(["--version"])
    #expect(result.status == 0)
    #expect(result.stdout.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test(
    "every subcommand has help",
    arguments: [
      "init", "project", "fetch", "link", "revoke", "withdraw", "reinstate", "links", "show", "log",
      "verify", "relink", "graph", "bisect",
      "constellation",
      "resolve", "why", "propose", "check", "what-if", "sha", "manifest", "lock", "report", "probe", "status",
      "fsck", "upgrade", "hook",
    ])
  func subcommand(name: String) throws {
    let result = try lab.run([name, "--help"])
    #expect(result.status == 0)
    #expect(result.stdout.contains("USAGE: weave \(name)"))
  }

  @Test(
    "a wrong usage ends with 1 and says so on standard error",
    arguments: [
      ["frob"], ["status", "--nope"], ["resolve", "extra"], ["constellation", "add"],
      ["revoke", "telperion@v1"], ["status", "--exit-code"], ["lock", "--list", "--show"], ["lock", "abc"],
      ["sha"],
      ["probe", "--timeout", "0s"], ["probe", "-j", "0"], ["report"], ["report", "--from", "-", "a=b"],
      ["link"], ["status", "-c"],
      ["link", "--snapshot", "telperion@v1"],
      ["relink", "--dry-run", "--yes"],
      ["resolve", "--format", "template"], ["resolve", "--format", "env", "--json"],
      ["resolve", "--host", "toto"], ["resolve", "--list"], ["resolve", "--root", "telperion"],
      ["lock", "--format", "env"], ["lock", "--show", "abcd", "--format", "prometheus"],
      ["lock", "--list", "--show", "--format", "env"],
    ])
  func usage(arguments: [String]) throws {
    let result = try lab.run(arguments)
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(result.stderr.hasPrefix("error: "), "\(result.stderr)")
  }

  @Test("output has no colour where there is no terminal")
  func colour() throws {
    let lab = try Lab.filled()
    for arguments in [
      ["status"], ["status", "-c", "emerald-city"], ["resolve"], ["fetch"], ["project", "list"],
    ] {
      let result = try lab.run(arguments)
      #expect(!(result.stdout + result.stderr).contains("\u{1b}"))
    }
  }
}
