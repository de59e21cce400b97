import Foundation

/// `git http-backend` behind an nginx on a port of 127.0.0.1, which asks for a user name and a password.
public struct HTTPServer: Sendable {
  /// Whether there are nginx, fcgiwrap and `git http-backend`.
  public static let isInstalled =
    ["nginx", "fcgiwrap"].allSatisfy { installedProgram($0) != nil } && backend != nil

  /// The port that it listens on.
  public let port: UInt16
  private let directory: TemporaryDirectory

  /// Runs `body` with a server of the repositories under `root` that ends with it.
  public static func run<Result>(
    of root: String, _ body: (HTTPServer) throws -> Result
  ) throws -> Result {
    guard let nginx = installedProgram("nginx"), let fcgiwrap = installedProgram("fcgiwrap"), let backend
    else { throw TestFailure("nginx, fcgiwrap or git http-backend is not installed") }
    let directory = try TemporaryDirectory()
    let socket = directory.appending("backend")
    try directory.write("\(user):{PLAIN}\(password)\n", to: "htpasswd")
    let gitConfiguration = try directory.write("[http]\n\treceivepack = true\n", to: "gitconfig")
    let environment = TestEnvironment(home: directory.path).with(["GIT_CONFIG_GLOBAL": gitConfiguration])
    let wrapper = try spawnProcess(
      fcgiwrap, ["-s", "unix:\(socket)"], in: directory.path, environment: environment.variables)
    defer { wrapper.stop() }
    guard wrapper.waits(until: { FileManager.default.fileExists(atPath: socket) }) else {
      throw TestFailure("fcgiwrap does not start")
    }
    return try withLoopbackServer { port in
      let configuration = try directory.write(
        nginxConfiguration(port, directory, root: root, backend: backend), to: "nginx.conf")
      return try spawnProcess(
        nginx, ["-p", directory.path, "-c", configuration, "-e", "stderr"], in: directory.path,
        environment: environment.variables)
    } _: { port in
      try writeCredentialHelpers(to: directory)
      return try body(HTTPServer(port: port, directory: directory))
    }
  }

  /// The URL of the repository at `path`, which begins below the root.
  public func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }

  /// What Git needs to be let in: a credential helper that answers.
  public var environment: [String: String?] { ["GIT_CONFIG_GLOBAL": directory.appending("right.gitconfig")] }

  /// The same with a credential helper whose answer is wrong.
  public var environmentOfStranger: [String: String?] {
    ["GIT_CONFIG_GLOBAL": directory.appending("wrong.gitconfig")]
  }

  private static let user = "ann"
  /// The password of the one user.
  public static let password = "correct-horse"

  private static let backend: String? = {
    let environment = TestEnvironment(home: "/nonexistent")
    guard let path = try? runGit(["--exec-path"], in: "/", environment: environment).trimmed else {
      return nil
    }
    let backend = "\(path)/git-http-backend"
    return FileManager.default.isExecutableFile(atPath: backend) ? backend : nil
  }()

  private static func writeCredentialHelpers(to directory: TemporaryDirectory) throws {
    for (name, password) in [("right", password), ("wrong", "tr0ub4dor")] {
      let helper = try directory.write(
        """
        #!/bin/sh
        if [ "$1" = get ]; then printf 'username=%s\\npassword=%s\\n' '\(user)' '\(password)'; fi

        """, to: "\(name)-credentials", executable: true)
      try directory.write("[credential]\n\thelper = \(helper)\n", to: "\(name).gitconfig")
    }
  }

  /// One process, so that nothing is left when it ends and root's is not made another user's.
  private static func nginxConfiguration(
    _ port: UInt16, _ directory: TemporaryDirectory, root: String, backend: String
  ) -> String {
    let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
      "\($0)_temp_path \(directory.appending("temporary-\($0)"));"
    }
    return """
      daemon off;
      master_process off;
      pid \(directory.appending("pid"));
      error_log stderr;
      events {}
      http {
        access_log off;
        \(places.joined(separator: "\n  "))
        client_max_body_size 0;
        server {
          listen 127.0.0.1:\(port);
          auth_basic "the tests of weave";
          auth_basic_user_file \(directory.appending("htpasswd"));
          location / {
            fastcgi_pass unix:\(directory.appending("backend"));
            fastcgi_param SCRIPT_FILENAME \(backend);
            fastcgi_param GIT_PROJECT_ROOT \(root);
            fastcgi_param GIT_HTTP_EXPORT_ALL "";
            fastcgi_param PATH_INFO $uri;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param QUERY_STRING $query_string;
            fastcgi_param CONTENT_TYPE $content_type;
            fastcgi_param CONTENT_LENGTH $content_length;
          }
        }
      }

      """
  }
}
