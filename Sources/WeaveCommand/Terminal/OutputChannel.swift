import Foundation
import Synchronization

/// Where bytes go that a command prints.
public protocol OutputChannel: Sendable {
  /// Writes all of the bytes.
  ///
  /// - Returns: the errno of what kept them from being written whole; nil when they were.
  func write(_ bytes: [UInt8]) -> Int32?

  /// What shows them, as it is now; nil where no terminal does.
  var terminal: Terminal? { get }
}

extension OutputChannel {
  /// The line, cut to the terminal's width where there is one.
  func cut(_ line: String) -> String { Terminal.cut(line, to: terminal?.width) }

  /// The text with line breaks between words, as the terminal's width asks for; as it is where there is none.
  func wrapped(_ text: String) -> String { terminal?.width.map { Terminal.wrapped(text, to: $0) } ?? text }
}

/// An open file descriptor.
public struct DescriptorChannel: OutputChannel {
  private let descriptor: Int32
  private let wantsColour, isDumb: Bool

  /// A channel to the descriptor; the environment says what is to be shown on a terminal (`TERM`, and
  /// <https://no-color.org>).
  public init(_ descriptor: Int32, environment: [String: String]) {
    self.descriptor = descriptor
    wantsColour = (environment["NO_COLOR"] ?? "").isEmpty
    isDumb = environment["TERM"] == "dumb"
  }

  public func write(_ bytes: [UInt8]) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno != EINTR { return errno }
      rest = rest.dropFirst(max(0, count))
    }
    return nil
  }

  public var terminal: Terminal? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    return Terminal(
      width: isKnown && size.ws_col > 20 ? Int(size.ws_col) : nil,
      height: isKnown && size.ws_row > 0 ? Int(size.ws_row) : nil, movesCursor: !isDumb,
      isColoured: wantsColour)
  }
}

/// What was printed, kept in memory.
public final class PrintedText: OutputChannel {
  public let terminal: Terminal?
  private let written = Mutex<[UInt8]>([])

  /// An empty text, printed as for that terminal.
  public init(for terminal: Terminal? = nil) { self.terminal = terminal }

  /// All that was printed so far.
  public var bytes: [UInt8] { written.withLock { $0 } }

  public func write(_ bytes: [UInt8]) -> Int32? {
    written.withLock { $0 += bytes }
    return nil
  }
}
