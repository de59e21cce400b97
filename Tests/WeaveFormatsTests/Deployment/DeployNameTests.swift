import Foundation
import Testing
import WeaveFormats
import WeaveModel

@Suite("Names that do not fit a deploy tool")
struct DeployNameTests {
  @Test("two machines that want different commits of a project leave no one commit, and --machine chooses")
  func different() throws {
    let state = DesiredState.wanting(
      try .host("toto", ["laurelin": "1"]), try .host("barge", ["laurelin": "2"]))
    let error = #expect(throws: UnwritableState.self) { try state.lines() }
    #expect(
      error?.message
        == "toto wants laurelin@1111111 and barge laurelin@2222222, and this format has room for one commit of each project"
    )
    #expect(error?.hint == "--machine MACHINE chooses")
    #expect(
      try state.selecting(machine: "barge").lines() == "laurelin\t\(String(repeating: "2", count: 40))\n")
  }

  @Test("machines that want the same commit leave one line of it")
  func same() throws {
    let state = DesiredState.wanting(
      try .host("toto", ["laurelin": "1"]), try .host("barge", ["laurelin": "1"]))
    #expect(try state.lines().split(separator: "\n").count == 1)
  }

  @Test("two projects that become one variable of a shell are an error that names both")
  func shell() throws {
    let state = DesiredState.wanting(try .host("toto", ["a.b": "1", "a-b": "2"]))
    let error = #expect(throws: UnwritableState.self) { try state.shellVariables() }
    for part in ["'a.b'", "'a-b'", "WEAVE_REV_A_B"] { #expect(error?.message.contains(part) == true) }
  }

  @Test("in GitHub's outputs a dash stays, and two projects that become one are an error")
  func gitHub() throws {
    let apart = DesiredState.wanting(try .host("toto", ["a.b": "1", "a-b": "2"]))
    #expect(try apart.gitHubOutputs().text.contains("\nrev_a_b=1111"))
    #expect(try apart.gitHubOutputs().text.contains("\nrev_a-b=2222"))
    let one = DesiredState.wanting(try .host("toto", ["a.b": "1", "a_b": "2"]))
    #expect(throws: UnwritableState.self) { try one.gitHubOutputs() }
  }

  @Test("a project called id has no place beside the resolution's id")
  func id() throws {
    let state = DesiredState.wanting(try .host("toto", ["id": "1"])).selecting(machine: "toto")
    let nomad = #expect(throws: UnwritableState.self) { try state.nomadVariable() }
    #expect(nomad?.message.contains("holds the resolution's id") == true)
    #expect(throws: UnwritableState.self) { try state.consulKeys() }
    _ = try state.selecting(machine: nil).consulKeys()
  }

  @Test("Nomad's paths have no dots, and two machines that become one are an error, whichever is asked about")
  func nomadPath() throws {
    let dotted = DesiredState.wanting(constellation: "my lab", try .host("toto.canon", ["a": "1"]))
    #expect(
      try dotted.selecting(machine: "toto.canon").nomadVariable().contains(
        "\"Path\" : \"weave/my_lab/toto_canon\""))
    let colliding = DesiredState.wanting(
      try .host("toto.canon", ["a": "1"]), try .host("toto_canon", ["a": "1"]))
    let error = #expect(throws: UnwritableState.self) {
      try colliding.selecting(machine: "toto.canon").nomadVariable()
    }
    #expect(
      error?.message == "the machines 'toto.canon' and 'toto_canon' would both be 'toto_canon' in this format"
    )
  }

  @Test("Nomad's items are identifiers, which templates take as they are")
  func nomadItems() throws {
    let state = DesiredState.wanting(try .host("toto", ["a.b-c": "1"])).selecting(machine: "toto")
    #expect(try state.nomadVariable().contains("\"a_b_c\" : \"1111"))
  }

  @Test("a path that is too long for Nomad is an error, and so is a variable that is too large")
  func nomadLimits() throws {
    let long = String(repeating: "m", count: 120)
    let state = DesiredState.wanting(try .host(long, ["a": "1"]))
    #expect(throws: UnwritableState.self) { try state.selecting(machine: long).nomadVariable() }
    let machines = try (0..<1_000).map { try DesiredState.Machine.host("m\($0)", ["a": "1", "b": "2"]) }
    let large = DesiredState(
      constellation: "canon", resolution: "0",
      projects: [.init(name: try ProjectName("a")), .init(name: try ProjectName("b"))], machines: machines)
    let error = #expect(throws: UnwritableState.self) { try large.nomadVariable() }
    #expect(error?.hint == "--machine MACHINE writes a variable for each machine")
    _ = try large.selecting(machine: "m7").nomadVariable()
  }

  @Test("two roles that become one group of Ansible's are an error that names both")
  func ansible() throws {
    let state = DesiredState.wanting(
      roles: ["a-b", "a.b"], try .host("toto", ["a": "1"], roles: ["a-b", "a.b"]))
    let error = #expect(throws: UnwritableState.self) { try state.ansibleInventory() }
    #expect(error?.message.contains("the roles 'a-b' and 'a.b'") == true)
  }

  @Test(
    "a name that ssh would be given, and that is no address, is refused for Ansible; with an address it is not",
    arguments: ["-oProxyCommand=id", "a%h", "$(id)", "a b", "-\u{301}"])
  func ansibleTarget(name: String) throws {
    let state = DesiredState.wanting(.init(name: name, commits: []))
    #expect(throws: UnwritableState.self) { try state.ansibleInventory() }
    #expect(throws: UnwritableState.self) { try state.ansibleVariables(of: name) }
    let addressed = DesiredState.wanting(.init(name: name, address: "10.0.0.7", commits: []))
    #expect(try addressed.ansibleInventory().contains("10.0.0.7"))
  }

  @Test(
    "a machine with the name of the host that Ansible runs on is refused: it would be sent what is to stay there",
    arguments: ["localhost", "127.0.0.1", "::1"])
  func ansibleLocalHost(name: String) throws {
    for address in [nil, "10.0.0.7"] {
      let state = DesiredState.wanting(.init(name: name, address: address, commits: []))
      let error = #expect(throws: UnwritableState.self) { try state.ansibleInventory() }
      #expect(error?.message.contains("Ansible knows the host that it runs on itself") == true)
      #expect(throws: UnwritableState.self) { try state.ansibleVariables(of: name) }
    }
  }

  @Test(
    "Ansible gets an address in the parts that it knows",
    arguments: [
      ("toto", ["\"ansible_host\" : \"toto\""]),
      (
        "root@toto:2222", ["ansible_host\" : \"toto\"", "ansible_port\" : 2222", "ansible_user\" : \"root\""]
      ),
      ("[fe80::1]:22", ["ansible_host\" : \"fe80::1\"", "ansible_port\" : 22"]),
      ("ada@::1", ["ansible_host\" : \"::1\"", "ansible_user\" : \"ada\""]),
    ])
  func ansibleAddress(address: String, lines: [String]) throws {
    let variables = try DesiredState.wanting(.init(name: "m", address: address, commits: []))
      .ansibleVariables(of: "m")
    for line in lines { #expect(variables.contains(line), "\(variables)") }
    #expect(variables.components(separatedBy: "\"ansible_").count == lines.count + 1, "\(variables)")
  }

  @Test(
    "of an address as of scp a flake gets the URL of the same place",
    arguments: [
      ("host:a/b", "ssh://host/a/b"), ("u@host:/a", "ssh://u@host/a"), ("[::1]:a", "ssh://[::1]/a"),
      ("u@[::1]:/a", "ssh://u@[::1]/a"), ("[host:22]:a", "ssh://host:22/a"),
      ("[u@host:22]:a", "ssh://u@host:22/a"), ("[host]:a", "ssh://host/a"),
      ("[u@fe80::1]:a", "ssh://u@[fe80::1]/a"),
    ])
  func flakeSource(source: String, url: String) throws {
    #expect(
      try FlakeInput.url(ofSource: source, reference: nil, at: commit("1"))
        == "git+\(url)?rev=\(commit("1"))&allRefs=1")
  }

  @Test(arguments: [
    ("git://host/x", "git://host/x"), ("git+ssh://u@host/x", "git+ssh://u@host/x"),
    ("ssh+git://host:22/x", "git+ssh://host:22/x"), ("http://host/x", "git+http://host/x"),
    ("https://[::1]:1/a[1]", "git+https://[::1]:1/a%5B1%5D"),
    ("ssh://u[1]@[::1]/x", "git+ssh://u%5B1%5D@[::1]/x"),
    ("https://host/a%zz%20?b#c", "git+https://host/a%25zz%20%3Fb%23c"),
    ("https://h/100%", "git+https://h/100%25"),
    ("file://localhost/a%20b", "git+file:///a%20b"),
    ("/srv/a [1]%20é", "git+file:///srv/a%20%5B1%5D%2520%C3%A9"),
  ])
  func `a flake's URL has the scheme that Nix knows, and no byte that it refuses`(source: String, url: String)
    throws
  {
    #expect(
      try FlakeInput.url(ofSource: source, reference: "refs/heads/a&b", at: commit("1"))
        == "\(url)?ref=refs/heads/a%26b&rev=\(commit("1"))")
  }

  @Test(arguments: ["ftp://host/x", "ftps://host/x", "HTTPS://host/x", "a b://host/x"])
  func `what Nix has no fetcher for is refused by its source`(source: String) throws {
    let commit = try commit("1")
    #expect(throws: UnknownToNix.self) {
      try FlakeInput.url(ofSource: source, reference: nil, at: commit)
    }
  }

  @Test(
    "a flake's input has the project's name, but for what Nix takes in no name of an input",
    arguments: [("laurelin", "laurelin"), ("a.b", "a_b"), ("9front", "p-9front"), ("in", "\"in\"")])
  func flakeInput(project: String, input: String) throws {
    let member = Member(project: try ProjectName(project), commit: try commit("1"))
    let state = DesiredState.wanting(.init(name: "toto", commits: [member]))
    let flake = try state.flake(
      of: [FlakeInput(member: member, url: "git+file:///a", isFlake: true)], root: nil)
    #expect(flake.contains("    \(input) = {\n      url = \"git+file:///a\";\n"), "\(flake)")
    #expect(flake.contains("= inputs.\(input).rev;"))
  }

  @Test("two projects that become one input of a flake are an error")
  func flakeCollision() throws {
    let members = try ["a.b", "a_b"].map { Member(project: try ProjectName($0), commit: try commit("1")) }
    let inputs = members.map { FlakeInput(member: $0, url: "git+file:///a", isFlake: true) }
    let state = DesiredState.wanting(.init(name: "toto", commits: members))
    #expect(throws: UnwritableState.self) { try state.flake(of: inputs, root: nil) }
    #expect(throws: UnwritableState.self) { try state.nixArguments(of: inputs, root: nil) }
  }

  @Test("a path in a flake's URL is encoded")
  func flakeURL() throws {
    #expect(
      FlakeInput.url(ofRepository: "/my lab/50%&é", reference: "refs/heads/a+b", at: try commit("1"))
        == "git+file:///my%20lab/50%25%26%C3%A9?ref=refs/heads/a%2Bb&rev=\(try commit("1"))")
  }
}
