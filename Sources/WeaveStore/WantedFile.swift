import Git
import WeaveModel

/// What is wanted of every machine of a constellation, in a file of the store's directory `weave/`, for as long as the
/// records stand where they stood when it was worked out (Docs/design/wanted-file.md).
///
/// Derived, and trusted no further than its checksum. It is read without libgit2: a pipeline asks for one commit, and
/// that is one small file.
public struct WantedFile {
  private static let magic = "weave wanted 1"

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
      let lines = Self.lines(of: bytes, standing)
    else { return nil }
    let name = Array(machine.utf8) + [UInt8(ascii: "\t")]
    guard let line = lines.first(where: { $0.starts(with: name) }),
      let set = Int(String(decoding: line.dropFirst(name.count), as: UTF8.self)), lines.indices.contains(set)
    else { return nil }
    let fields = lines[set].split(separator: UInt8(ascii: " "))
    let place = fields.firstIndex { $0.elementsEqual(project.utf8) }
    return place.flatMap { fields.indices.contains($0 + 1) ? CommitID(digits: fields[$0 + 1]) : nil }
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
    let content = Array("\(standing.bytes.count)\n".utf8) + standing.bytes + Array(text.utf8)
    file.write(Array("\(Self.magic) \(Self.checksum(content[...]))\n".utf8) + content)
  }

  /// The lines after the standing of the records; nil where that is another, or the file is not whole.
  private static func lines(of bytes: [UInt8], _ standing: RecordStanding) -> [ArraySlice<UInt8>]? {
    let newline = UInt8(ascii: "\n")
    guard let headEnd = bytes.firstIndex(of: newline) else { return nil }
    let content = bytes[(headEnd + 1)...]
    guard bytes[..<headEnd].elementsEqual("\(magic) \(checksum(content))".utf8),
      let countEnd = content.firstIndex(of: newline),
      let count = Int(String(decoding: content[..<countEnd], as: UTF8.self)), count >= 0,
      content.distance(from: countEnd, to: content.endIndex) > count,
      content[(countEnd + 1)...].prefix(count).elementsEqual(standing.bytes)
    else { return nil }
    return content[(countEnd + 1 + count)...].split(separator: newline)
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> String {
    var checksum = IndexChecksum()
    bytes.withUnsafeBytes { checksum.add($0) }
    return String(checksum.value, radix: 16)
  }
}
