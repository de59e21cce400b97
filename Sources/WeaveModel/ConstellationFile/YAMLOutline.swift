import CYaml
import ForeignText

/// What a text's values come to, its aliases followed, told from libyaml's events before any value is made: Yams makes and
/// hashes each key, aliases and all, so that a few hundred bytes would keep it busy for ever.
///
/// One pass; linear in the text.
struct YAMLOutline {
  static let mostElements = 1_000_000
  static let mostTextBytes = 16 << 20
  static let deepest = 128

  /// How many values there are, but for keys, up to where it ended.
  private(set) var elements = 0

  private struct Value {
    var isText = true
    var elements = 1
    var textBytes = 0
    /// How deep others are nested in it.
    var height = 0
  }

  private struct Collection {
    var value = Value(isText: false)
    let isMapping: Bool
    let anchor: String?
    var isAtKey: Bool
  }

  private let file: String
  private var open: [Collection] = []
  private var anchors: [String: Value] = [:]

  init(file: String) { self.file = file }

  /// Throws where the first document of the text is beyond a bound, or has a key that is no text. Where libyaml stops, whoever
  /// reads the values is told why.
  mutating func look(through text: inout String) throws(ConstellationError) {
    try refuseTagDirectives(in: text)
    var events = YAMLEvents()
    defer { events.delete() }
    var failure: ConstellationError?
    text.withUTF8 { bytes in
      events.begin(bytes)
      while failure == nil, let event = events.next() {
        do throws(ConstellationError) { try take(event) } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }

  /// libyaml compares each with all others, and writes its prefix out at each tag: text that grows as a product.
  private func refuseTagDirectives(in text: String) throws(ConstellationError) {
    guard text.holds("%TAG") else { return }
    for (index, line) in text.yamlLines.enumerated()
    where (line.dropping(prefix: "\u{feff}") ?? line[...]).begins(with: "%TAG") {
      throw Position(line: index + 1, column: 1).error(
        "a %TAG directive is not read: write each tag whole", file: file)
    }
  }

  private mutating func take(_ event: YAMLEvents.Event) throws(ConstellationError) {
    let isKey = open.last.map { $0.isMapping && $0.isAtKey } ?? false
    switch event.content {
    case .alias(let anchor):
      // One that refers to nothing the reader refuses.
      let value = anchors[anchor] ?? Value()
      guard !isKey || value.isText else {
        throw event.position.error("an alias cannot be a part of a key", file: file)
      }
      try add(value, isKey: isKey, at: event.position)
    case .text(let count, let anchor):
      let value = Value(textBytes: count)
      if let anchor { anchors[anchor] = value }
      try add(value, isKey: isKey, at: event.position)
    case .begin(let isMapping, let anchor):
      guard !isKey else { throw event.position.error("a key must be text", file: file) }
      guard open.count < Self.deepest else { throw nestedTooDeep(at: event.position) }
      open.append(Collection(isMapping: isMapping, anchor: anchor, isAtKey: isMapping))
    case .end:
      guard let collection = open.popLast() else { return }
      if let anchor = collection.anchor { anchors[anchor] = collection.value }
      try add(collection.value, isKey: false, at: event.position)
    }
  }

  /// Adds a value that is complete to the collection that it stands in.
  private mutating func add(_ value: Value, isKey: Bool, at position: Position) throws(ConstellationError) {
    guard open.count + value.height <= Self.deepest else { throw nestedTooDeep(at: position) }
    guard var outer = open.popLast() else {
      elements = value.elements
      return
    }
    outer.value.elements += isKey ? 0 : value.elements
    outer.value.textBytes += value.textBytes
    outer.value.height = max(outer.value.height, value.height + 1)
    if outer.isMapping { outer.isAtKey.toggle() }
    open.append(outer)
    elements = max(elements, outer.value.elements)
    guard outer.value.elements <= Self.mostElements else {
      throw position.error("the file, its aliases followed, has more than 1,000,000 values", file: file)
    }
    guard outer.value.textBytes <= Self.mostTextBytes else {
      throw position.error(
        "the file, its aliases followed, has more than \(Self.mostTextBytes >> 20) MiB of text", file: file)
    }
  }

  private func nestedTooDeep(at position: Position) -> ConstellationError {
    position.error("values are nested more than \(Self.deepest) deep", file: file)
  }
}

/// libyaml's events of the first document of a text.
private struct YAMLEvents {
  struct Event {
    enum Content {
      case alias(String)
      /// So many bytes.
      case text(Int, anchor: String?)
      case begin(isMapping: Bool, anchor: String?)
      case end
    }
    let content: Content
    let position: Position
  }

  private var parser = yaml_parser_t()

  init() { yaml_parser_initialize(&parser) }

  mutating func delete() { yaml_parser_delete(&parser) }

  /// The bytes must stay where they are until the last event.
  mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>) {
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
  }

  /// Nil at the end of the document, and where libyaml cannot go on.
  mutating func next() -> Event? {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
      defer { yaml_event_delete(&event) }
      let content: Event.Content
      switch event.type {
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT: continue
      case YAML_ALIAS_EVENT: content = .alias(Self.name(event.data.alias.anchor) ?? "")
      case YAML_SCALAR_EVENT:
        content = .text(Int(event.data.scalar.length), anchor: Self.name(event.data.scalar.anchor))
      case YAML_SEQUENCE_START_EVENT:
        content = .begin(isMapping: false, anchor: Self.name(event.data.sequence_start.anchor))
      case YAML_MAPPING_START_EVENT:
        content = .begin(isMapping: true, anchor: Self.name(event.data.mapping_start.anchor))
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: content = .end
      default: return nil
      }
      let mark = event.start_mark
      return Event(
        content: content, position: Position(line: Int(mark.line) + 1, column: Int(mark.column) + 1))
    }
  }

  /// libyaml lets ASCII letters, digits, `-` and `_` be in one.
  private static func name(_ anchor: UnsafePointer<yaml_char_t>?) -> String? {
    anchor.map { String(cString: $0) }
  }
}
