@testable import LabSupport

/// The commands that read a store of `FaultStore`, under the names that the table of faults gives them.
///
/// REVOCATION stands for what bob revoked, LOCK for the first lock.
enum FaultCommands {
  static let all: [[String]] = [
    ["check", "telperion@v3", "laurelin@v3", "-c", "emerald-city"],
    ["check", "telperion@v2", "laurelin@v2", "narya@v2", "-c", "emerald-city"],
    ["resolve", "-c", "emerald-city", "--json"],
    ["resolve", "-c", "emerald-city", "--machine", "toto", "--format", "env"],
    ["links"],
    ["affected", "--json"],
    ["sha", "narya", "--machine", "barge", "-c", "emerald-city"],
    // There are two constellations, so that this is an error.
    ["sha", "telperion", "--machine", "toto"],
    ["manifest", "--machine", "barge", "-c", "emerald-city"],
    ["status", "-c", "emerald-city", "--json"],
    ["status", "-c", "emerald-city", "--exit-code"],
    ["why", "narya", "-c", "emerald-city"],
    ["lock", "--show", "-c", "emerald-city"],
    ["lock", "--list", "-c", "emerald-city"],
    ["reverse", "telperion@v2"],
    ["propose", "-c", "emerald-city"],
    ["log"],
    ["show", "REVOCATION", "--json"],
    ["graph", "-c", "emerald-city"],
    ["set", "list"],
    ["set", "show", "release-1"],
    ["constellation", "list"],
    ["project", "list"],
  ]
}
