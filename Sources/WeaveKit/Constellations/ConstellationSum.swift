import ForeignText
import WeaveModel
import WeaveStore

extension Workspace {
  /// Those of the stored constellations that are not read by whoever adds up over all: where the sum does not keep to a
  /// ``ConstellationBound``, smallest first they are taken for as long as they come to a tenth of it, so that naming the others
  /// takes no long time. One that is stored alone has its own bounds. The others are read.
  func excessConstellations() throws -> [ConstellationRecord: ExcessConstellation] {
    var measured = try measuredConstellations()
    guard !measured.unread.isEmpty else { return measured.excess }
    var work = 0
    for (record, draft) in measured.unread {
      let before = work
      if work <= ConstellationBound.work.rawValue {
        readConstellations[record] = Result { () throws(UnreadableConstellation) in
          try constellation(draft, record, work: &work)
        }
      }
      if work > ConstellationBound.work.rawValue {
        measured.excess[record] = ExcessConstellation(size: work - before, bound: .work)
      }
    }
    measured.unread = []
    measuredByNow = measured
    return measured.excess
  }

  /// As far as can be told before one is read: of a text by its object's header, of machines before ranges are expanded.
  private func measuredConstellations() throws -> MeasuredConstellations {
    let records = try store.constellations()
    if let measuredByNow, measuredByNow.records == records { return measuredByNow }
    var measured = MeasuredConstellations(records: records)
    let sizes = records.map { record in
      // One whose bytes cannot be had is refused where they are read, below.
      (record, (try? store.textSize(of: record)) ?? 0)
    }
    var drafts: [ConstellationRecord: ConstellationDraft] = [:]
    var values = 0
    for record in Self.fitting(sizes, .bytes, &measured.excess) {
      let before = values
      do throws(UnreadableConstellation) {
        if values <= ConstellationBound.values.rawValue {
          drafts[record] = try draft(of: record, text(of: record), values: &values)
        }
      } catch { readConstellations[record] = .failure(error) }
      if values > ConstellationBound.values.rawValue {
        drafts[record] = nil
        measured.excess[record] = ExcessConstellation(size: values - before, bound: .values)
      }
    }
    let machines = drafts.map { ($0.key, $0.value.machines) }
    measured.unread = Self.fitting(machines, .machines, &measured.excess).compactMap { record in
      drafts[record].map { (record, $0) }
    }
    measuredByNow = measured
    return measured
  }

  private static func isSmaller(
    _ one: (record: ConstellationRecord, size: Int), _ other: (record: ConstellationRecord, size: Int)
  ) -> Bool {
    one.size != other.size
      ? one.size < other.size
      : one.record.component.utf8.lexicographicallyPrecedes(other.record.component.utf8)
  }

  private static func fitting(
    _ measured: [(record: ConstellationRecord, size: Int)], _ bound: ConstellationBound,
    _ excess: inout [ConstellationRecord: ExcessConstellation]
  ) -> [ConstellationRecord] {
    let total = measured.reduce(0) { $0 + $1.size }
    guard total > bound.rawValue, measured.count > 1 else {
      return measured.sorted(by: isSmaller).map(\.record)
    }
    var fitting: [ConstellationRecord] = []
    var sum = 0
    for (record, size) in measured.sorted(by: isSmaller) {
      sum += size
      if sum <= bound.rawValue / 10 {
        fitting.append(record)
      } else {
        excess[record] = ExcessConstellation(size: size, bound: bound)
      }
    }
    return fitting
  }

  /// The stored constellation, for who adds up over all.
  func addedUp(
    _ record: ConstellationRecord, _ excess: [ConstellationRecord: ExcessConstellation]
  ) throws(UnreadableConstellation) -> LoadedConstellation {
    guard let found = excess[record] else { return try parsed(record) }
    throw UnreadableConstellation(
      name: storedName(of: record),
      reason: "the stored constellations come to more than \(found.bound.most) with it", isTooMuch: true)
  }

  /// Throws, naming the largest, where the stored constellations are too much together. Reads none of them where that can be
  /// told before.
  func refuseExcess() throws {
    try refuse(measuredConstellations().excess)
    try refuse(excessConstellations())
  }

  private func refuse(_ excess: [ConstellationRecord: ExcessConstellation]) throws {
    guard let bound = excess.values.map(\.bound).min() else { return }
    let names = excess.filter { $0.value.bound == bound }.sorted { one, other in
      one.value.size != other.value.size
        ? one.value.size > other.value.size
        : one.key.component.utf8.lexicographicallyPrecedes(other.key.component.utf8)
    }.map { storedName(of: $0.key) }
    let others = names.count > 3 ? ", and \(names.count - 3) others" : ""
    throw WeaveError(
      "the stored constellations come to more than \(bound.most); the largest: "
        + names.prefix(3).map { "'\($0)'" }.joined(separator: ", ") + others,
      hint: "`-c NAME` asks about one alone; `weave constellation remove "
        + "\(Quoted.shellOperand(names[0]))` takes one out")
  }
}
