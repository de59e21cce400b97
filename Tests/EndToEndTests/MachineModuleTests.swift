import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// nixpkgs is not to be had without the network: a stub stands for its `lib` and `pkgs`, so that what the module sets is
/// evaluated, and how NixOS merges it is not.
@Suite(
  "Docs/examples/weave.nix has a NixOS machine carry what it runs",
  .enabled(if: Peer.nix.isInstalled, "nix is not installed (apt-get install nix-bin)"))
struct MachineModuleTests {
  let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.constellation(Constellations.hosts())
  }

  private static let module = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Docs/examples/weave.nix").standardizedFileURL.path

  /// What the module sets under `config`, for `settings` as the value of services.weave.
  private func configuration(_ settings: String) throws -> Configuration {
    let expression = """
      let
        types = { str = null; path = null; anything = null; either = a: b: null; attrsOf = a: null; nullOr = a: null; };
        lib = {
          inherit types;
          mkOption = option: option;
          mkEnableOption = text: { default = false; };
          mkIf = condition: value: if condition then value else { };
          # As nixpkgs has it.
          escapeShellArgs = arguments: builtins.concatStringsSep " " (map (argument:
            if builtins.match "[[:alnum:],._+:@%/-]+" argument != null then argument
            else "'" + builtins.replaceStrings [ "'" ] [ "'\\\\''" ] argument + "'") arguments);
        };
        pkgs = { git = "git"; openssh = "ssh"; gawk = "awk"; gnused = "sed"; coreutils = "core"; runtimeShell = "/bin/sh"; };
        module = import \(Self.module) {
          inherit lib pkgs;
          config = {
            networking.fqdnOrHostName = "toto.canon";
            services.weave = defaults // \(settings);
          };
        };
        defaults = builtins.mapAttrs (name: option: option.default or null) module.options.services.weave;
        config = module.config;
      in {
        etc = builtins.mapAttrs (name: file: file.text) config.environment.etc;
        assertions = map (a: a.assertion) config.assertions;
        scripts = map (unit: unit.script or "") (builtins.attrValues config.systemd.services);
        services = map (unit: unit.serviceConfig or { }) (builtins.attrValues config.systemd.services);
        users = config.users.users or { };
        timers = map (unit: unit.timerConfig.OnUnitActiveSec or "") (builtins.attrValues config.systemd.timers);
      }
      """
    let file = try lab.directory.write(expression, to: "evaluated.nix")
    let text = try lab.peer(
      "nix-instantiate", "--eval", "--strict", "--json", "--readonly-mode", file, in: lab.workspace)
    return try JSONDecoder().decode(Configuration.self, from: Data(text.utf8))
  }

  private struct Configuration: Decodable {
    let etc: [String: String]
    let assertions: [Bool]
    let scripts, timers: [String]
    let services: [[String: Setting]]
    let users: [String: User]

    struct User: Decodable {
      let isSystemUser: Bool
      let group, home: String
    }

    /// A value, as a unit has it.
    struct Setting: Decodable {
      let text: String

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let flag = try? value.decode(Bool.self) {
          text = flag ? "yes" : "no"
        } else if let number = try? value.decode(Int.self) {
          text = String(number)
        } else if let words = try? value.decode([String].self) {
          text = words.joined(separator: " ")
        } else {
          text = try value.decode(String.self)
        }
      }
    }
  }

  @Test("of a manifest that weave printed, which weave reads again")
  func manifest() throws {
    let path = try lab.directory.write(
      lab.weave("manifest", "--machine", "toto"), to: "manifest.json")
    let configuration = try configuration("{ enable = true; manifest = \(path); }")
    let carried = try #require(configuration.etc["weave/manifest.json"])
    try lab.weave("report", "--from", "-", input: carried)
    #expect(try lab.status(of: "toto.canon", constellation: "hosts").compliance == "in-sync")
    #expect(try lab.status(of: "dashy@toto.canon", constellation: "hosts").compliance == "in-sync")
    let lines = try #require(configuration.etc["weave/manifest.lines"])
    #expect(
      try lines == "laurelin \(lab.id("laurelin@v2"))\ntelperion \(lab.id("telperion@v2"))\n")
    #expect(configuration.assertions == [true])
  }

  @Test("of what a wrapper flake says of itself")
  func wrapper() throws {
    let id = String(repeating: "a", count: 40)
    let configuration = try configuration(
      "{ enable = true; manifest = { id = \"\(id)\"; revs = { narya = \"\(lab.id("narya@v1"))\"; }; }; }")
    let carried = try #require(configuration.etc["weave/manifest.json"])
    let result = try lab.run("report", "--from", "-", input: carried)
    #expect(result.stderr.contains("toto.canon: report 1, changed"))
    #expect(try configuration.etc["weave/manifest.lines"] == "narya \(lab.id("narya@v1"))\n")
  }

  @Test("reports only where it is told to whom")
  func url() throws {
    let manifest = #"manifest = { id = "a"; revs = { }; };"#
    #expect(try configuration("{ enable = true; \(manifest) }").scripts == [""])
    let told = try configuration(#"{ enable = true; url = "ssh://hub/x"; interval = "1h"; \#(manifest) }"#)
    #expect(
      told.scripts.first?.contains("weave-report ssh://hub/x toto.canon /etc/weave/manifest.lines") == true)
    #expect(told.timers == ["1h"])
  }

  @Test("another machine's manifest fails the build")
  func another() throws {
    let configuration = try configuration(
      #"{ enable = true; machine = "barge"; manifest = { schema = "weave.manifest/1"; machine = "toto"; projects = { }; }; }"#
    )
    #expect(configuration.assertions == [false])
  }

  @Test(
    "a manifest whose names and commits are none fails the build: they become lines of a file",
    arguments: [
      #"{ "a\nnarya" = { rev = "ID"; }; }"#, #"{ narya = { rev = "ID\nb ID"; }; }"#,
      #"{ narya = { rev = "ID dirty"; }; }"#,
      #"{ narya = { rev = ""; }; }"#, #"{ "" = { rev = "ID"; }; }"#, #"{ "-n" = { rev = "ID"; }; }"#,
      #"{ "${"$"}(id)" = { rev = "ID"; }; }"#,
    ])
  func hostile(projects: String) throws {
    let id = String(repeating: "a", count: 40)
    let configuration = try configuration(
      #"{ enable = true; manifest = { schema = "weave.manifest/1"; projects = \#(projects); }; }"#.replacing(
        "ID", with: id))
    #expect(configuration.assertions == [false])
  }

  @Test("reports as a user of its own, with what the unit for other systems has, setting by setting")
  func user() throws {
    let configuration = try configuration(
      #"{ enable = true; url = "ssh://hub/x"; manifest = { id = "a"; revs = { }; }; }"#)
    let user = try #require(configuration.users["weave-report"])
    #expect(user.isSystemUser && user.group == "weave-report" && user.home == "/var/lib/weave-report")
    var service = try #require(configuration.services.first).mapValues(\.text)
    #expect(service.removeValue(forKey: "Group") == "weave-report")
    #expect(service["User"] == "weave-report")
    var unit = try ReportUnitTests.service()
    for key in ["ExecStart", "EnvironmentFile"] { unit[key] = nil }
    #expect(service == unit)
  }

  @Test("no URL and no name of a machine is anything to the shell that starts the script")
  func quoted() throws {
    let url = #"/x'; touch pwned; '$(touch pwned) `touch pwned` %h ${HOME} \ * "#
    let literal = url.replacing("\\", with: #"\\"#).replacing("$", with: #"\$"#)
    let configuration = try configuration(
      "{ enable = true; url = \"\(literal)\"; machine = \"-n;id\"; manifest = { id = \"a\"; revs = { }; }; }")
    let script = try #require(configuration.scripts.first)
    // What is started only prints what it is given.
    try lab.directory.write("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", to: "words", executable: true)
    let words = "\(lab.directory.appending("words")) \(script.split(separator: " ", maxSplits: 3)[3])"
    let result = try runProcess(
      "sh", ["-c", words], in: lab.workspace, environment: lab.environment.variables)
    #expect(result.stdout == "\(url)\n-n;id\n/etc/weave/manifest.lines\n", "\(script)")
    #expect(!FileManager.default.fileExists(atPath: lab.workspace + "/pwned"))
  }
}
