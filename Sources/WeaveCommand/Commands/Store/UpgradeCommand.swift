import ArgumentParser
import WeaveKit

struct UpgradeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "upgrade",
    abstract: "Raise the store's format, so that it can hold what older weaves cannot read.",
    discussion: """
      Nothing else raises it, and nothing lowers it again. Weave 0.1.0 then stops at this store, once it was pushed, and \
      says that it needs a newer one; events that others record with it still arrive.
      """)

  @OptionGroup var options: GlobalOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let (former, new) = try await options.workspace(surroundings).upgrade()
    printer.note(
      former == new
        ? "The store is of format \(new) already"
        : "The store is of format \(new) now, and was of \(former); `weave push` tells the others")
  }
}
