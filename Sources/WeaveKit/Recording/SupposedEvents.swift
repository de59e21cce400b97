import WeaveModel

extension EventID {
  /// The id of an event that is only supposed: one that no commit has.
  static func supposed(_ number: Int) -> EventID { EventID(words: (0, 0, UInt32(number))) }

  /// Whether the event is only supposed.
  public var isSupposed: Bool { words.high == 0 && words.middle == 0 }
}
