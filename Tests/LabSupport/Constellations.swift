/// Constellation files of the tests, for the projects of `Lab.threeProjects`.
enum Constellations {
  /// `toto` runs telperion and laurelin, `barge` laurelin and narya.
  static let emeraldCity = emeraldCity(toto: "")

  /// As `emeraldCity`; `more` goes on in `toto`.
  static func emeraldCity(toto more: String) -> String {
    """
    constellation: emerald-city
    projects:
      telperion: {}
      laurelin: {}
      narya: {}
    roles:
      dns: { projects: [telperion, laurelin] }
      media: { projects: [laurelin, narya] }
    machines:
      toto: { roles: [dns]\(more) }
      barge: { roles: [media] }
    """
  }

  /// `toto` runs telperion and laurelin, and `more` goes on in it.
  static func pair(
    _ more: String = "", projects: String = "{ telperion: {}, laurelin: {} }", named name: String = "pair"
  ) -> String {
    """
    constellation: \(name)
    projects: \(projects)
    roles: { dns: { projects: [telperion, laurelin] } }
    machines: { toto: { roles: [dns]\(more) } }
    """
  }

  /// `toto` runs all three.
  static let trio = """
    constellation: trio
    projects: { telperion: {}, laurelin: {}, narya: {} }
    roles: { all: { projects: [telperion, laurelin, narya] } }
    machines: { toto: { roles: [all] } }
    """

  /// `barge` runs narya, and there is nothing else.
  static let narya = """
    constellation: alone
    projects: { narya: {} }
    roles: { ring: { projects: [narya] } }
    machines: { barge: { roles: [ring] } }
    """

  /// `toto` with one container that is built with it, which has another in it, and one that is not.
  static func hosts(toto more: String = "") -> String {
    """
    constellation: hosts
    projects: { telperion: {}, laurelin: {}, narya: {} }
    roles: { dns: { projects: [telperion, laurelin] }, media: { projects: [narya] } }
    machines:
      toto.canon:
        roles: [dns]
        aliases: [toto]\(more)
        containers:
          dashy:
            roles: [media]
            with-host: true
            containers: { inner: { roles: [media], with-host: true } }
          other: { roles: [media] }
      barge: { roles: [media] }
    """
  }
}
