import ForeignText
import WeaveModel
import WeaveStore

extension Workspace {
  /// The constellation that the store holds there. Its text must name itself as it is stored.
  func read(_ record: ConstellationRecord) throws -> LoadedConstellation {
    try parsed(record).holding(try store.holds())
  }

  /// As its text has it, however much the others are.
  func parsed(_ record: ConstellationRecord) throws(UnreadableConstellation) -> LoadedConstellation {
    let text = try text(of: record)
    let parsed =
      readConstellations[record]
      ?? Result { () throws(UnreadableConstellation) in
        var (values, work) = (0, 0)
        return try constellation(draft(of: record, text, values: &values), record, work: &work)
      }
    readConstellations[record] = parsed
    return LoadedConstellation(constellation: try parsed.get(), text: text, version: record.version)
  }

  /// Read once: what cannot be read the second time would be neither among what can be read nor among what cannot.
  func text(of record: ConstellationRecord) throws(UnreadableConstellation) -> String {
    if let known = readTexts[record] { return try known.get() }
    let text = Result { () throws(UnreadableConstellation) in
      let bytes: [UInt8]
      do { bytes = try store.text(of: record) } catch { throw refusal(of: record, error) }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw UnreadableConstellation(name: storedName(of: record), reason: "it is not valid UTF-8")
      }
      return text
    }
    readTexts[record] = text
    return try text.get()
  }

  func draft(
    of record: ConstellationRecord, _ text: String, values: inout Int
  ) throws(UnreadableConstellation) -> ConstellationDraft {
    do {
      return try ConstellationDraft(parsing: text, file: storedName(of: record), values: &values)
    } catch { throw refusal(of: record, error) }
  }

  func constellation(
    _ draft: ConstellationDraft, _ record: ConstellationRecord, work: inout Int
  ) throws(UnreadableConstellation) -> Constellation {
    let recorded: Constellation
    do { recorded = try draft.constellation(work: &work, isName: record.isStored) } catch {
      throw refusal(of: record, error)
    }
    return try used(recorded, of: record)
  }

  func refusal(of record: ConstellationRecord, _ error: any Error) -> UnreadableConstellation {
    UnreadableConstellation(
      name: storedName(of: record), reason: FreeText.listed(Explanation(error)?.message ?? "\(error)"),
      isLost: isUnreadable(error))
  }

  /// The name under which it is stored; where that is none, as the manifest has it, encoded.
  func storedName(of record: ConstellationRecord) -> String { safeName(of: record) ?? record.component }

  /// What to call it: the name under which it is stored; where that is none, as the manifest has it, encoded. Of a long one,
  /// which stands in the text alone, all that is stored is read, within bounds.
  func label(of record: ConstellationRecord) throws -> String {
    if let name = safeName(of: record) { return name }
    guard record.name == nil else { return record.component }
    let excess = try excessConstellations()
    do throws(UnreadableConstellation) { return try addedUp(record, excess).constellation.name } catch {
      return record.component
    }
  }

  private func safeName(of record: ConstellationRecord) -> String? {
    record.name.flatMap { ConstellationName.reason(against: $0) == nil ? $0 : nil }
  }
}
