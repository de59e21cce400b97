import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What somebody else changes of whom to believe, what to run and where to go", .inProcess)
struct ConsentTests: ConsentSuite {
  let consent: ConsentLab

  init() throws { consent = try ConsentLab() }

  // MARK: trust

  @Test("trust that is dropped counts on until it is accepted, and the pull ends with 0 and names it")
  func droppedTrust() throws {
    try bobStores(Constellations.trusting(nil))
    let result = try pull()
    #expect(result.status == 0, "\(result)")
    #expect(
      result.stderr.contains("constellation/pair: its trust")
        && result.stderr.contains("used here: ci@example.org")
        && result.stderr.contains("recorded:  in everybody"),
      "\(result.stderr)")
    #expect(try resolved() == "v1")
    #expect(
      try lab.weave("accept")
        == "constellation/pair: its trust\n  used here: ci@example.org\n  recorded:  in everybody")
    #expect(try lab.run("status").stderr.contains("1 change of others waits for a yes"))
    try lab.weave("accept", "constellation/pair")
    #expect(try resolved() == "v2")
    #expect(try lab.run("accept").stderr.contains("nothing waits"))
  }

  @Test("a signer more is weaker and waits; a signer less, or a greater number of them, counts at once")
  func weaker() throws {
    try lab.link("narya@v1", "telperion@v1")
    try bobStores(Constellations.trusting("[ci@example.org, eve@example.org]"))
    #expect(try pull().stderr.contains("its trust"))
    try bobStores(Constellations.trusting("[ci@example.org]"))
    #expect(try !pull().stderr.contains("waits"))
    try bobStores(Constellations.pair() + "\ntrust: { signers: [ci@example.org, ann@example.org] }\n")
    try pull()
    try lab.weave("accept", "--all")
    try bobStores(
      Constellations.pair() + "\ntrust: { signers: [ci@example.org, ann@example.org], at-least: 2 }\n")
    #expect(try !pull().stderr.contains("waits"))
    #expect(try lab.run("resolve", "-c", "pair").status == 5)
    try bobStores(Constellations.pair() + "\ntrust: { signers: [ann@example.org], at-least: 1 }\n")
    #expect(try pull().stderr.contains("its trust"))
  }

  @Test("a constellation with trust that is removed stays in use, so that another takes no place of its")
  func removed() throws {
    try bob.weave("constellation", "remove", "pair")
    try bob.weave("push")
    let result = try pull()
    #expect(
      result.status == 0 && result.stderr.contains("constellation/pair: the constellation"), "\(result)")
    #expect(try resolved() == "v1")
    try bob.weave("constellation", "add", "-", input: Constellations.pair(named: "other"))
    try bob.weave("push")
    try pull()
    let sha = try lab.run("resolve", "--machine", "toto", "--project", "telperion")
    #expect(sha.status != 0 && sha.stderr.contains("2 constellations are stored"), "\(sha)")
    // It is added anew without trust.
    try bobStores(Constellations.trusting(nil))
    try pull()
    #expect(try resolved() == "v1")
    try bob.weave("constellation", "remove", "pair")
    try bob.weave("push")
    try pull()
    try lab.weave("accept", "constellation/pair")
    #expect(try lab.run("resolve", "-c", "pair").stderr.contains("no constellation is called"))
  }

  @Test("one without trust is removed at once")
  func removedWithoutTrust() throws {
    try bob.weave("constellation", "add", "-", input: Constellations.pair(named: "other"))
    try bob.weave("push")
    try pull()
    try bob.weave("constellation", "remove", "other")
    try bob.weave("push")
    #expect(try !pull().stderr.contains("waits"))
    #expect(try lab.weave("constellation", "list") == "pair")
  }

  @Test("nobody is asked where enough of the former signers signed the manifest's commit that brought it")
  func signed() throws {
    try bob.weave("constellation", "add", "-", input: Constellations.trusting(nil))
    let manifest = "refs/weave/public/manifest"
    func commit(_ options: String...) throws -> String {
      try bob.store.git(
        ["-c", "gpg.format=ssh", "commit-tree"] + options
          + ["-p", "\(manifest)~1", "-m", "by hand", "\(manifest)^{tree}"])
    }
    try lab.allowSigners(["ci", "ann", "eve"])
    // By eve first, whom nobody trusts.
    try hub.git("fetch", "--quiet", bob.store.path, commit("-S" + lab.sshKey("eve")))
    try hub.git("update-ref", manifest, "FETCH_HEAD")
    #expect(try pull().stderr.contains("its trust"))
    #expect(try resolved() == "v1")
    // The same state again, and away from it, by ci.
    try bob.weave("pull")
    try bob.weave("constellation", "add", "-", input: Constellations.trusting())
    try bob.weave("constellation", "add", "-", input: Constellations.trusting(nil))
    try hub.git("fetch", "--quiet", bob.store.path, commit("-S" + lab.sshKey("ci")))
    try hub.git("update-ref", manifest, "FETCH_HEAD")
    #expect(try !pull().stderr.contains("waits"))
    #expect(try resolved() == "v2")
  }

  @Test("nor where one of them changes it by an ordinary command, who signs what they record")
  func signedByCommand() throws {
    for (key, value) in [
      ("gpg.format", "ssh"), ("user.signingKey", try lab.sshKey("ci")), ("weave.sign", "true"),
    ] {
      try bob.store.git("config", key, value)
    }
    try bobStores(Constellations.trusting(nil))
    #expect(try !pull().stderr.contains("waits"))
    #expect(try resolved() == "v2")
  }

  @Test("what somebody pushed into the store itself, and nothing pulled, waits as well")
  func pushedIntoTheStore() throws {
    try bob.weave("constellation", "add", "-", input: Constellations.trusting(nil))
    try bob.store.git("push", "--quiet", lab.store.path, "refs/weave/public/manifest")
    #expect(try resolved() == "v1")
    #expect(try lab.weave("accept").contains("constellation/pair: its trust"))
  }

  @Test("what was accepted is nobody else's to say: Git takes no push of it")
  func pushedAcceptance() throws {
    try bob.weave("constellation", "add", "-", input: Constellations.trusting(nil))
    let accepted = "refs/weave-local/accepted"
    let result = try runProcess(
      "git", ["push", lab.store.path, "+\(accepted)"], in: bob.store.path,
      environment: bob.store.environment.variables)
    #expect(result.status != 0 && result.stderr.contains("hidden ref"), "\(result)")
  }

  @Test(
    "what the machines are to run waits as well where the constellation trusts somebody, and elsewhere does not"
  )
  func wanted() throws {
    let loose = "couplings: []\n"
    try bobStores(Constellations.trusting(probe: loose))
    #expect(try pull().stderr.contains("constellation/pair: what its machines run"))
    #expect(try resolved() == "v1")
    #expect(
      try lab.weave("accept") == """
        constellation/pair: what its machines run
          used here: as it was accepted
          recorded:  changed, and not signed by enough whom it trusts
        """)
    try lab.weave("accept", "constellation/pair")
    #expect(try resolved() != "v1")
    try bobStores(Constellations.trusting(nil, probe: loose))
    try pull()
    try lab.weave("accept", "constellation/pair")
    try bobStores(Constellations.trusting(nil))
    #expect(try !pull().stderr.contains("waits"))
  }

  @Test("nobody is asked where enough of those whom it trusts signed what their machines are to run")
  func wantedSigned() throws {
    for (key, value) in [
      ("gpg.format", "ssh"), ("user.signingKey", try lab.sshKey("ci")), ("weave.sign", "true"),
    ] {
      try bob.store.git("config", key, value)
    }
    try bobStores(Constellations.trusting(probe: "couplings: []\n"))
    #expect(try !pull().stderr.contains("waits"))
    #expect(try resolved() != "v1")
  }

  // MARK: what is run, and where

  @Test("a probe that is changed is not run: the one that was accepted is")
  func probe() throws {
    func probe(_ word: String) -> String { "probe: { command: [touch, \(lab.directory.appending(word))] }\n" }
    func ran(_ word: String) -> Bool { FileManager.default.fileExists(atPath: lab.directory.appending(word)) }
    try lab.constellation(Constellations.trusting(probe: probe("former")))
    try lab.weave("push")
    _ = try lab.run("probe", "-c", "pair", "--allow")
    #expect(ran("former"))
    try FileManager.default.removeItem(atPath: lab.directory.appending("former"))
    try bob.weave("pull")
    try bobStores(Constellations.trusting(probe: probe("evil")))
    #expect(try pull().stderr.contains("constellation/pair: its probe"))
    _ = try lab.run("probe", "-c", "pair", "--allow")
    #expect(ran("former") && !ran("evil"))
    try lab.weave("accept", "constellation/pair")
    // A yes to use it is none to run it.
    #expect(try lab.run("probe", "-c", "pair").stderr.contains("nobody here allowed it yet"))
    #expect(!ran("evil"))
  }

  @Test(
    "a machine whose address is changed is left out where addresses are used, and told as before where not")
  func address() throws {
    let machines = ", address: ody.example }\n, barge: { roles: [dns], address: barge.example"
    try lab.constellation(Constellations.trusting(toto: machines))
    try lab.weave("lock", "-c", "pair")
    try lab.weave("push")
    try bob.weave("pull")
    try bobStores(Constellations.trusting(toto: machines.replacingOccurrences(of: "ody.", with: "evil.")))
    #expect(try pull().stderr.contains("constellation/pair: the address of toto"))
    #expect(try lab.weave("sha", "telperion", "-c", "pair", "--machine", "toto") == lab.id("telperion@v1"))
    let inventory = try lab.run("lock", "--show", "-c", "pair", "--format", "ansible")
    #expect(inventory.status == 0 && inventory.stderr.contains("toto is left out"), "\(inventory)")
    #expect(!inventory.stdout.contains("toto") && !inventory.stdout.contains("ody.example"))
    #expect(inventory.stdout.contains("barge.example") && !inventory.stdout.contains("evil"))
    let one = try lab.run("lock", "--show", "-c", "pair", "--machine", "toto", "--format", "ansible")
    #expect(one.status == 1 && one.stderr.contains("weave accept"), "\(one)")
    try lab.weave("accept", "constellation/pair")
    #expect(
      try lab.weave("lock", "--show", "-c", "pair", "--format", "ansible").contains("evil.example"))
  }

  @Test(
    "a project is fetched from the source that was accepted, and the next push does not put it back for others"
  )
  func source() throws {
    let evil = try lab.makeSource("evil", ["evil"], tags: ["v9"])
    try bob.weave("project", "set", "telperion", "source", evil.path)
    try bob.weave("push")
    let result = try pull()
    #expect(result.status == 0 && result.stderr.contains("project/telperion: its source"), "\(result)")
    let fetch = try lab.run("fetch", "telperion")
    #expect(fetch.status == 0 && fetch.stderr.contains("weave accept project/telperion"), "\(fetch)")
    #expect(lab.fetched("telperion", "refs/tags/v9") == nil)
    #expect(try lab.weave("project", "list").contains(lab.source("telperion").path))
    // What is recorded stays so, whatever else is changed here.
    try lab.weave("project", "set", "telperion", "track", "main")
    try lab.weave("push")
    #expect(try hub.git("show", "refs/weave/public/manifest:projects/telperion").contains(evil.path))
    #expect(try lab.weave("accept").contains("project/telperion: its source"))
    try lab.weave("accept", "project/telperion")
    try lab.weave("fetch", "telperion")
    #expect(lab.fetched("telperion", "refs/tags/v9") != nil)
  }

  @Test(
    "an address that goes and comes again in another pull, under any of the machine's names, waits as well")
  func addressInTwoPulls() throws {
    func bobStoresInTwo(_ second: String) throws {
      try bobStores(Constellations.trusting().replacing("toto", with: "tata"))
      #expect(try !pull().stderr.contains("the address of tata, but"))
      try bobStores(second)
    }
    try bobStoresInTwo(Constellations.trusting(toto: ", address: evil.example"))
    #expect(try pull().stderr.contains("constellation/pair: the address of toto"))
    #expect(
      try lab.weave("accept") == """
        constellation/pair: the address of toto
          it was:    ody.example
          recorded:  evil.example
        """)
    #expect(try !lab.run("resolve", "-c", "pair", "--format", "ansible").stdout.contains("evil.example"))
    // As it was, it needs no yes.
    try bobStores(Constellations.trusting())
    #expect(try !pull().stderr.contains("waits"))
  }

  @Test("so does that of another machine that takes the name for an alias")
  func addressOfAlias() throws {
    let boss = Constellations.trusting(toto: ", address: evil.example, aliases: [toto]").replacing(
      "{ toto:", with: "{ boss:")
    try bobStores(boss)
    #expect(try pull().stderr.contains("constellation/pair: the address of boss"))
    // Under the address that it had, it is the machine; that it has another name is what the constellation wants.
    try bobStores(boss.replacing("evil.example", with: "ody.example"))
    let renamed = try pull().stderr
    #expect(renamed.contains("what its machines run") && !renamed.contains("the address"), "\(renamed)")
  }

  @Test("whoever signs a source is one whom a constellation trusted before that pull")
  func signedByNewcomer() throws {
    try lab.allowSigners(["ci", "ann", "eve"])
    for (key, value) in [
      ("gpg.format", "ssh"), ("user.signingKey", try lab.sshKey("eve")), ("weave.sign", "true"),
    ] {
      try bob.store.git("config", key, value)
    }
    let mine = "constellation: mine\nprojects: { telperion: {} }\ntrust: { signers: [eve@example.org] }\n"
    try bob.weave("constellation", "add", "-", input: mine)
    try bob.weave("project", "set", "telperion", "source", lab.source("laurelin").path)
    try bob.weave("push")
    #expect(try pull().stderr.contains("project/telperion: its source"))
  }

  @Test("--policy says nothing of addresses, so that those wait on")
  func policyWithoutAddresses() throws {
    try bobStores(Constellations.trusting(toto: ", address: evil.example"))
    try bob.weave("project", "set", "telperion", "source", lab.source("laurelin").path)
    try bob.weave("push")
    try pull()
    let used = try lab.weave("policy")
    let carol = try lab.colleague("carol")
    let id = try #require(carol.weave("policy").split(separator: "\n").last?.split(separator: " ").last)
    try pull("--policy", String(id))
    #expect(try lab.weave("policy") != used)
    #expect(
      try lab.weave("accept") == """
        constellation/pair: the address of toto
          it was:    ody.example
          recorded:  evil.example
        """)
  }

  @Test("sources of projects that came and went, and were never fetched, are not remembered")
  func goneSources() throws {
    for round in 1...2 {
      try bob.weave("project", "add", "new-\(round)", lab.source("laurelin").path)
      try bob.weave("push")
      try pull()
      if round == 1 { try lab.weave("fetch", "new-1") }
      try bob.weave("project", "remove", "new-\(round)")
      try bob.weave("push")
      try pull()
    }
    let sources = try lab.store.git("cat-file", "-p", "refs/weave-local/accepted:sources")
    #expect(sources.contains("new-1 ") && !sources.contains("new-2 "))
  }

  @Test("what was accepted of a project that is removed and comes again is not forgotten")
  func sourceAgain() throws {
    let evil = try lab.makeSource("evil", ["evil"], tags: [])
    try bob.weave("project", "remove", "narya", "--force")
    try bob.weave("push")
    try pull()
    try bob.weave("project", "add", "narya", evil.path)
    try bob.weave("push")
    #expect(try pull().stderr.contains("project/narya: its source"))
  }

  // MARK: a yes

  @Test("one's own commands are a yes, also to what was recorded so already")
  func own() throws {
    let other = try lab.makeSource("other", ["other"], tags: [])
    try bob.weave("project", "set", "telperion", "source", other.path)
    try bobStores(Constellations.trusting(nil))
    try pull()
    try lab.weave("project", "set", "telperion", "source", other.path)
    try lab.constellation(Constellations.trusting(nil))
    #expect(try lab.run("accept").stderr.contains("nothing waits"))
    #expect(try resolved() == "v2")
  }

  @Test("an entry of which nothing waits is refused, with the nearest that does")
  func unknownEntry() throws {
    try bobStores(Constellations.trusting(nil))
    try pull()
    let result = try lab.run("accept", "constellation/pare")
    #expect(result.status == 1 && result.stderr.contains("did you mean 'constellation/pair'?"), "\(result)")
    #expect(try resolved() == "v1")
  }

  @Test("--strict fails where something waits, and takes all the same")
  func strict() throws {
    try lab.weave("pull", "--strict")
    try bob.weave("link", "telperion@v3", "laurelin@v3", "-m", "more")
    try bobStores(Constellations.trusting(nil))
    #expect(try pull("--strict").status == 1)
    #expect(try lab.events().count == 2 && lab.weave("links").contains(lab.short("telperion@v3")))
    #expect(try pull("--strict").status == 1)
    try lab.weave("accept", "--all")
    #expect(try pull("--strict").status == 0)
  }
}
