import ForeignText

/// Exactly which commit: by its id, or by a tag that names it.
public enum Pin: Hashable, Sendable, CustomStringConvertible {
  case commit(CommitID)
  case tag(String)

  /// The pin that `text` is: 40 hexadecimal digits, else a tag's name; nil for what can be neither.
  public init?(_ text: String) {
    if let commit = CommitID(hex: text) {
      self = .commit(commit)
    } else if GitRefRules.isValid(text) {
      self = .tag(text)
    } else {
      return nil
    }
  }

  /// A tag is the other only where Git has one of them.
  public static func == (one: Pin, other: Pin) -> Bool {
    switch (one, other) {
    case (.commit(let one), .commit(let other)): one == other
    case (.tag(let one), .tag(let other)): one.isExactly(other)
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .commit(let commit): hasher.combine(commit)
    case .tag(let tag): hasher.combine(ExactText(tag))
    }
  }

  public var description: String {
    switch self {
    case .commit(let commit): commit.hex
    case .tag(let tag): tag
    }
  }
}

/// Git's rules for the name of a branch or tag (git-check-ref-format(1)), which must be a ``LegibleName`` too.
enum GitRefRules {
  static func isValid(_ text: String) -> Bool {
    guard !text.isEmpty, text != "@", text != "HEAD", LegibleName.reason(against: text) == nil,
      !text.ends(with: "."),
      !text.holds(".."), !text.holds("@{")
    else { return false }
    let forbidden: Set<Unicode.Scalar> = [" ", "~", "^", ":", "?", "*", "[", "\\", "\u{7f}"]
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !forbidden.contains($0) }) else {
      return false
    }
    return text.split(atScalar: "/", keepsEmpty: true).allSatisfy {
      !$0.isEmpty && !$0.begins(with: ".") && !$0.ends(with: ".lock")
    }
  }
}
