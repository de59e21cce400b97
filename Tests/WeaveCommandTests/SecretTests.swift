import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Secrets in URLs", .inProcess)
struct SecretTests {
  private static let isServed = HTTPServer.isInstalled
  private static let secret = HTTPServer.password

  /// A lab with a source `telperion` that a server shows to who has the password, and the URL with that.
  private static func withServer(_ body: (_ lab: Lab, _ url: String, _ clean: String) throws -> Void) throws {
    let lab = try Lab()
    let source = try lab.makeSource("telperion")
    let root = lab.directory.appending("served")
    try source.repository.git("clone", "--quiet", "--bare", source.repository.path, root + "/telperion.git")
    try runGit(["init", "--quiet", "--bare", root + "/hub.git"], in: "/", environment: lab.environment)
    try HTTPServer.run(of: root) { server in
      let clean = server.url("telperion.git")
      try body(lab, clean.replacing("http://", with: "http://ann:\(secret)@"), clean)
    }
  }

  /// Where the secret stands in the store: paths of files, and `objects`, whose content is compressed in files, and `refs`.
  private func places(of secret: String, in store: TestRepository) throws -> [String] {
    let files = try runProcess(
      "grep", ["-rlaF", "--", secret, store.path], in: "/", environment: store.environment.variables)
    let objects = try runProcess(
      "sh",
      ["-c", "git cat-file --batch-all-objects --batch | grep -qaF -- \"$0\" && echo objects; true", secret],
      in: store.path, environment: store.environment.variables)
    let refs = try store.git("for-each-ref").contains(secret) ? ["refs"] : []
    let found: String = files.stdout + objects.stdout
    var places: [String] = []
    for line in found.split(separator: "\n") {
      places.append(String(line).replacingOccurrences(of: store.path + "/", with: ""))
    }
    return places + refs
  }

  /// What each command that shows sources prints, whatever its end.
  private func everything(_ lab: Lab) throws -> String {
    var commands: [[String]] =
      [
        ["project", "list"], ["project", "list", "--json"], ["remote", "list"], ["remote", "list", "--json"],
        ["status"], ["log"], ["log", "--json"], ["fsck"], ["fsck", "--json"], ["fsck", "--remote"], ["fetch"],
        ["push"], ["pull"], ["graph"], ["adopt", "--yes"], ["project", "checkout", "telperion", "made"],
        ["exec", "@telperion@v1", "--", "env"], ["show", "release"], ["set", "show", "release", "--json"],
      ]
    for format in ["west", "repo", "vcs", "gitmodules", "gitlinks", "mani", "flake"] {
      commands.append(["export", "release", "--format", format])
    }
    for format in [
      "json", "lines", "env", "nix-flake", "nix-args", "tfvars", "terraform-external", "github-output",
      "nomad-var",
      "consul-kv", "ansible", "prometheus",
    ] {
      commands.append(["resolve", "-c", "canon", "--format", format])
      commands.append(["resolve", "-c", "canon", "--format", format, "--from-source"])
    }
    let template = try lab.directory.write(
      "{{#machines}}{{#projects}}{{source}}{{/projects}}{{/machines}}", to: "t")
    commands.append(["resolve", "-c", "canon", "--template", template])
    return try commands.map { arguments in
      let result = try lab.run(arguments)
      return "$ \(arguments)\n\(result.stdout)\(result.stderr)"
    }.joined(separator: "\n")
  }

  @Test(
    "a project that is added with one fetches unattended, and the secret is in no record and no output",
    .enabled(if: isServed, "nginx and fcgiwrap are not installed"), arguments: [false, true])
  func added(isPrivate: Bool) throws {
    try Self.withServer { lab, url, clean throws in
      try lab.weave("init")
      let added = try lab.run(["project", "add", "telperion", url] + (isPrivate ? ["--private"] : []))
      #expect(added.status == 0)
      #expect(added.stderr.contains("is not recorded") && added.stderr.contains("git credential approve"))
      #expect(!added.stderr.contains(Self.secret))
      for _ in 0..<2 {
        let fetched = try lab.run("fetch")
        #expect(fetched.status == 0, "\(fetched.stderr)")
      }
      #expect(try lab.fetched("telperion", "refs/heads/main") == lab.id("telperion@main"))
      #expect(try lab.weave("project", "list").contains(clean))
      try lab.weave("set", "release", "telperion@v1")
      let hub = try lab.bare()
      try lab.weave(
        ["remote", "add", "hub", hub.path] + (isPrivate ? ["--private"] : []))
      try lab.weave(
        ["constellation", "add", "-"],
        input: """
          constellation: canon
          projects: { telperion: {} }
          roles: { dns: { projects: [telperion] } }
          machines: { toto: { roles: [dns] } }
          """)
      try lab.weave("push")
      let output = try everything(lab)
      #expect(!output.contains(Self.secret), "\(output)")
      #expect(try places(of: Self.secret, in: lab.store) == ["weave/secrets/project/telperion"])
      #expect(try places(of: Self.secret, in: hub) == [])
      #expect(try TestRepository(at: "\(lab.workspace)/made").git("config", "remote.origin.url") == clean)
      let mode = try FileManager.default.attributesOfItem(
        atPath: lab.store.path + "/weave/secrets/project/telperion")
      #expect(mode[.posixPermissions] as? Int == 0o600)
      // Who clones has a credential helper, or not.
      let bob = Colleague(lab: lab, workspace: lab.directory.appending("bob"))
      let cloned = try lab.run(
        ["clone", hub.path, bob.workspace] + (isPrivate ? ["--private"] : []), in: lab.directory.path)
      #expect(cloned.stderr.contains("cannot fetch telperion from \(clean)"), "\(cloned.stderr)")
      #expect(try places(of: Self.secret, in: bob.store) == [])
      #expect(try bob.weave("project", "list").contains(clean))
    }
  }

  @Test(
    "an adopted checkout keeps its URL, the project fetches with it, and the record is without",
    .enabled(if: isServed, "nginx and fcgiwrap are not installed"))
  func adopted() throws {
    try Self.withServer { lab, url, clean throws in
      try TestRepository(at: lab.directory.path).git("clone", "--quiet", url, lab.workspace + "/telperion")
      let made = try lab.run("init", "--yes")
      #expect(made.status == 0 && !made.stderr.contains(Self.secret), "\(made.stderr)")
      let fetched = try lab.run("fetch")
      #expect(fetched.status == 0, "\(fetched.stderr)")
      #expect(try lab.weave("project", "list").contains(clean))
      #expect(try places(of: Self.secret, in: lab.store) == ["weave/secrets/project/telperion"])
      #expect(
        try TestRepository(at: lab.workspace + "/telperion").git("config", "remote.origin.url") == url)
      // It is known already, whatever its secret.
      #expect(try lab.run("adopt", "--yes").stderr.contains("Nothing is found"))
    }
  }

  @Test(
    "a user name alone is what the credential helper is asked for",
    .enabled(if: isServed, "nginx and fcgiwrap are not installed"))
  func userAlone() throws {
    try Self.withServer { lab, url, clean throws in
      let helper = try lab.directory.write(
        """
        #!/bin/sh
        test "$1" != get || { grep -qx username=ann && echo password=\(Self.secret); }

        """, to: "helper", executable: true)
      let config = try lab.directory.write("[credential]\n\thelper = \(helper)\n", to: "gitconfig")
      try lab.weave("init")
      try lab.weave("project", "add", "telperion", clean.replacing("http://", with: "http://ann@"))
      let fetched = try lab.run("fetch", environment: lab.environment.with(["GIT_CONFIG_GLOBAL": config]))
      #expect(fetched.status == 0, "\(fetched.stderr)")
      #expect(try lab.weave("project", "list").contains(clean))
    }
  }

  @Test("what is kept for a source is not sent to another that the manifest names since")
  func moved() throws {
    try Lab.withStore { lab in
      try lab.weave("project", "add", "telperion", "https://u:SECRET@git.invalid/x")
      let trace = lab.directory.appending("trace")
      let stream = """
        commit refs/weave/public/manifest
        committer Ann Author <ann@example.org> \(TestEnvironment.epoch) +0000
        data 5
        moved
        from refs/weave/public/manifest^0
        M 644 inline projects/telperion
        data <<.
        source https://git.invalid/xy
        .

        """
      try lab.store.git(["fast-import", "--quiet"], input: Array(stream.utf8))
      try lab.weave("accept", "--all")
      let git = try lab.directory.write(
        "#!/bin/sh\nenv >> \(trace)\nexec $REAL_GIT \"$@\"\n", to: "bin/git", executable: true)
      let real = try runProcess(
        "sh", ["-c", "command -v git"], in: "/", environment: lab.environment.variables)
      let path = lab.directory.appending("bin") + ":" + (lab.environment.variables["PATH"] ?? "")
      _ = try lab.run("fetch", environment: lab.environment.with(["PATH": path, "REAL_GIT": real.trimmed]))
      let seen = try String(contentsOfFile: trace, encoding: .utf8)
      #expect(seen.contains("REAL_GIT") && !seen.contains("SECRET"), "\(git)")
    }
  }

  @Test(
    "no process that fetches, pushes, pulls or clones has it among its arguments",
    .enabled(if: isServed, "nginx and fcgiwrap are not installed"))
  func arguments() throws {
    try Self.withServer { lab, url, _ throws in
      let hub = url.replacing("telperion.git", with: "hub.git")
      try lab.weave("init")
      try lab.weave("remote", "add", "origin", hub)
      for command in [["push"], ["pull"], ["clone", hub, lab.directory.appending("clone")], ["fetch"]] {
        if command == ["fetch"] { try lab.weave("project", "add", "telperion", url) }
        let trace = lab.directory.appending("trace-\(command[0])")
        let result = try lab.run(command, environment: lab.environment.with(["GIT_TRACE": trace]))
        #expect(result.status == 0, "\(command[0]): \(result.stderr)")
        let text = try String(contentsOfFile: trace, encoding: .utf8)
        #expect(text.contains("remote-http") && !text.contains(Self.secret), "\(text)")
      }
    }
  }

  @Test(
    "a remote with one is pulled from and pushed to; the secret is not in its URL",
    .enabled(if: isServed, "nginx and fcgiwrap are not installed"))
  func remote() throws {
    try Self.withServer { lab, url, clean throws in
      try lab.weave("init")
      try lab.weave("remote", "add", "origin", url.replacing("telperion.git", with: "hub.git"))
      let pushed = try lab.run("push")
      #expect(pushed.status == 0, "\(pushed.stderr)")
      #expect(try lab.run("pull").status == 0)
      #expect(
        try lab.store.git("config", "remote.origin.url") == clean.replacing("telperion.git", with: "hub.git"))
      #expect(try places(of: Self.secret, in: lab.store) == ["weave/secrets/remote/origin"])
      let path = lab.directory.appending("bob")
      try lab.weave("clone", url.replacing("telperion.git", with: "hub.git"), path, in: lab.directory.path)
      #expect(try lab.run("pull", in: path).status == 0)
      try lab.weave("remote", "remove", "origin")
      #expect(try places(of: Self.secret, in: lab.store) == [])
    }
  }

  @Test("what is removed, or gets another source, is forgotten", arguments: [true, false])
  func forgotten(isRemoved: Bool) throws {
    try Lab.withStore { lab in
      try lab.weave("project", "add", "telperion", "https://SECRET@git.invalid/x")
      #expect(try places(of: "SECRET", in: lab.store) == ["weave/secrets/project/telperion"])
      if isRemoved {
        try lab.weave("project", "remove", "telperion")
      } else {
        try lab.weave("project", "set", "telperion", "source", "https://git.invalid/x")
      }
      #expect(try places(of: "SECRET", in: lab.store) == [])
    }
  }

  @Test(
    "each spelling of one stays out of records and output",
    arguments: [
      "https://SECRET@git.invalid/x", "HTTPS://u:SECRET@git.invalid/x", "https://u:SEC@RET@git.invalid/x",
      "https://git.invalid/x?access_token=SECRET", "https://git.invalid/x?a=b&%70rivate_token=SECRET",
      "ssh://u:SECRET@git.invalid/x", "https://u\u{D4E}:SECRET\u{301}@git.invalid/x",
      "https://u:SEC/RET@git.invalid/x", "u:SECRET@git.invalid:x", "https://u:SECRET%40git.invalid/x",
    ])
  func spellings(url: String) throws {
    try Lab.withStore { lab in
      let environment = lab.environment.with(["GIT_SSH_COMMAND": "false"])
      var said = ""
      for arguments in [
        ["project", "add", "telperion", url], ["fetch"], ["project", "list", "--json"],
        ["remote", "add", "a", url],
        ["remote", "list"], ["pull"], ["clone", url, lab.directory.appending("no")],
        ["project", "set", "telperion", "source", url],
      ] {
        let result = try lab.run(arguments, environment: environment)
        said += result.stdout + result.stderr
      }
      for part in ["SECRET", "SEC@", "RET@"] { #expect(!said.contains(part), "\(said)") }
      for part in ["SECRET", "SEC@RET", "SEC/RET"] {
        #expect(try places(of: part, in: lab.store).allSatisfy { $0.hasPrefix("weave/secrets/") })
      }
    }
  }

  @Test(
    "one that ends nobody knows where is refused, with how to write it",
    arguments: ["https://u:SEC/RET@git.invalid/x", "u:SECRET@git.invalid:x"])
  func unclear(url: String) throws {
    try Lab.withTwoProjects { lab, _, _ in
      for arguments in [
        ["project", "add", "narya", url], ["project", "set", "telperion", "source", url],
        ["remote", "add", "a", url],
      ] {
        let said = try lab.refusal(arguments)
        #expect(said.contains("%2F") && !said.contains("git.invalid"), "\(said)")
      }
      let clone = try lab.run("clone", url, lab.directory.appending("no"))
      #expect(clone.status == 1 && !clone.stderr.contains("git.invalid"), "\(clone.stderr)")
    }
  }

  @Test("an import records projects without")
  func imported() throws {
    try Lab.withStore { lab in
      let file = try lab.directory.write(
        "[submodule \"a\"]\n\tpath = a\n\turl = https://u:SECRET@git.invalid/a\n"
          + "[submodule \"b\"]\n\tpath = b\n\turl = ext::u:SECRET@git.invalid/b\n",
        to: "workspace/.gitmodules"
      )
      let result = try lab.run("import", "--yes", file)
      #expect(!(result.stdout + result.stderr).contains("SECRET"), "\(result.stderr)")
      #expect(try lab.weave("project", "list").contains("https://git.invalid/a"))
      #expect(try places(of: "SECRET", in: lab.store) == ["weave/secrets/project/a"])
    }
  }

  @Test("the evidence of a link is recorded without")
  func evidence() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave(
        "link", "telperion@v1", "laurelin@v1", "-m", "x", "--evidence",
        "https://SECRET@ci.example/1?token=SECRET&a=1")
      #expect(try lab.weave("log", "--json").contains("https://ci.example/1?a=1"))
      #expect(try places(of: "SECRET", in: lab.store) == [])
    }
  }

  @Test("the words of events, holds, acknowledgements, sets and locks are recorded without")
  func words() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.constellation(Constellations.pair())
      let words = "see https://SECRET@ci.example/1"
      try lab.weave("link", "telperion@v1", "laurelin@v1", "-m", words)
      try lab.weave("set", "good", "telperion@v1", "laurelin@v1", "-m", words)
      try lab.weave("hold", "toto", "telperion@v1", "-m", words)
      try lab.weave("status", "--ack", "toto", "--for", "2d", "-m", words)
      try lab.weave("lock", "-m", words)
      try lab.weave("revoke", "telperion@v1", "-m", words)
      #expect(try lab.weave("log").contains("see https://ci.example/1"))
      #expect(try places(of: "SECRET", in: lab.store) == [])
    }
  }

  @Test("the words and the evidence of an event that somebody else recorded are shown without")
  func foreignEvent() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave(
        "link", "telperion@v1", "laurelin@v1", "-m", "see https://ci.example/1", "--evidence",
        "https://ci.example/2")
      let ledger = try lab.ledger()
      let honest = try lab.store.git("cat-file", "commit", ledger)
      let commit = try lab.store.git(
        ["hash-object", "-t", "commit", "-w", "--stdin"],
        input: Array((honest.replacing("https://", with: "https://u:SECRET@") + "\n").utf8))
      try lab.store.git("update-ref", ledger, commit)
      try lab.forgetTips()
      for command in [
        ["show", commit], ["log"], ["log", "--json"], ["links"], ["links", "--json"],
        ["show", "--json", commit],
      ] {
        let said = try lab.run(command)
        #expect(said.status == 0 && said.stdout.contains("ci.example"), "\(command): \(said)")
        #expect(!said.stdout.contains("SECRET"), "\(command): \(said.stdout)")
      }
      let found = try lab.run("fsck").stdout
      #expect(found.contains("\(commit.prefix(7)) of") && found.contains("revoke that secret"), "\(found)")
      #expect(!found.contains("SECRET"), "\(found)")
    }
  }

  @Test(
    "a manifest of before that holds one is fetched from, shown without, and warned of until and after it is mended",
    .enabled(if: isServed, "nginx and fcgiwrap are not installed"))
  func old() throws {
    try Self.withServer { lab, url, clean throws in
      try lab.weave("init")
      let stream = """
        commit refs/weave/public/manifest
        committer Ann Author <ann@example.org> \(TestEnvironment.epoch) +0000
        data 4
        old
        from refs/weave/public/manifest^0
        M 644 inline projects/telperion
        data <<.
        source \(url)
        .

        """
      try lab.store.git(["fast-import", "--quiet"], input: Array(stream.utf8))
      let fetched = try lab.run("fetch")
      #expect(fetched.status == 0, "\(fetched.stderr)")
      try lab.weave("set", "release", "telperion@v1")
      let output = try everything(lab)
      #expect(!output.contains(Self.secret), "\(output)")
      let found = try lab.run("fsck")
      #expect(found.status == 0)
      #expect(found.stdout.contains("is recorded with a secret"), "\(found.stdout)")
      #expect(found.stdout.contains("weave project set telperion source \(clean)"), "\(found.stdout)")
      // Another change of the manifest takes it along, and pulls take it as it is.
      try lab.addProject("laurelin")
      try lab.share()
      let bob = try lab.colleague("bob")
      #expect(try bob.run("fetch", "telperion").status == 0)
      #expect(try bob.run("fsck").stdout.contains("is recorded with a secret"))

      try lab.weave("project", "set", "telperion", "source", clean)
      #expect(try lab.store.git("show", "refs/weave/public/manifest:projects/telperion") == "source \(clean)")
      let mended = try lab.run("fsck").stdout
      #expect(
        mended.contains("was recorded with a secret once") && !mended.contains("project set"), "\(mended)")
      try bob.weave("project", "set", "telperion", "notes", "true")
      try lab.weave("push")
      let pulled = try bob.run("pull")
      #expect(
        pulled.status == 0 && !(pulled.stdout + pulled.stderr).contains(Self.secret), "\(pulled.stderr)")
      #expect(
        try bob.store.git("show", "refs/weave/public/manifest:projects/telperion")
          == "source \(clean)\nnotes true")
    }
  }
}
