import TestSupport
import Testing
import WeaveModel

@Suite struct ConstellationTests {
  private func parse(_ text: String) throws(ConstellationError) -> Constellation {
    try Constellation(parsing: text, file: "file.yaml")
  }

  private func machines(_ text: String) throws(ConstellationError) -> Constellation {
    try parse(ConstellationExample.text(machines: text))
  }

  private func names(_ names: String...) -> [ProjectName] { names.map(ConstellationExample.project) }

  @Test func `the design's example is read in full`() throws {
    let city = try parse(ConstellationExample.text)
    #expect(city.name == "emerald-city")
    #expect(city.projects.map(\.name) == names("telperion", "laurelin", "narya", "nixpkgs"))
    #expect(city.projects.map(\.track) == [nil, "main", nil, nil])
    let narya = try #require(CommitID(hex: "4f2c1d4f2c1d4f2c1d4f2c1d4f2c1d4f2c1d4f2c"))
    #expect(city.projects.map(\.pin) == [nil, nil, .commit(narya), .tag("7241bc…")])
    #expect(city.projects.map(\.isFree) == [false, false, false, true])
    #expect(city.roles.map(\.name) == ["dns", "media"])
    #expect(city.roles[1].claims == ["port/tcp/443", "mount:/srv"])
    #expect(city.roles[1].needs["memory"]?.value == 8 << 30)
    #expect(city.couplings == [names("telperion", "laurelin"), names("telperion", "narya")])
    #expect(city.machines.count == 43)
    #expect(
      city.machines.prefix(4).map(\.name) == [
        "toto.canon", "barge.emerald.city", "dashy@toto.canon", "web-01.example",
      ])
    #expect(city.machines.last?.name == "web-40.example")
    let toto = try #require(city.machine("toto.canon"))
    #expect(toto.pins == [ConstellationExample.project("narya"): .tag("4f2c1d…")])
    let hold = Hold(
      project: ConstellationExample.project("laurelin"), at: .tag("d0230f1…"), because: "kernel regression",
      until: "2026-12-01")
    #expect(toto.holds == [hold])
    #expect(toto.kind == .host && toto.host == nil && !toto.isWithHost)
    let dashy = try #require(city.machine("dashy@toto.canon"))
    #expect(dashy.kind == .container && dashy.host == "toto.canon" && dashy.isWithHost)
    #expect(dashy.projects == names("telperion", "laurelin", "narya"))
    #expect(city.machine("barge.emerald.city")?.kind == .vm)
    #expect(city.machine("nobody") == nil)
  }

  @Test func `projects that priority lists come first, the others in the file's order`() throws {
    let text = "constellation: x\nprojects: {a: {}, b: {}, c: {}, d: {}}\npriority: [d, b]"
    #expect(try parse(text).projects.map(\.name) == names("d", "b", "a", "c"))
  }

  @Test func `a machine has each project of its roles once, in the order of priority`() throws {
    let machine = try machines("  m: { roles: [three, one] }").machines[0]
    #expect(machine.projects == names("a", "c"))
    #expect(machine.roles == ["three", "one"])
  }

  @Test func `JSON is read, and gives the order of priority`() throws {
    let text = #" {"constellation": "x", "priority": ["b", "a"], "projects": {"a": {}, "b": {"pin": "v1"}}}"#
    let constellation = try parse(text)
    #expect(constellation.projects.map(\.name) == names("b", "a"))
    #expect(constellation.machines.isEmpty && constellation.couplings == nil)
  }

  @Test func `no couplings and an empty list of couplings differ`() throws {
    let text = "constellation: x\nprojects: {a: {}}\n"
    #expect(try parse(text).couplings == nil)
    #expect(try parse(text + "couplings: []").couplings == [])
  }

  @Test(arguments: ["12e4567", "0x1F", "1_000", "yes", "1.0", "null"])
  func `a scalar is its text, whatever it looks like`(scalar: String) throws {
    let text = "constellation: x\nprojects: {a: {pin: \(scalar)}}\ndata: \(scalar)"
    #expect(try parse(text).projects[0].pin == .tag(scalar))
    #expect(try parse(text).data == .string(scalar))
  }

  @Test func `an unquoted pin of forty digits is a commit`() throws {
    let hex = String(repeating: "1e4567", count: 6) + "1234"
    let text = "constellation: x\nprojects: {a: {pin: \(hex)}}"
    #expect(try parse(text).projects[0].pin == CommitID(hex: hex).map(Pin.commit))
  }

  @Test func `data passes through at every level`() throws {
    let text = """
      constellation: x
      projects: { a: { data: { n: 007 } } }
      roles: { r: { projects: [a], data: [1, [two]] } }
      machines: { m: { data: yes, vms: { g: { data: { z: 1, a: 2 } } } } }
      data: { k: v }
      """
    let constellation = try parse(text)
    #expect(constellation.data == .object([("k", .string("v"))]))
    #expect(constellation.projects[0].data?["n"] == .string("007"))
    #expect(constellation.roles[0].data == .array([.string("1"), .array([.string("two")])]))
    #expect(constellation.machines[0].data == .string("yes"))
    #expect(constellation.machines[1].data == .object([("z", .string("1")), ("a", .string("2"))]))
  }

  @Test(arguments: [
    ("w[1:3]", ["w1", "w2", "w3"]), ("w[08:11]", ["w08", "w09", "w10", "w11"]),
    ("[a:c]x", ["ax", "bx", "cx"]),
    ("w[1:9:4]", ["w1", "w5", "w9"]), ("[1:2]-[A:B]", ["1-A", "1-B", "2-A", "2-B"]), ("w[5:5]", ["w5"]),
    ("w[9:10]", ["w9", "w10"]),
  ])
  func `a range expands as in Ansible`(pattern: String, names: [String]) throws {
    #expect(try machines("  '\(pattern)': {}").machines.map(\.name) == names)
  }

  @Test(arguments: [
    "  'w[1:3]': { roles: [one], data: d }\n  w2: { roles: [two] }",
    "  w2: { roles: [two] }\n  'w[1:3]': { roles: [one], data: d }",
  ])
  func `an exact name refines the range that covers it, key by key`(text: String) throws {
    let constellation = try machines(text)
    #expect(Set(constellation.machines.map(\.name)) == ["w1", "w2", "w3"])
    #expect(constellation.machines.count == 3)
    #expect(constellation.machine("w2")?.roles == ["two"])
    #expect(constellation.machine("w2")?.data == .string("d"))
    #expect(constellation.machine("w3")?.roles == ["one"])
  }

  @Test func `guests of guests are named after the guest they are on`() throws {
    let constellation = try machines("  h: { vms: { g: { containers: { c: {}, d.e: {} } } } }")
    #expect(constellation.machines.map(\.name) == ["h", "g@h", "c@g@h", "d.e"])
    #expect(constellation.machines.map(\.host) == [nil, "h", "g@h", "g@h"])
  }

  @Test func `every machine of a range has the guests of the range`() throws {
    let constellation = try machines("  'h[1:2]': { vms: { 'g[1:2]': {} } }")
    #expect(constellation.machines.map(\.name) == ["h1", "g1@h1", "g2@h1", "h2", "g1@h2", "g2@h2"])
  }

  @Test func `a machine is found by its alias`() throws {
    let named = try machines("  h: { aliases: [k], address: 10.0.0.1 }").machine("k")
    #expect(named?.address?.text == "10.0.0.1")
  }

  @Test(arguments: [
    "  h: { roles: [one], vms: { g: { roles: [two] } } }",
    "  h: { roles: [one], vms: { g: { roles: [two], shares: [mount] } } }",
    "  h: { roles: [three], vms: { g: { roles: [three], shares: [port] } } }",
  ])
  func `a guest's claims are its own unless it shares them`(text: String) throws {
    #expect(try machines(text).machines.count == 2)
  }

  @Test(arguments: [
    "  h: { roles: [one], has: { memory: 8GiB } }", "  h: { roles: [one], has: { disk: 1 } }",
    "  h: { roles: [one], has: { memory: 12288Mi }, vms: { g: { roles: [two], has: { memory: 4Gi } } } }",
  ])
  func `roles may need all that a machine has`(text: String) throws {
    _ = try machines(text)
  }

  @Test func `an alias stands for what its anchor marks`() throws {
    let constellation = try machines("  h: &body { roles: [one] }\n  k: *body")
    #expect(constellation.machine("k")?.roles == ["one"])
  }

  @Test func `ten thousand machines on one host are read in good time`() throws {
    let text = "  h: { has: { memory: 1Pi }, vms: { 'g[1:10000]': { roles: [one] } } }"
    var count = 0
    let seconds = try cpuSeconds { count = try machines(text).machines.count }
    #expect(count == 10_001)
    #expect(seconds < 20)
  }

  @Test func `a mutated file is read or refused, and never crashes`() {
    var random = SeededGenerator(seed: 20_261_121)
    let original = Array(ConstellationExample.text.unicodeScalars)
    let spices = Array("{}[]:,-#&*?|>'\"%@`! \n\t\\0az<…\u{0}\u{feff}\u{85}".unicodeScalars)
    for _ in 0..<2_000 {
      var scalars = original
      for _ in 0...Int.random(in: 0..<6, using: &random) {
        let place = Int.random(in: 0..<scalars.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: scalars.remove(at: place)
        case 1: scalars[place] = spices.randomElement(using: &random) ?? "x"
        case 2: scalars.insert(spices.randomElement(using: &random) ?? "x", at: place)
        case 3: scalars.removeSubrange(place..<min(place + 20, scalars.count))
        default: scalars.insert(contentsOf: scalars[place..<min(place + 30, scalars.count)], at: place)
        }
        if scalars.isEmpty { scalars = original }
      }
      let text = String(String.UnicodeScalarView(scalars))
      do { _ = try parse(text) } catch {
        #expect(error.line >= 1 && error.column >= 1 && !error.message.isEmpty, "\(error)")
      }
    }
  }
}
