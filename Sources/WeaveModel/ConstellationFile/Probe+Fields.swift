import ForeignText

extension Probe {
  /// What `probe:` says; nil where the key is missing.
  init?(_ top: Fields) throws(ConstellationError) {
    guard let element = top["probe"] else { return nil }
    let file = top.file
    let fields = try Fields(element, of: "probe", file: file, keys: ["ssh", "run", "command", "timeout"])
    timeout = try fields["timeout"].map { element throws(ConstellationError) in
      let text = try element.text(file: file)
      guard let seconds = Self.seconds(text) else {
        throw element.position.error(
          "'\(FreeText.name(text))' is no time from 1s to 1h, as in 10s or 2m", file: file)
      }
      return seconds
    }
    guard let words = try fields.list("command") else {
      method = .ssh(
        target: try ProbeText(try Self.notEmpty(fields.required("ssh"), file: file), file: file),
        run: try ProbeText(try Self.notEmpty(fields.required("run"), file: file), file: file))
      return
    }
    if let other = fields["ssh"] ?? fields["run"] {
      throw other.position.error("probe takes 'command', or 'ssh' and 'run', and not both", file: file)
    }
    guard let program = words.first else {
      throw element.position.error("'command' needs a program", file: file)
    }
    let name = try ProbeText(try Self.notEmpty(program, file: file), file: file)
    guard name.parts.count == 1, case .text(let program) = name.parts[0] else {
      throw words[0].position.error(
        "the program is the same for all machines: no {machine}, no {address}", file: file)
    }
    var arguments: [ProbeText] = []
    for word in words.dropFirst() { arguments.append(try ProbeText(word, file: file)) }
    method = .command(program: program, arguments: arguments)
  }

  private static func notEmpty(_ element: YAMLElement, file: String) throws(ConstellationError) -> YAMLElement
  {
    guard try element.text(file: file).isEmpty else { return element }
    throw element.position.error("expected text, found nothing", file: file)
  }
}

extension ProbeText {
  /// Reads `{machine}` and `{address}`; another word in braces is an error, unless a `$` before it makes it the shell's.
  init(_ element: YAMLElement, file: String) throws(ConstellationError) {
    var parts: [Part] = []
    var text = ""
    var rest = try element.text(file: file)[...]
    // What is shown to who is to allow it must be what runs.
    guard
      !rest.unicodeScalars.contains(where: { [.control, .format].contains($0.properties.generalCategory) })
    else {
      throw element.position.error(
        "a probe's words have no control characters; put a longer script into a file", file: file)
    }
    while let brace = rest.firstIndex(ofScalar: "{") {
      text += rest[..<brace]
      rest = rest[brace...]
      if !text.ends(with: "$") {
        let word = rest.dropFirst(bytes: 1)
          .prefix(whileScalar: { $0.properties.isAlphabetic || $0 == "_" || $0 == "-" })
        if !word.isEmpty, rest[word.endIndex...].begins(with: "}") {
          guard let part: Part = word == "machine" ? .machine : word == "address" ? .address : nil else {
            throw element.position.error(
              "a probe knows nothing of {\(FreeText.name(word))}; it takes {machine} and {address}",
              suggestion: Nearest.match(String(word), among: ["machine", "address"]).map { "{\($0)}" },
              file: file)
          }
          if !text.isEmpty { parts.append(.text(text)) }
          text = ""
          parts.append(part)
          rest = rest[word.endIndex...].dropFirst(bytes: 1)
          continue
        }
      }
      text += "{"
      rest = rest.dropFirst(bytes: 1)
    }
    text += rest
    if !text.isEmpty { parts.append(.text(text)) }
    self.parts = parts
  }
}
