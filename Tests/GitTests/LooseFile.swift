import Foundation
import Git
import Testing

/// The file of a loose object, put in place as a test wants it.
struct LooseFile {
  let path: String
  let id: ObjectID

  init(_ id: ObjectID, in gitDirectory: String) {
    let hex = "\(id)"
    self.id = id
    path = "\(gitDirectory)/objects/\(hex.prefix(2))/\(hex.dropFirst(2))"
  }

  var bytes: [UInt8] { get throws { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) } }

  /// Puts `bytes` in its place, whatever is there.
  func replace(with bytes: [UInt8]) throws {
    try remove()
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  func remove() throws {
    if lstat(path) { try FileManager.default.removeItem(atPath: path) }
  }

  private func lstat(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path)) != nil
  }
}

/// What each of the ways to ask for one object says.
enum Ask: CaseIterable {
  case content, prefix, revision

  func ask(_ repository: Repository, for id: ObjectID) throws {
    switch self {
    case .content: _ = try repository.blob(id, atMost: .max)
    case .prefix:
      _ = try repository.blob(try repository.object(withPrefix: "\("\(id)".prefix(12))"), atMost: .max)
    case .revision: _ = try repository.resolveRevision("\("\(id)".prefix(12))")
    }
  }
}

/// The zlib stream of `bytes` in stored blocks: what a file holds where nothing is compressed.
func stored(_ bytes: [UInt8]) -> [UInt8] {
  var (a, b): (UInt32, UInt32) = (1, 0)
  for byte in bytes {
    a = (a + UInt32(byte)) % 65_521
    b = (b + a) % 65_521
  }
  let count = UInt16(bytes.count)
  let checksum = b << 16 | a
  let lengths = [count, ~count].flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
  return [0x78, 0x01, 1] + lengths + bytes
    + [
      UInt8(checksum >> 24), UInt8(checksum >> 16 & 0xff), UInt8(checksum >> 8 & 0xff),
      UInt8(checksum & 0xff),
    ]
}
