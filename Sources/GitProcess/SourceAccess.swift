import ForeignText

/// How Git is told of a URL with a secret: the secret stands in the environment, which only the same user can see, and not
/// in the arguments of `git`, which everybody on the machine can. What Git then says of it is without the secret.
struct SourceAccess {
  /// What stands for the URL in the arguments.
  let argument: String
  /// Settings, each `key=value`; none holds a secret.
  private(set) var configuration: [String] = []
  private(set) var environment: [String: String] = [:]
  let redaction: Redaction

  init(_ url: RepositoryURL) {
    guard url.hasSecret else {
      (argument, redaction) = (url.textWithSecret, Redaction())
      return
    }
    (argument, redaction) = (url.text, Redaction(knowing: url))
    guard let login = url.login, let site = Self.site(of: url.text) else {
      // The secret is in the query, or in a URL of ssh: Git has no other place for it (git-config(1), since Git 2.31). The
      // program that Git starts for the transport has it among its arguments.
      set("url.\(url.textWithSecret).insteadOf", to: url.text)
      return
    }
    // The longest match: no `insteadOf` of the user's makes another URL of this one, as none did with the secret in it.
    if !url.text.utf8.contains(UInt8(ascii: "=")) {
      configuration.append("url.\(url.text).insteadOf=\(url.text)")
    }
    guard let password = login.password else {
      set("credential.\(site).username", to: login.user)
      return
    }
    // An empty one forgets the helpers before it: they may know another login (gitcredentials(7)).
    configuration += ["credential.\(site).helper=", "credential.\(site).helper=\(Self.helper)"]
    environment["WEAVE_LOGIN_USER"] = login.user
    environment["WEAVE_LOGIN_PASSWORD"] = password
  }

  private mutating func set(_ key: String, to value: String) {
    environment["GIT_CONFIG_COUNT"] = "1"
    environment["GIT_CONFIG_KEY_0"] = key
    environment["GIT_CONFIG_VALUE_0"] = value
  }

  /// A helper is asked `get` (git-credential(1), "INPUT/OUTPUT FORMAT").
  private static let helper = """
    !f() { test "$1" != get || printf 'username=%s\\npassword=%s\\n' "$WEAVE_LOGIN_USER" "$WEAVE_LOGIN_PASSWORD"; }; f
    """

  /// Scheme, host and port: what a login is for.
  private static func site(of url: String) -> String? {
    guard let scheme = url.firstIndex(ofBytes: "://") else { return nil }
    let authority = url[scheme...].dropFirst(bytes: 3).prefix(whileScalar: {
      !"/?#=".unicodeScalars.contains($0)
    })
    return authority.isEmpty ? nil : String(url[..<authority.endIndex])
  }
}

extension GitProcess {
  /// What is waited for while a Git works for a repository elsewhere.
  enum Watch {
    case question
    /// It should say how far it has come.
    case transfer
  }

  /// The absolute path that a URL is, or names as a `file:` one.
  private static func path(in url: String) -> String? {
    let path = url.dropping(prefix: "file://").map(String.init) ?? url
    return path.begins(with: "/") ? path : nil
  }

  /// Runs `git` for a repository elsewhere: `arguments` makes of what stands for its URL the subcommand and what follows.
  ///
  /// With `watch` it is ended where it stalls, as the settings have it.
  func run(
    for url: RepositoryURL, at place: GitPlace, configuration: [String] = [], isRetried: Bool = false,
    watch: Watch? = nil, standardInput: [UInt8] = [], _ arguments: (String) -> [String]
  ) async throws(GitProcessError) -> GitOutput {
    let access = SourceAccess(url)
    let transport = watch == nil ? nil : try await transportSettings(at: place)
    let stallLimit = watch == .question ? transport?.questionLimit : transport?.transferLimit
    let (line, settings) = (
      arguments(access.argument), (transport?.configuration ?? []) + configuration + access.configuration
    )
    let variables = access.environment.merging(transport?.environment ?? [:]) { own, _ in own }
    let output =
      if isRetried {
        try await runRetrying(
          line, at: place, standardInput: standardInput, configuration: settings, extraEnvironment: variables,
          stallLimit: stallLimit)
      } else {
        try await run(
          line, at: place, standardInput: standardInput, configuration: settings, extraEnvironment: variables,
          stallLimit: stallLimit)
      }
    return output.redacted(by: access.redaction).told(of: Self.path(in: url.text))
  }
}
