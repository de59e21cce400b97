import WeaveModel

/// The message of a lock or an observation: a subject, free text and one block of trailers, read as events are.
struct RecordMessage {
  var subject: String
  var text: String
  var trailers: [(key: String, value: String)]

  /// The bytes; throws ``UnwritableEvent`` where the text holds what no message may.
  func encoded() throws -> [UInt8] {
    let text = try FreeText.normalized(text)
    let block = trailers.map { "\($0.key): \($0.value)\n" }.joined()
    return Array(([subject] + (text.isEmpty ? [] : [text]) + [block]).joined(separator: "\n\n").utf8)
  }

  init(subject: String, text: String = "", trailers: [(key: String, value: String)]) {
    (self.subject, self.text, self.trailers) = (subject, text, trailers)
  }

  /// The message that `bytes` spell; nil where they have no block of trailers.
  init?(parsing bytes: [UInt8]) {
    guard let whole = String(validating: bytes, as: UTF8.self), whole.hasSuffix("\n") else { return nil }
    var paragraphs = whole.dropLast().split(separator: "\n\n", omittingEmptySubsequences: false)
    guard paragraphs.count >= 2, let block = paragraphs.popLast() else { return nil }
    trailers = []
    for line in block.split(separator: "\n", omittingEmptySubsequences: false) {
      let parts = line.split(separator: ": ", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      trailers.append((String(parts[0]), String(parts[1])))
    }
    subject = String(paragraphs.removeFirst())
    text = paragraphs.joined(separator: "\n\n")
  }

  subscript(key: String) -> String? { values(of: key).first }

  func values(of key: String) -> [String] { trailers.filter { $0.key == key }.map(\.value) }
}
