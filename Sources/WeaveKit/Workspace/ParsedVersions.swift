import ForeignText
import Git
import WeaveModel

/// Constellations as they were recorded at some version: whoever looks for what others have changed asks for the same two, the
/// recorded and the accepted one, many times.
///
/// Those of one record after the other are asked for, so that it is enough to have the last.
struct ParsedVersions {
  private struct Version: Hashable {
    let component: ExactText
    let id: ObjectID
  }

  /// In bytes, as text and machines are taken to need them: for two of the largest constellations.
  private static let mostRoom = 64 << 20
  private static let roomOfMachine = 256
  private var parsed: [Version: Constellation] = [:]
  private var room = 0

  func constellation(_ component: String, _ version: ObjectID) -> Constellation? {
    parsed[Version(component: ExactText(component), id: version)]
  }

  /// Keeps one whose text has so many bytes, and drops the others where all would be too much.
  mutating func keep(
    _ constellation: Constellation, of bytes: Int, _ component: String, _ version: ObjectID
  ) {
    let needed = bytes + constellation.machines.count * Self.roomOfMachine
    room += needed
    if room > Self.mostRoom { (parsed, room) = ([:], needed) }
    parsed[Version(component: ExactText(component), id: version)] = constellation
  }
}
