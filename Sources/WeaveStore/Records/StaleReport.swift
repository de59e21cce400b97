/// Why what a machine said changes nothing: it said something later, or something else, under its own count.
public struct StaleReport: Error, CustomStringConvertible {
  public let description: String
}
