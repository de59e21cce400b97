import Git
import WeaveModel

/// What is wanted of every machine of a constellation, in a file of the store's directory `weave/`, for as long as the
/// records stand where they stood when it was worked out (Docs/design/wanted-file.md).
///
/// Derived, and trusted no further than its checksum. It is read without libgit2: a pipeline asks for one commit, and
/// that is one small file.
public struct WantedFile {
  private static let magic = "weave wanted 2"

  private let file: DerivedFile
  private let gitDirectory: String

  /// The file for the constellation that is stored under that name; for the only one that is stored where it is nil.
  public init(of constellation: String?, gitDirectory: String) {
    let name = constellation.map { "wanted-" + RefComponent.encode($0) } ?? "wanted"
    file = DerivedFile(name: name, gitDirectory: gitDirectory)
    self.gitDirectory = gitDirectory
  }

  /// The commit of the project that is wanted of the machine, which may be called by an alias; nil where the file does not
  /// know, or the records have moved.
  public func commit(of project: String, on machine: String) -> CommitID? {
    guard let bytes = file.read(), let standing = RecordStanding(gitDirectory: gitDirectory),
      let (text, setCount) = Self.text(of: bytes, standing),
      let set = Self.set(of: machine, in: text, setCount: setCount)
    else { return nil }
    let fields = set.split(separator: UInt8(ascii: " "))
    let place = stride(from: 0, to: fields.count - 1, by: 2).first { fields[$0].elementsEqual(project.utf8) }
    return place.flatMap { CommitID(digits: fields[$0 + 1]) }
  }

  /// The line of the set that is the machine's. Looks at each line once, at most: there may be ten thousand.
  private static func set(of machine: String, in text: ArraySlice<UInt8>, setCount: Int) -> [UInt8]? {
    let name = Array(machine.utf8) + [UInt8(ascii: "\t")]
    return text.withUnsafeBytes { text in
      var sets: [UnsafeRawBufferPointer] = []
      var rest = text[...]
      while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let line = UnsafeRawBufferPointer(rebasing: rest[..<newline])
        rest = rest[(newline + 1)...]
        guard sets.count == setCount else {
          sets.append(line)
          continue
        }
        guard line.count > name.count, name.withUnsafeBytes({ line.prefix(name.count).elementsEqual($0) })
        else { continue }
        let number = Int(String(decoding: line.dropFirst(name.count), as: UTF8.self))
        return number.flatMap { sets.indices.contains($0) ? Array(sets[$0]) : nil }
      }
      return nil
    }
  }

  /// Writes what is wanted of machines, each under all its names; what is not to be answered from the file is left out.
  /// `standing` is how the records stood before any of it was read.
  public func write(
    _ machines: [(names: [String], commits: [ProjectName: CommitID])], standing: RecordStanding
  ) {
    var sets: [[ProjectName: CommitID]: Int] = [:]
    var (setLines, machineLines): ([String], [String]) = ([], [])
    for machine in machines {
      let set = sets[machine.commits, default: sets.count]
      if set == sets.count {
        sets[machine.commits] = set
        let members = machine.commits.sorted { $0.key < $1.key }
        setLines.append(members.map { "\($0.key) \($0.value)" }.joined(separator: " "))
      }
      for name in machine.names { machineLines.append("\(name)\t\(set)") }
    }
    let text = (setLines + machineLines).map { $0 + "\n" }.joined()
    let head = "\(standing.bytes.count) \(setLines.count)\n"
    let content = Array(head.utf8) + standing.bytes + Array(text.utf8)
    file.write(Array("\(Self.magic) \(IndexChecksum.hex(of: content[...]))\n".utf8) + content)
  }

  /// The lines of the sets, and how many these are, and after them those of the machines; nil where the records stood
  /// otherwise, or the file is not whole.
  private static func text(
    of bytes: [UInt8], _ standing: RecordStanding
  ) -> (text: ArraySlice<UInt8>, setCount: Int)? {
    let newline = UInt8(ascii: "\n")
    guard let headEnd = bytes.firstIndex(of: newline) else { return nil }
    let content = bytes[(headEnd + 1)...]
    guard bytes[..<headEnd].elementsEqual("\(magic) \(IndexChecksum.hex(of: content))".utf8),
      let countsEnd = content.firstIndex(of: newline)
    else { return nil }
    let counts = content[..<countsEnd].split(separator: UInt8(ascii: " ")).map {
      Int(String(decoding: $0, as: UTF8.self))
    }
    let rest = content[(countsEnd + 1)...]
    guard counts.count == 2, let standingCount = counts[0], let setCount = counts[1],
      (0...rest.count).contains(standingCount), rest.prefix(standingCount).elementsEqual(standing.bytes)
    else { return nil }
    return (rest.dropFirst(standingCount), setCount)
  }
}
