import ForeignText
import WeaveModel

/// The message of a lock or an observation: a subject, free text and one block of trailers, laid out as an event's.
struct RecordMessage {
  /// Of a message. Weave writes texts of 64 KiB at most, and older ones wrote longer ones.
  static let mostBytes = 8 << 20

  var subject: String
  /// As it is stored: who shows it takes ``FreeText/shown(_:)`` of it, which takes long.
  let storedText: String
  var trailers: [(key: String, value: String)]

  /// The bytes; throws ``UnwritableEvent`` where a part holds what no message may.
  func encoded() throws -> [UInt8] {
    let text = try FreeText.normalized(storedText)
    let block = trailers.map { "\($0.key): \($0.value)\n" }.joined()
    let bytes = Array(([subject] + (text.isEmpty ? [] : [text]) + [block]).joined(separator: "\n\n").utf8)
    // Whoever cannot read it back would count it as damaged for good.
    guard let read = RecordMessage(parsing: bytes), read.hasTheLines(of: self) else {
      throw UnwritableEvent(reason: "'\(subject)' would read back as something else")
    }
    return bytes
  }

  init(subject: String, text: String = "", trailers: [(key: String, value: String)]) {
    (self.subject, storedText, self.trailers) = (subject, Redaction.text(text), trailers)
  }

  /// The message that `bytes` spell; nil where they are laid out in any other way (Docs/formats/store.md, section 8).
  init?(parsing bytes: [UInt8]) {
    guard bytes.count <= Self.mostBytes else { return nil }
    // As bytes: what is one character of a text may be half of a separator.
    guard let message = try? MessageLayout(bytes) else { return nil }
    trailers = []
    for line in message.block {
      let key = line.prefix { $0 != UInt8(ascii: ":") }
      let value = line[key.endIndex...].dropFirst(2)
      guard !key.isEmpty, line[key.endIndex...].starts(with: ": ".utf8), !value.isEmpty else { return nil }
      trailers.append((String(foreign: key), String(foreign: value)))
    }
    (subject, storedText) = (message.subject, message.text)
  }

  /// The value of the key's one trailer; nil where there is none, or more than one.
  subscript(key: String) -> String? {
    let values = values(of: key)
    return values.count == 1 ? values[0] : nil
  }

  func values(of key: String) -> [String] { trailers.filter { $0.key == key }.map(\.value) }

  /// Whether subject and trailers are the same to the byte: `==` takes two spellings of one character for the same text.
  private func hasTheLines(of other: RecordMessage) -> Bool {
    subject.utf8.elementsEqual(other.subject.utf8)
      && trailers.elementsEqual(other.trailers) {
        $0.key.utf8.elementsEqual($1.key.utf8) && $0.value.utf8.elementsEqual($1.value.utf8)
      }
  }
}
