/// A constellation's text, read as YAML and no further: before its ranges are expanded, and roles and guests multiplied.
public struct ConstellationDraft: Sendable {
  private let root: YAMLElement
  private let text: String
  private let file: String

  /// Reads `text`, YAML or JSON, in time that grows as its length, within the bounds of ``YAMLDocument``. `file` is only what
  /// errors call it. Adds to `values` how many it looked at, aliases followed, also where it throws.
  public init(parsing text: String, file: String, values: inout Int) throws(ConstellationError) {
    (self.text, self.file) = (text, file)
    do throws(ConstellationError) {
      guard let root = try YAMLDocument.root(of: text, file: file, values: &values) else {
        throw Position(line: 1, column: 1).error(
          "the file is empty; it needs 'constellation' and 'projects'", file: file)
      }
      self.root = root
    } catch { throw error.within(text) }
    if let found = YAMLQuotes.firstOddBreak(in: text) {
      throw found.position.error(
        "\(found.scalar.codePoint) ends a line here, which nobody sees; end it by a line feed, or write an escape in double quotes",
        file: file)
    }
  }

  /// The constellation that the text describes.
  ///
  /// - Parameter isName: whether it may have that name; that it has another is found before its machines are read.
  /// - Parameter work: to it is added how many values its machines come to, and how many pairs the projects that meet on
  ///   them, also where this throws.
  public func constellation(
    work: inout Int, isName: (String) -> Bool
  ) throws(ConstellationError) -> Constellation {
    do throws(ConstellationError) {
      return try Constellation(root, isJSON: YAMLDocument.isJSON(text), file: file, work: &work, isName)
    } catch { throw error.within(text) }
  }

  /// How many machines it has, guests among them: never too few, and one more for each that is in a range and has an entry of
  /// its own. Expands no range; takes time that grows as the text.
  public var machines: Int { Self.machines(in: root, under: ["machines"]) }

  /// Every text that YAML reads in it, keys among them, each once, of however many machines a range says it.
  public var texts: [String] {
    var texts: [String] = []
    Self.collect(from: root, &texts)
    return texts
  }

  private static func collect(from element: YAMLElement, _ texts: inout [String]) {
    switch element.content {
    case .text(let text): texts.append(text)
    case .list(let elements): for element in elements { collect(from: element, &texts) }
    case .mapping(let entries):
      for entry in entries {
        texts.append(entry.key)
        collect(from: entry.value, &texts)
      }
    }
  }

  private static func machines(in element: YAMLElement, under keys: [String]) -> Int {
    guard case .mapping(let entries) = element.content else { return 0 }
    var count = 0
    for entry in entries where keys.contains(entry.key) {
      guard case .mapping(let machines) = entry.value.content else { continue }
      for machine in machines {
        // What is no range is refused when the machines are read.
        let names = (try? MachineRange(machine.key)?.count) ?? 1
        let guests = Self.machines(in: machine.value, under: ["vms", "containers"])
        let (product, isTooMuch) = names.multipliedReportingOverflow(by: 1 + guests)
        count += isTooMuch ? most : product
        // Enough to be refused, and no sum of them overflows.
        if count > most { return most }
      }
    }
    return count
  }

  private static let most = 1 << 40
}
