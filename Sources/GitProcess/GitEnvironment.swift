import ForeignText

/// The variables of the caller that every run of Git may see, with weave's own added. Paths in them are absolute: Git
/// is run elsewhere.
func gitEnvironment(from caller: [String: String], workingDirectory: String) -> [String: String] {
  var variables = caller.filter { variable in
    !variable.key.begins(with: "GIT_") || keptVariables.contains(variable.key)
      || keptPrefixes.contains { variable.key.begins(with: $0) }
  }
  // What Git and its children would take for the name of where they are.
  for name in ["PWD", "OLDPWD"] { variables[name] = nil }
  for (name, value) in variables {
    let isRelativePath =
      pathVariables.contains(name) && !value.isEmpty || programVariables.contains(name) && value.holds("/")
    if isRelativePath, !value.begins(with: "/") { variables[name] = workingDirectory + "/" + value }
  }
  variables["GIT_NO_REPLACE_OBJECTS"] = "1"
  variables["GIT_ALLOW_PROTOCOL"] = "file:git:http:https:ssh"
  if variables["GIT_TERMINAL_PROMPT"] == nil { variables["GIT_TERMINAL_PROMPT"] = "0" }
  // A few of Git's warnings have no exit code and must be read, so they must be in the language that we read.
  variables["LC_ALL"] = "C"
  return variables
}

// Transport, credentials, tracing, and where the user's own configuration is.
private let keptVariables: Set<String> = [
  "GIT_ASKPASS", "GIT_TERMINAL_PROMPT", "GIT_EXEC_PATH",
  "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM",
]

private let pathVariables: Set<String> = [
  "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_EXEC_PATH", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH",
  "GIT_SSL_CERT",
  "GIT_SSL_KEY", "HOME", "XDG_CONFIG_HOME", "GNUPGHOME",
]

/// Of these a name without a slash is looked for in PATH.
private let programVariables: Set<String> = ["GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH", "GIT_PROXY_COMMAND"]

private let keptPrefixes = ["GIT_SSH", "GIT_SSL_", "GIT_PROXY", "GIT_HTTP_", "GIT_TRACE"]
