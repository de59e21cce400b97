import WeaveKit
import WeaveModel

/// A resolution as JSON, with the constellation's own data beside what it belongs to (Docs/reference/json.md).
struct ResolutionJSON: Encodable {
  struct Crossing: Encodable {
    let members: [MemberJSON]
    let live: Bool
  }
  struct Pick: Encodable {
    let project, commit, reason: String
    let behind: Int?
  }
  struct MachineJSON: Encodable {
    let machine: String
    let roles: [String]
    let projects: [Pick]
    let data: JSONValue?
  }
  struct OutlookJSON: Encodable {
    let projects, newest, revocations: Int
    let newLinks: [[MemberJSON]]
  }
  struct Named: Encodable {
    let name: String
    let data: JSONValue?
  }

  let schema = "weave.resolution/1"
  let constellation, resolution: String
  let crossings: [Crossing]
  let machines: [MachineJSON]
  let outlook: OutlookJSON
  let projects, roles: [Named]
  let data: JSONValue?
  let trust: TrustJSON?

  init(
    _ resolution: Resolution, _ rows: [(String, [Resolution.Pick])], _ source: Constellation,
    behind: (Resolution.Pick) throws -> Int?
  ) throws {
    constellation = resolution.constellation
    self.resolution = try resolution.tree.id().hex
    crossings = resolution.crossings.map { crossing in
      Crossing(
        members: crossing.pair.json, live: crossing.isLive)
    }
    machines = try rows.map { name, picks in
      let machine = source.machine(name)
      return MachineJSON(
        machine: name, roles: machine?.roles ?? [],
        projects: try picks.map { pick in
          Pick(
            project: pick.project.text, commit: pick.commit.hex, reason: pick.reason.rawValue,
            behind: try behind(pick))
        },
        data: machine?.data)
    }
    outlook = OutlookJSON(
      projects: resolution.outlook.projects, newest: resolution.outlook.newest,
      revocations: resolution.outlook.revocations, newLinks: resolution.outlook.newLinks.map(\.json))
    projects = source.projects.map { Named(name: $0.name.text, data: $0.data) }
    roles = source.roles.map { Named(name: $0.name, data: $0.data) }
    data = source.data
    trust = resolution.trust.map(TrustJSON.init)
  }
}

extension CommitPair {
  /// Both members, in order.
  var json: [MemberJSON] { [first, second].map(MemberJSON.init) }
}
