/// How long ago something was, as people write it: `90s`, `30m`, `1h`, `2d`.
public enum Age {
  /// The seconds that `text` spells; nil for what is no such span, or as long as 3,000 years.
  public static func seconds(_ text: String) -> Int64? {
    TimeSpan.seconds(text, within: 0...99_999_999_999)
  }
}
