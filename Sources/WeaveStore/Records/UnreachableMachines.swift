import WeaveModel

/// Which machines were asked what they run, and said nothing: the file `weave/unreachable`, lines `SECONDS MACHINE`.
///
/// It is of this place and no other: who is silent here may be heard elsewhere.
extension Store {
  /// When each machine was last asked in vain, in seconds since 1970, of those that have not reported here since.
  public func unreachableMachines() -> [String: Int64] {
    guard let bytes = unreachableFile.read() else { return [:] }
    var machines: [String: Int64] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
      guard fields.count == 2, let seconds = Int64(String(decoding: fields[0], as: UTF8.self)) else {
        continue
      }
      machines[String(decoding: fields[1], as: UTF8.self)] = seconds
    }
    return machines
  }

  /// Notes that the machines were asked in vain at that time.
  public func noteUnreachable(_ machines: [String], at seconds: Int64) throws {
    guard !machines.isEmpty else { return }
    try locked {
      var known = unreachableMachines()
      for machine in machines { known[machine] = seconds }
      writeUnreachable(known)
    }
  }

  /// Forgets that the machine was asked in vain; for a caller that holds the store's lock.
  func forgetUnreachableLocked(_ machine: String) {
    var known = unreachableMachines()
    if known.removeValue(forKey: machine) != nil { writeUnreachable(known) }
  }

  private var unreachableFile: DerivedFile {
    DerivedFile(name: "unreachable", gitDirectory: repository.gitDirectory)
  }

  private func writeUnreachable(_ machines: [String: Int64]) {
    let lines = machines.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)\n" }
    unreachableFile.write(Array(lines.joined().utf8))
  }
}
