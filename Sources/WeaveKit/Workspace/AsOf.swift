import ForeignText
import WeaveModel
import WeaveStore

extension Workspace {
  /// The workspace as it stood at a moment: a date or a moment as `until:` takes it (of a date, its end),
  /// a span such as `2d` before the present, or the id of a lock or a resolution, which may be shortened: when that lock was
  /// made, with it in force.
  public func at(_ text: String) throws -> Workspace {
    if let seconds = ISODate.end(of: text) {
      // Of today the end is yet to come.
      let start = text.holds(":") ? seconds : seconds - 86_400
      guard start <= caller.now else { throw WeaveError("\(text) is yet to come, and --at looks back") }
      return viewing(store.at(AsOf(seconds: seconds)))
    } else if let age = Age.seconds(text) {
      return viewing(store.at(AsOf(seconds: caller.now - age)))
    } else if let lock = try lockOfAnyConstellation(named: text) {
      return viewing(store.at(AsOf(seconds: lock.author.seconds, lock: lock)))
    } else {
      throw WeaveError(
        "'\(text)' is no moment to look back to, and no lock has that id",
        hint:
          "a date (2026-08-01), a moment (2026-08-01T18:00:00Z), an age (2d), or an id of `weave lock --list`"
      )
    }
  }

  /// The present, or the moment that is asked about, in seconds since 1970.
  var now: Int64 { store.asOf?.seconds ?? caller.now }

  /// The newest lock whose id, or whose resolution's id, begins with `text`; nil where there is none.
  func lockOfAnyConstellation(named text: String) throws -> Lock? {
    let digits = text.lowercased()
    guard digits.count >= 4, digits.unicodeScalars.allSatisfy(\.isASCIIHexDigit) else { return nil }
    return try store.lockedConstellations().lazy.compactMap { name in
      try self.store.locks(for: name).first {
        $0.id.hex.begins(with: digits) || $0.resolution.hex.begins(with: digits)
      }
    }.first
  }
}
