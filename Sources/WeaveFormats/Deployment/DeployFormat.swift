/// What a resolution or a lock can be written as, for a deploy tool to take (Docs/reference/formats.md).
public enum DeployFormat: String, CaseIterable, Sendable {
  /// The document of `--json`.
  case json
  /// `project<TAB>commit`, a line each.
  case lines
  /// Assignments for a POSIX shell.
  case env
  /// A `flake.nix` that pins every project.
  case nixFlake = "nix-flake"
  /// Arguments for `nix`, a line each.
  case nixArgs = "nix-args"
  /// `weave.auto.tfvars.json`.
  case tfvars
  /// The answer to Terraform's `data "external"`, which asks on standard input.
  case terraformExternal = "terraform-external"
  /// Lines for `$GITHUB_OUTPUT`.
  case githubOutput = "github-output"
  /// A variable for `nomad var put -in json -`.
  case nomadVar = "nomad-var"
  /// Keys for `consul kv import`.
  case consulKV = "consul-kv"
  /// A dynamic inventory.
  case ansible
  /// Metrics for node_exporter's textfile collector.
  case prometheus
  /// Whatever a Mustache template of the user's makes of it.
  case template
}
