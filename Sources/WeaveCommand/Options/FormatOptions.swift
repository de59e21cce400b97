import ArgumentParser
import ForeignText
import WeaveFormats
import WeaveKit

/// How `weave resolve` and `weave lock --show` answer a deploy tool.
struct FormatOptions: ParsableArguments {
  @Option(help: ArgumentHelp("What a deploy tool takes.", valueName: "format")) var format: DeployFormat?
  @Option(
    help: ArgumentHelp("Fill in this Mustache template; --format template is implied.", valueName: "file"),
    completion: .file())
  var template: String?
  @Option(help: ArgumentHelp("With --format ansible: this host's variables only.", valueName: "machine"))
  var host: String?
  @Option(
    help: ArgumentHelp(
      "With --format nix-flake and nix-args: the project whose flake is built.", valueName: "project"))
  var root: String?
  @Flag(help: "With --format nix-flake and nix-args: from the projects' sources, and not from the store.")
  var fromSource = false
  @Flag(help: "With --format nix-flake: take each project as a tree of files, whatever flake it has.")
  var asFiles = false

  static let discussion =
    "--format answers as a deploy tool takes it; Docs/reference/formats.md has an example of each."

  /// Nil where people are to read it.
  var chosen: DeployFormat? { format ?? (template == nil ? nil : .template) }

  func validate() throws {
    if format == .template && template == nil {
      throw ValidationError("--template FILE says which template")
    }
    if let format, format != .template, template != nil {
      throw ValidationError("--template and --format \(format.rawValue) exclude each other")
    }
    if host != nil && format != .ansible { throw ValidationError("--host goes with --format ansible") }
    if (root != nil || fromSource) && format != .nixFlake && format != .nixArgs {
      throw ValidationError("--root and --from-source go with --format nix-flake and nix-args")
    }
    if asFiles && (format != .nixFlake || root != nil) {
      throw ValidationError("--as-files goes with --format nix-flake, without --root")
    }
  }

  func print(
    _ state: DesiredState, as format: DeployFormat, _ loaded: LoadedConstellation, _ workspace: Workspace,
    _ printer: Printer
  ) async throws {
    var options = DeploymentOptions()
    (options.template, options.host, options.root) = (template, host, root)
    (options.isFromSource, options.isAsFiles) = (fromSource, asFiles)
    let (text, notes) = try await workspace.deploymentText(of: state, as: format, options, in: loaded)
    for note in notes { printer.note("note: \(note)") }
    printer.raw(Array(text.utf8), isError: false)
  }

  /// Runs `body`; Terraform shows what a program says as it fails, and wants that to be one line.
  func explainingErrors(on printer: Printer, _ body: () async throws -> Void) async throws {
    do { try await body() } catch {
      guard chosen == .terraformExternal, let explanation = Explanation(error) else { throw error }
      let sentences = [explanation.message] + explanation.details + explanation.hints
      let words = sentences.joined(separator: "; ").words.joined(
        separator: " ")
      printer.note("error: \(words)")
      throw ExitCode(explanation.kind.exitCode)
    }
  }
}

extension DeployFormat: ExpressibleByArgument {}

extension WeaveError.Kind {
  /// What weave exits with.
  var exitCode: Int32 {
    switch self {
    case .usage: 1
    case .incompatible: 5
    case .undecided: 4
    }
  }
}
