import Testing
import WeaveModel

@Suite struct PinsAndHoldsTests {
  private let a = valid(try ProjectName("a"))
  private let b = valid(try ProjectName("b"))

  private func constellation(
    _ machines: String, projects: String = "{a: {}, b: {}}"
  ) throws -> Constellation {
    try Constellation(
      parsing: """
        constellation: x
        projects: \(projects)
        roles: {r: {projects: [a, b]}}
        machines:
        \(machines)
        """, file: "f")
  }

  /// What counts of `a`: the machine that has it, or `all`, then what it names.
  private func counting(on machine: String, _ constellation: Constellation) -> String? {
    PinsAndHolds(of: constellation)[a, on: machine].map { "\($0.machine ?? "all"): \($0.at)" }
  }

  @Test func `a hold on a machine takes the place of a pin on it`() throws {
    let constellation = try constellation(
      "  m: {roles: [r], pins: {a: v1}, holds: [{project: a, at: v2, because: why}]}")
    #expect(counting(on: "m", constellation) == "m: v2")
    #expect(PinsAndHolds(of: constellation)[a, on: "m"]?.hold?.because == "why")
    #expect(PinsAndHolds(of: constellation)[b, on: "m"] == nil)
  }

  @Test func `a hold that somebody recorded takes the place of what the constellation holds and pins`() throws
  {
    let hold = Hold(project: a, at: try #require(Pin("v3")), because: "why")
    let constellation = try constellation(
      "  m: {roles: [r], pins: {a: v1}, holds: [{project: a, at: v2, because: why}]}"
    ).holding([("m", hold)])
    #expect(counting(on: "m", constellation) == "m: v3")
  }

  @Test func `a pin of the whole constellation counts where a machine has none of its own`() throws {
    let constellation = try constellation(
      """
        pinned: {roles: [r], pins: {a: v1}}
        held: {roles: [r], holds: [{project: a, at: v2, because: why}]}
        other: {roles: [r], pins: {b: v1}}
      """, projects: "{a: {pin: v9}, b: {}}")
    #expect(counting(on: "pinned", constellation) == "pinned: v1")
    #expect(counting(on: "held", constellation) == "held: v2")
    #expect(counting(on: "other", constellation) == "all: v9")
    #expect(PinsAndHolds(of: constellation).ofMachine("other").keys.map(\.text) == ["b"])
  }

  @Test func `what is built in one closure has them in common, first the host's, then the earlier guest's`()
    throws
  {
    func fleet(host: String = "", first: String = "", second: String = "", third: String = "") throws
      -> Constellation
    {
      try constellation(
        """
          h:
            roles: [r]
            \(host)
            containers:
              g1: {roles: [r], with-host: true\(first), containers: {g2: {roles: [r], with-host: true\(second)}}}
              g3: {roles: [r], with-host: true\(third)}
              apart: {roles: [r]}
        """)
    }
    let (pin, hold) = (", pins: {a: v1}", ", holds: [{project: a, at: v2, because: why}]")
    for (constellation, counts) in [
      (try fleet(host: "pins: {a: v0}", first: hold, third: pin), "h: v0"),
      (try fleet(first: pin, second: hold), "g1@h: v1"),
      (try fleet(second: pin, third: hold), "g2@g1@h: v1"),
      (try fleet(third: hold), "g3@h: v2"),
    ] {
      for machine in ["h", "g1@h", "g2@g1@h", "g3@h"] {
        #expect(counting(on: machine, constellation) == counts)
      }
      #expect(counting(on: "apart@h", constellation) == nil)
    }
  }

  @Test func `what is agreed yields to pins and holds, of what a machine runs`() throws {
    let constellation = try constellation(
      """
        m: {roles: [r], pins: {a: v1}, holds: [{project: a, at: v2, because: why}]}
        n: {roles: [r]}
        idle: {pins: {a: v1}}
      """, projects: "{a: {}, b: {pin: v9}}")
    func commit(_ digit: Int) -> CommitID { CommitID(hex: String(repeating: "\(digit)", count: 40))! }
    let names = ["v1": commit(1), "v2": commit(2), "v9": commit(9)]
    let (machines, fixed) = try PinsAndHolds(of: constellation).overriding(
      ["m": [a: commit(5), b: commit(5)], "n": [a: commit(6), b: commit(6)], "idle": [:]],
      on: constellation.machines
    ) { fixed, _ in try #require(names["\(fixed.at)"]) }
    #expect(
      machines == [
        "m": [a: commit(2), b: commit(9)], "n": [a: commit(6), b: commit(9)], "idle": [:],
      ])
    #expect(fixed.mapValues { Set($0.keys) } == ["m": [a, b], "n": [b]])
    #expect(fixed["m"]?[a]?.hold != nil && fixed["m"]?[b]?.machine == nil)
  }

  @Test func `a group is fixed to what counts on its machines, and to what the constellation pins`() throws {
    let constellation = try constellation(
      """
        m: {roles: [r], pins: {a: v1}}
        n: {roles: [r]}
      """, projects: "{a: {pin: v8}, b: {pin: v9}}")
    func commit(_ digit: Int) -> CommitID { CommitID(hex: String(repeating: "\(digit)", count: 40))! }
    let names = ["v1": commit(1), "v8": commit(8), "v9": commit(9)]
    let formed = groups(
      of: constellation.placements(fixed: ["m": [a: commit(1)]]), couplings: nil, free: []
    ).groups
    let fixed = try formed.map { group in
      try group.fixing(by: PinsAndHolds(of: constellation)) { fixed, _ in try #require(names["\(fixed.at)"]) }
    }
    #expect(fixed.map(\.machines) == [["m"], ["n"]])
    #expect(fixed.map(\.fixed) == [[a: commit(1), b: commit(9)], [a: commit(8), b: commit(9)]])
  }
}
