import ArgumentParser
import WeaveKit
import WeaveModel

struct VerifyCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Verify the signatures of events, all or those named.",
    usage: "weave verify [<event>...] [--json]",
    discussion:
      "By the keys that Git knows: gpg.ssh.allowedSignersFile, and the OpenPGP keyring. Exits with 1 when a signature is bad, or one of an event that is named is not good."
  )

  @Argument(help: ArgumentHelp("The events' ids; may be shortened.", valueName: "event")) var events:
    [String] = []
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: ReadingOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let verified = try await workspace.verify(events)
    if json {
      try printer.json(
        Document(
          schema: "weave.signatures/1",
          events: zip(EventJSON.list(verified.map(\.event)), verified).map {
            VerifiedJSON(event: $0, signature: SignatureJSON($1.verdict))
          }))
    } else {
      print(verified, printer)
    }
    let isUnverified = verified.contains { $0.verdict.finding == .unverifiable }
    if isUnverified, try await !workspace.knowsAllowedSigners() {
      printer.note(
        "hint: ssh signatures are verified once it is said whose the keys are: "
          + "`git config gpg.ssh.allowedSignersFile FILE` (ssh-keygen(1), ALLOWED SIGNERS)")
    }
    let isAnyNamed = !events.isEmpty
    let isWrong = verified.contains {
      $0.verdict.finding == .bad || (isAnyNamed && $0.verdict.finding != .good)
    }
    if isWrong { throw ArgumentParser.ExitCode(1) }
  }

  private func print(_ verified: [VerifiedEvent], _ printer: Printer) {
    guard !verified.isEmpty else { return }
    var table = Table("EVENT", "KIND", "SIGNATURE", "SIGNER", "KEY")
    for event in verified {
      table.add(
        event.event.id.short, event.event.verb, event.verdict.word, event.verdict.principal ?? "",
        event.verdict.key ?? "")
    }
    table.print(on: printer)
  }

  struct Document: Encodable { let schema: String; let events: [VerifiedJSON] }
  struct VerifiedJSON: Encodable {
    let event: EventJSON
    let signature: SignatureJSON
  }
}
