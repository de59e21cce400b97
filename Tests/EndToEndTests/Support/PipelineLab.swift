import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// What Docs/pipelines.md takes for granted: two projects and a hub at the URLs of the page, Ada's workspace, and two
/// machines behind a stub for ssh, on which the projects are checked out at `v1`. The lock wants `v2` of both.
struct PipelineLab {
  private(set) var lab: Lab
  let page: PipelinePage
  /// Where the page's commands are typed: it has what the page says is there.
  let directory: String

  static let hub = "ssh://git@git.example.org/lab/weave.git"

  init() throws {
    let page = try PipelinePage()
    // Not in memory: its scripts are run.
    var lab = Lab(in: try TemporaryDirectory())
    let place = lab.directory
    try FileManager.default.createDirectory(atPath: lab.workspace, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: place.appending("home"), withIntermediateDirectories: true)
    directory = try lab.scratch("pipeline")
    lab.environment = try Self.environment(of: lab)
    self.lab = lab
    self.page = page
    try place.write(page.file("deploy", in: "What there is"), to: "pipeline/deploy", executable: true)
    try makeProjects()
    _ = try lab.bare()
    try lab.weave("init")
    for project in ["telperion", "laurelin"] {
      try lab.weave("project", "add", project, "https://git.example.org/lab/\(project).git")
    }
    try lab.weave("fetch")
    try lab.constellation(page.file("emerald-city.yaml", in: "What there is"))
    for version in ["v1", "v2"] {
      try lab.link("telperion@\(version)", "laurelin@\(version)")
      try lab.weave("lock")
    }
    try lab.weave("remote", "add", "origin", Self.hub)
    try lab.weave("push")
    let policy = try lab.weave("policy").split(separator: "\n").last?.split(separator: " ").last
    self.lab.environment = lab.environment.with(["WEAVE_POLICY": policy.map { String($0) }])
    try makeMachines()
    try Stub.ssh.write(in: place)
  }

  /// The page's URLs lead to the lab's repositories, `weave` is in the PATH, and Nix and Terraform stay at home.
  private static func environment(of lab: Lab) throws -> TestEnvironment {
    let place = lab.directory
    var configuration = "[protocol \"file\"]\n\tallow = always\n"
    for (url, path) in [
      (hub, "hub.git"), ("https://git.example.org/lab/telperion.git", "sources/telperion/.git"),
      ("https://git.example.org/lab/laurelin.git", "sources/laurelin/.git"),
    ] {
      configuration += "[url \"file://\(place.appending(path))\"]\n\tinsteadOf = \(url)\n"
    }
    try FileManager.default.createDirectory(
      atPath: place.appending("bin"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: place.appending("bin/weave"), withDestinationPath: weaveExecutable)
    return lab.environment.with([
      "PATH": "\(place.appending("bin")):\(lab.environment.variables["PATH"] ?? "")",
      "GIT_CONFIG_GLOBAL": try place.write(configuration, to: "gitconfig"),
      "LC_ALL": "C.UTF-8",
      "NIX_REMOTE": "local?root=\(place.appending("nix"))",
      "NIX_CONFIG": """
      experimental-features = nix-command flakes
      sandbox = false
      substituters =
      flake-registry = \(place.appending("registry.json"))
      """,
      "CHECKPOINT_DISABLE": "1",
      // Ansible reaches every machine as it reaches this one.
      "ANSIBLE_TRANSPORT": "local",
      "ANSIBLE_PYTHON_INTERPRETER": python,
    ])
  }

  /// The Python that runs here: what is called python3 may be a script that looks for it.
  private static let python: String? = try? runProcess(
    "python3", ["-c", "import sys; print(sys.executable)"], in: "/",
    environment: TestEnvironment(home: NSTemporaryDirectory()).variables
  ).trimmed

  private func makeProjects() throws {
    let laurelin = try TestRepository.create(at: lab.source("laurelin").path)
    let telperion = try TestRepository.create(at: lab.source("telperion").path)
    try telperion.write(page.file("flake.nix", in: "NixOS"), to: "flake.nix")
    try telperion.write("{ networking.hostName = \"toto\"; }\n", to: "toto.nix")
    for version in ["v1", "v2"] {
      try laurelin.write(
        "{ outputs = { self }: { nixosModules.default = { laurelin = self.rev; version = \"\(version)\"; }; }; }\n",
        to: "flake.nix")
      for repository in [laurelin, telperion] {
        try repository.commit(version)
        try repository.tag(version)
      }
    }
  }

  private func makeMachines() throws {
    for (machine, projects) in [("toto.canon", ["telperion", "laurelin"]), ("barge", ["laurelin"])] {
      for part in ["etc/weave", "bin", "srv"] { _ = try lab.scratch("machines/\(machine)/\(part)") }
      for project in projects {
        let checkout = lab.directory.appending("machines/\(machine)/srv/\(project)")
        try TestRepository(at: lab.directory.path).git(
          "clone", "--quiet", lab.source(project).path, checkout)
        try TestRepository(at: checkout).git("checkout", "--quiet", "--detach", "v1")
      }
    }
  }

  /// A directory with what a runner has checked out.
  func job(_ name: String) throws -> String {
    try lab.directory.write(
      page.file("deploy", in: "What there is"), to: "jobs/\(name)/deploy", executable: true)
    return lab.directory.appending("jobs/\(name)")
  }

  /// Puts the page's file `name` where its commands are typed; `edit` may change it.
  func place(_ name: String, in section: String, edit: (String) -> String = { $0 }) throws {
    try lab.directory.write(edit(page.file(name, in: section)), to: "pipeline/\(name)")
  }

  /// Types the commands that say how the workspace comes to be, and those under `section`.
  func type(_ section: String) throws -> ProcessResult {
    try runProcess(
      "sh", ["-e", "-c", page.commands(in: "What there is")], in: directory,
      environment: lab.environment.variables
    ).succeeded(["the commands under What there is"])
    return try runProcess(
      "sh", ["-c", page.commands(in: section)], in: directory, environment: lab.environment.variables)
  }

  /// The commit that is checked out on `machine`.
  func checkedOut(_ project: String, on machine: String) throws -> String {
    try TestRepository(at: lab.directory.appending("machines/\(machine)/srv/\(project)")).head()
  }

  /// The status of each machine, as the hub has it.
  func statuses() throws -> [String: String] {
    try lab.weave("pull")
    let document = try lab.json(StatusDocument.self, "status", "-c", "emerald-city", "--json")
    return Dictionary(uniqueKeysWithValues: document.machines.map { ($0.machine, $0.compliance) })
  }

  /// Revokes what the lock wants of both machines, at the hub too.
  func revoke() throws {
    try lab.revoke("laurelin@v2", because: "DNS loops")
    try lab.weave("push")
  }
}
