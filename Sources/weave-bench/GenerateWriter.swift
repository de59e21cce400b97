import Foundation

/// One commit of one project: both as places, of the project in the order of priority, of the commit from the newest.
struct Place: Hashable {
  let project: Int
  let commit: Int

  init(_ project: Int, _ commit: Int) { (self.project, self.commit) = (project, commit) }
}

/// Writes an instance as it comes into being: a link needs no memory once it is written.
struct InstanceWriter {
  private let seed: UInt64
  private let digitsOfAName: Int
  private let output = FileHandle.standardOutput
  private var buffer: [UInt8] = []
  private static let capacity = 1 << 20

  init(seed: UInt64, projects: Int) {
    self.seed = seed
    digitsOfAName = String(max(0, projects - 1)).count
    buffer.reserveCapacity(Self.capacity + 4096)
  }

  /// Writes all that comes before the links; `writeLink` and `finish` must follow.
  mutating func begin(graph: ProjectGraph, commits: Int, pins: [Place]) throws {
    write("{\"projects\":[")
    for project in 0..<graph.projects {
      write(project == 0 ? "\n{\"name\":" : ",\n{\"name\":")
      write(name: project)
      write(",\"commits\":[")
      for commit in 0..<commits {
        if commit > 0 { write(",") }
        write(commit: Place(project, commit))
        try flushWhenFull()
      }
      write("]}")
    }
    write("],\n\"requires\":[")
    for (number, pair) in graph.pairs.enumerated() {
      write(number == 0 ? "[" : ",[")
      write(name: pair.first)
      write(",")
      write(name: pair.second)
      write("]")
      try flushWhenFull()
    }
    write("],\n\"pins\":{")
    for (number, pin) in pins.enumerated() {
      if number > 0 { write(",") }
      write(name: pin.project)
      write(":")
      write(commit: pin)
    }
    write("},\n\"links\":[")
  }

  mutating func writeLink(number: Int, members: [Place], isRevoked: Bool) throws {
    write(number == 0 ? "\n{\"id\":\"link-" : ",\n{\"id\":\"link-")
    write("\(number + 1)\",\"members\":[")
    for (place, member) in members.enumerated() {
      write(place == 0 ? "[" : ",[")
      write(name: member.project)
      write(",")
      write(commit: member)
      write("]")
    }
    write(isRevoked ? "],\"revoked\":true}" : "],\"revoked\":false}")
    try flushWhenFull()
  }

  mutating func finish() throws {
    write("]}\n")
    try flush()
  }

  private mutating func write(_ text: String) { buffer.append(contentsOf: text.utf8) }

  private mutating func write(name project: Int) {
    let digits = String(project)
    write("\"p")
    for _ in digits.utf8.count..<max(digits.utf8.count, digitsOfAName) { write("0") }
    write(digits)
    write("\"")
  }

  /// 40 digits, as Git has them. The first 16 come of a bijection, so that no two commits share them.
  private mutating func write(commit: Place) {
    let offset = SplitMix64.mixed(seed)
    let key = UInt64(commit.project) << 32 | UInt64(commit.commit)
    let high = SplitMix64.mixed(key &+ offset)
    let middle = SplitMix64.mixed(high &+ 1)
    let low = SplitMix64.mixed(middle &+ 1)
    buffer.append(UInt8(ascii: "\""))
    append(digits: 16, of: high)
    append(digits: 16, of: middle)
    append(digits: 8, of: low)
    buffer.append(UInt8(ascii: "\""))
  }

  private mutating func append(digits: Int, of word: UInt64) {
    var shift = 64
    for _ in 0..<digits {
      shift -= 4
      let value = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
      buffer.append(value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
    }
  }

  private mutating func flushWhenFull() throws {
    if buffer.count >= Self.capacity { try flush() }
  }

  private mutating func flush() throws {
    try output.write(contentsOf: Data(buffer))
    buffer.removeAll(keepingCapacity: true)
  }
}
