import TestSupport
import Testing

/// A way from one machine to another, as Git has them.
enum Transport: String, CustomTestStringConvertible {
  case path = "a local path"
  case file = "file://"
  case ssh
  case http

  /// Those for which nothing has to be installed or started.
  static let withoutServer: [Transport] = [.path, .file]

  var testDescription: String { rawValue }

  /// Runs `body` while what is under `root` can be reached this way.
  func serve(_ root: String, _ body: (Route) throws -> Void) throws {
    switch self {
    case .path: try body(Route { "\(root)/\($0)" })
    case .file: try body(Route { "file://\(root)/\($0)" })
    case .ssh:
      try SSHServer.run { server in
        try body(Route(environment: server.environment) { server.url("\(root)/\($0)") })
      }
    case .http:
      try HTTPServer.run(of: root) { server in
        try body(Route(environment: server.environment) { server.url($0) })
      }
    }
  }
}

/// How to reach what is under one directory.
struct Route {
  /// What Git needs to be let in.
  var environment: [String: String?] = [:]
  /// The URL of what is at a path below the directory.
  let url: (String) -> String
}

/// Two people's machines, and one repository that both can reach, as they reach the projects' sources.
struct TwoMachines {
  /// A workspace with the projects of ``Lab/threeProjects()``.
  let here: Lab
  /// An empty directory as the workspace.
  let there: Lab
  /// The repository between them, which is empty.
  let remote: TestRepository
  private let route: Route

  static func with(_ transport: Transport, _ body: (TwoMachines) throws -> Void) throws {
    var (here, there) = try (Lab.threeProjectsNotFetched(), Lab())
    let remote = try TestRepository.create(at: here.directory.appending("remote.git"), bare: true)
    try transport.serve(here.directory.path) { route in
      here.environment = here.environment.with(route.environment)
      there.environment = there.environment.with(route.environment)
      let machines = TwoMachines(here: here, there: there, remote: remote, route: route)
      for project in Lab.threeProjectNames {
        try here.weave("project", "set", project, "source", machines.url(of: project))
      }
      try here.weave("remote", "add", "origin", machines.url)
      try body(machines)
    }
  }

  /// The remote's URL.
  var url: String { route.url("remote.git") }

  /// The URL of a project's source.
  func url(of project: String) -> String { route.url("sources/\(project)") }

  /// Fetches and links here, pushes, and clones there with every project checked out.
  func pushAndClone() throws {
    try here.weave("fetch")
    try here.link("telperion@v1", "laurelin@v1", "narya@v1")
    try here.weave("push")
    try there.weave("clone", url, there.workspace, "--checkout-all", in: there.directory.path)
  }
}
