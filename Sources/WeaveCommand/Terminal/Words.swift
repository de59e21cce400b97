import Foundation
import WeaveModel

extension Compatibility.LinkStanding {
  /// The one word for it.
  var word: String {
    switch self {
    case .live: "live"
    case .partly: "partly"
    case .revoked: "revoked"
    case .withdrawn: "withdrawn"
    }
  }
}

extension Claim {
  /// The verb that records it.
  var verb: String {
    switch self {
    case .link: "link"
    case .revoke: "revoke"
    case .withdraw: "withdraw"
    }
  }
}

extension Event {
  /// The verb that records it; of what a newer weave recorded that it is newer, and its kind.
  var verb: String { message.newer.map { "newer \($0.kind)" } ?? claim.verb }
}

/// A moment as people read it: `2026-08-01 14:03`, in the zone it was recorded in.
func moment(_ seconds: Int64, offsetMinutes: Int = 0) -> String {
  let formatter = DateFormatter()
  formatter.locale = Locale(identifier: "en_US_POSIX")
  formatter.timeZone = TimeZone(secondsFromGMT: offsetMinutes * 60)
  formatter.dateFormat = "yyyy-MM-dd HH:mm"
  return formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
}

/// How long ago, in the largest unit that fits: `12s`, `5m`, `3h`, `2d`.
func age(_ seconds: Int64) -> String {
  switch seconds {
  case ..<60: "\(seconds)s"
  case ..<3_600: "\(seconds / 60)m"
  case ..<86_400: "\(seconds / 3_600)h"
  default: "\(seconds / 86_400)d"
  }
}

/// `1 machine`, `2 machines`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
