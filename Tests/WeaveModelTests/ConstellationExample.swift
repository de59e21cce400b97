import WeaveModel

/// The design's example file, in full.
enum ConstellationExample {
  static let text = """
    constellation: emerald-city
    priority: [telperion, laurelin]   # who gets its newest commit first
    projects:
      telperion: {}
      laurelin:  { track: main }      # a branch or tag of the project; default: its HEAD
      narya:     { pin: "4f2c1d4f2c1d4f2c1d4f2c1d4f2c1d4f2c1d4f2c" }
      nixpkgs:   { pin: "7241bc…", free: true }
    roles:
      dns:    { projects: [telperion, laurelin] }
      media:  { projects: [telperion, laurelin, narya], claims: [port/tcp/443, "mount:/srv"], needs: { memory: 8GiB } }
    machines:
      toto.canon:
        roles: [dns]
        has: { memory: 16GiB }
        pins:  { narya: "4f2c1d…" }                                   # this machine only
        holds: [{ project: laurelin, at: "d0230f1…", because: "kernel regression", until: 2026-12-01 }]
        vms:        { barge.emerald.city: { roles: [media] } }
        containers: { dashy: { roles: [media], with-host: true } }
      "web-[01:40].example": { roles: [media] }     # a range, as Ansible writes it
    couplings: [[telperion, laurelin], [telperion, narya]]            # optional
    """

  static func project(_ text: String) -> ProjectName { valid(try ProjectName(text)) }

  /// A small file with these machines; the projects are a, b and c, the roles one to three.
  static func text(machines: String, more: String = "") -> String {
    """
    constellation: test
    projects: { a: {}, b: {}, c: {} }
    roles:
      one:   { projects: [c, a], claims: [port/tcp/443], needs: { memory: 8GiB } }
      two:   { projects: [b], claims: [port/tcp/443], needs: { memory: 4GiB } }
      three: { projects: [a], claims: ["mount:/srv"] }
    \(more)machines:
    \(machines)
    """
  }

  /// The line of the first machine in `text(machines:)`.
  static let firstMachineLine = 8
}
