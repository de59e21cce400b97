import ForeignText

/// How a machine is asked what it runs.
public struct Probe: Sendable, Equatable {
  public enum Method: Sendable, Equatable {
    /// By ssh: where to, and what the shell there is handed.
    case ssh(target: ProbeText, run: ProbeText)
    /// By a program here, and its arguments; no shell is between.
    case command(program: String, arguments: [ProbeText])

    public static func == (one: Method, other: Method) -> Bool {
      switch (one, other) {
      case (.ssh(let target, let run), .ssh(let otherTarget, let otherRun)):
        target == otherTarget && run == otherRun
      case (.command(let program, let arguments), .command(let otherProgram, let otherArguments)):
        program.isExactly(otherProgram) && arguments == otherArguments
      default: false
      }
    }
  }

  public let method: Method
  /// How long a machine is given to answer, in seconds; nil where the file does not say.
  public let timeout: Int?

  /// The longest that a machine may be given, in seconds.
  public static let longestTimeout = 3_600
}

extension Probe {
  /// The seconds that `10s`, `2m` or `1h` spell, up to an hour; nil for anything else.
  public static func seconds(_ text: String) -> Int? {
    // Every weave that reads the constellation is to take the same for a time.
    guard !text.begins(with: "+") else { return nil }
    return TimeSpan.seconds(text, within: 1...Int64(longestTimeout)).map { Int($0) }
  }
}

/// Text with places for what is a machine's own.
public struct ProbeText: Sendable, Equatable {
  public enum Part: Sendable, Equatable {
    case text(String)
    /// The machine's full name: `{machine}`.
    case machine
    /// How to reach it: `{address}`.
    case address

    public static func == (one: Part, other: Part) -> Bool {
      switch (one, other) {
      case (.text(let one), .text(let other)): one.isExactly(other)
      case (.machine, .machine), (.address, .address): true
      default: false
      }
    }
  }

  /// Texts are not empty, and no two follow one another.
  public let parts: [Part]

  /// Whether it has a place for the machine's address.
  public var namesAddress: Bool { parts.contains(.address) }

  /// The text with what is the machine's own in its places.
  public func filled(machine: String, address: String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .machine: machine
      case .address: address
      }
    }.joined()
  }

  /// As it is written in the file.
  public var source: String { filled(machine: "{machine}", address: "{address}") }
}
