import ForeignText
import Synchronization

/// How long a Git that works for a repository elsewhere may wait for it, by the settings of the user and of the store.
struct TransportSettings {
  private static let defaultLimit = 60
  private static let limitKey = "weave.stalltimeout"

  /// Nil for ever.
  let stallLimit: Duration?
  var questionLimit: StallLimit? { stallLimit.map { .question($0) } }
  var transferLimit: StallLimit? { stallLimit.map { .transfer($0) } }
  /// Settings for its run, each `key=value`.
  private(set) var configuration: [String] = []
  private(set) var environment: [String: String] = [:]

  /// - Parameters:
  ///   - list: what `git config --null --list` says.
  ///   - environment: what Git sees of it.
  init(list: [UInt8], environment: [String: String]) throws(GitProcessError) {
    var (seconds, limitsSpeed, namesSSH) = (Self.defaultLimit, false, false)
    for entry in list.split(separator: 0) {
      let key = String(decoding: entry.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      let value = String(foreign: entry.dropFirst(key.utf8.count + 1))
      if key == Self.limitKey {
        guard let number = Int(value), number >= 0, number <= Int(Int32.max) else {
          throw GitProcessError(
            operation: "read weave.stallTimeout", reason: "'\(value)' is no number of seconds",
            hint: "`git config weave.stallTimeout 60`, or 0 for no limit")
        }
        seconds = number
      }
      if key == "core.sshcommand" { namesSSH = true }
      if key.begins(with: "http."), key.ends(with: ".lowspeedlimit") || key.ends(with: ".lowspeedtime") {
        limitsSpeed = true
      }
    }
    stallLimit = seconds == 0 ? nil : .seconds(seconds)
    guard seconds > 0 else { return }
    if !limitsSpeed { configuration = ["http.lowSpeedLimit=1", "http.lowSpeedTime=\(seconds)"] }
    if !namesSSH, environment["GIT_SSH_COMMAND"] == nil, environment["GIT_SSH"] == nil {
      self.environment["GIT_SSH_COMMAND"] = "ssh -o ConnectTimeout=\(seconds)"
    }
  }
}

/// The settings at each place where they were asked for.
final class KnownTransportSettings: Sendable {
  private let known = Mutex<[GitPlace: TransportSettings]>([:])

  subscript(place: GitPlace) -> TransportSettings? {
    get { known.withLock { $0[place] } }
    set { known.withLock { $0[place] = newValue } }
  }
}
