import ForeignText
import WeaveModel
import WeaveStore

/// A constellation in the store that is refused, and stops whoever asks about it or adds up over all: anybody may have
/// written it, also an older weave with fewer rules.
public struct UnreadableConstellation: Error, Sendable, CustomStringConvertible {
  /// The name under which it is stored; as the manifest has it, encoded, where that is no name.
  public let name: String
  /// What is wrong, and where in the text.
  public let reason: String
  /// Whether it is the disk's doing: nobody knows what the text says.
  public var isLost = false

  public var description: String { "the stored constellation '\(name)' cannot be read: \(reason)" }

  /// What to type to be rid of it.
  public var wayOut: String {
    let word = (name.begins(with: "-") ? "-- " : "") + Quoted.shellWord(name)
    return "`weave constellation show --raw \(word) > FILE`, mend it, `weave constellation add FILE`; "
      + "or `weave constellation remove \(word)`"
  }
}

extension Workspace {
  /// The constellation that the store holds there. Its text must name itself as it is stored.
  func read(_ record: ConstellationRecord) throws -> LoadedConstellation {
    try parsed(record).holding(try store.holds())
  }

  /// As its text has it.
  func parsed(_ record: ConstellationRecord) throws(UnreadableConstellation) -> LoadedConstellation {
    let name = safeName(of: record) ?? record.component
    func refusal(_ error: any Error) -> UnreadableConstellation {
      UnreadableConstellation(
        name: name, reason: Explanation(error)?.message ?? "\(error)", isLost: isUnreadable(error))
    }
    let bytes: [UInt8]
    do { bytes = try store.text(of: record) } catch { throw refusal(error) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw UnreadableConstellation(name: name, reason: "it is not valid UTF-8")
    }
    let parsed =
      readConstellations[record]
      ?? Result { () throws(UnreadableConstellation) in
        do { return try Constellation(parsing: text, file: name, isName: record.isStored) } catch {
          throw refusal(error)
        }
      }
    readConstellations[record] = parsed
    return LoadedConstellation(constellation: try parsed.get(), text: text, version: record.version)
  }

  /// What to call it: the name under which it is stored; where that is none, as the manifest has it, encoded.
  func label(of record: ConstellationRecord) -> String {
    if let name = safeName(of: record) { return name }
    // A long one stands in the text alone.
    guard record.name == nil else { return record.component }
    do throws(UnreadableConstellation) { return try parsed(record).constellation.name } catch {
      return record.component
    }
  }

  private func safeName(of record: ConstellationRecord) -> String? {
    record.name.flatMap { ConstellationName.reason(against: $0) == nil ? $0 : nil }
  }
}
