import Foundation
import TestSupport
import Testing

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
    try lab.constellation(ManifestTests.constellation())
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
          escapeShellArgs = builtins.concatStringsSep " ";
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
}
