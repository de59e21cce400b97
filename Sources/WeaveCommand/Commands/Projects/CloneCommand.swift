import ArgumentParser
import WeaveKit

struct CloneCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "clone", abstract: "Make a workspace from the URL of a remote.",
    usage: """
      weave clone <url> [<directory>] [--private] [--policy <id>]
                  [--checkout <project>... | --checkout-all]
      """,
    discussion: "The projects are fetched from their own sources, in parallel.")

  @Argument(help: "A URL or path that `git fetch` takes.") var url: String
  @Argument(help: "Where. Default: the URL's last part.", completion: .directory) var directory: String?
  @Flag(help: "A private remote: also what names private projects.") var `private` = false
  @Option(help: ArgumentHelp("Check this project out; may be repeated.", valueName: "project"))
  var checkout: [String] = []
  @Flag(help: "Check every project out.") var checkoutAll = false
  @Option(
    help: ArgumentHelp(
      "Fail, and leave nothing behind, unless just this would be in use (`weave policy`).", valueName: "id"))
  var policy: String?
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if checkoutAll && !checkout.isEmpty {
      throw ValidationError("--checkout and --checkout-all exclude each other")
    }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    printer.showProgress("Asking the remote")
    defer { printer.clearProgress() }
    let outcome = try await Workspace.clone(
      url, to: directory, audience: `private` ? .private : .public,
      checkout: checkoutAll ? .all : checkout.isEmpty ? .none : .named(checkout), policy: policy,
      caller: options.surroundings(from: surroundings),
      report: FetchView(printer: printer).progress)
    printer.clearProgress()
    let pull = PullView(outcome: outcome.pulled, printer: printer)
    if pull.hasFailures || !pull.isWhole { pull.show() }
    for result in outcome.fetched where result.failure != nil { FetchView(printer: printer).show(result) }
    for failure in outcome.failures { printer.explain(failure) }
    for line in outcome.believed { printer.note(line) }
    printer.note(
      "Cloned into \(outcome.directory): \(counted(outcome.pulled.newEvents, "event")), "
        + "\(outcome.fetched.count { $0.failure == nil }) of \(counted(outcome.fetched.count, "project")) fetched"
        + (outcome.checkedOut.isEmpty ? "" : ", \(outcome.checkedOut.joined(separator: ", ")) checked out"))
    if pull.hasFailures || !outcome.failures.isEmpty || outcome.fetched.contains(where: { $0.failure != nil })
    {
      throw ExitCode(1)
    }
  }
}
