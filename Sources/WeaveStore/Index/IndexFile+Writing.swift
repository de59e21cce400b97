import ForeignText
import Git
import WeaveModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension IndexFile {
  /// Puts the index in the place of what is there, whole or not at all. Whether it could be written nobody need know:
  /// it is a saving only.
  ///
  /// Of two processes that write at once the last one stays, and both are right. Not synchronised to the disk: what a
  /// power cut leaves has no checksum.
  @discardableResult
  static func write(_ index: StoreIndex, gitDirectory: String, store: StoreID) -> Bool {
    let path = path(in: gitDirectory)
    let draft = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max))"
    mkdir(gitDirectory + "/weave", 0o755)
    let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return false }
    let isWritten = write(index, store: store) { put($0, to: descriptor) }
    guard close(descriptor) == 0, isWritten, rename(draft, path) == 0 else {
      unlink(draft)
      return false
    }
    DerivedFile.removeDrafts(of: "index", in: gitDirectory + "/weave")
    return true
  }

  /// Removes the index, if there is one.
  static func remove(gitDirectory: String) { unlink(path(in: gitDirectory)) }

  /// Gives the bytes of the index to `put`, in their order, until that returns false; whether it never did.
  static func write(
    _ index: StoreIndex, store: StoreID, put: (UnsafeRawBufferPointer) -> Bool
  ) -> Bool {
    var header = [UInt64](repeating: 0, count: IndexFormat.headerCount)
    var length = header.count * MemoryLayout<UInt64>.size
    visitSections(of: index, store: store) { section, bytes in
      header[IndexFormat.Word.allCases.count + section.rawValue] = UInt64(bytes.count)
      length += IndexFormat.padded(bytes.count)
      return true
    }
    header[IndexFormat.Word.magic.rawValue] = IndexFormat.magic
    header[IndexFormat.Word.version.rawValue] = IndexFormat.version
    header[IndexFormat.Word.length.rawValue] = UInt64(length)
    header[IndexFormat.Word.commitSeed.rawValue] = index.commits.rows.seed
    header[IndexFormat.Word.eventSeed.rawValue] = index.events.rows.seed
    var checksum = IndexChecksum()
    header.withUnsafeBytes { checksum.add($0) }
    visitSections(of: index, store: store) { _, bytes in
      checksum.add(bytes)
      return true
    }
    header[IndexFormat.Word.checksum.rawValue] = checksum.value
    let padding = [UInt8](repeating: 0, count: IndexChecksum.blockSize)
    return header.withUnsafeBytes(put)
      && visitSections(of: index, store: store) { _, bytes in
        let missing = IndexFormat.padded(bytes.count) - bytes.count
        return put(bytes) && padding[..<missing].withUnsafeBytes(put)
      }
  }

  /// The bytes of each section, in order, until `visit` returns false; whether it never did.
  @discardableResult
  private static func visitSections(
    of index: StoreIndex, store: StoreID, _ visit: (IndexFormat.Section, UnsafeRawBufferPointer) -> Bool
  ) -> Bool {
    IndexFormat.Section.allCases.allSatisfy { section in
      func visitColumn(_ column: [some BitwiseCopyable]) -> Bool {
        column.withUnsafeBytes { visit(section, $0) }
      }
      return switch section {
      case .text: visitColumn(IndexFormat.text(of: index, store: store))
      case .commitProjects: visitColumn(index.commits.projectNumbers)
      case .commitIDs: visitColumn(index.commits.ids.words)
      case .commitRows: visitColumn(index.commits.rows.slots)
      case .eventIDs: visitColumn(index.events.ids.words)
      case .eventKinds: visitColumn(index.events.kinds)
      case .eventSeconds: visitColumn(index.events.seconds)
      case .eventStarts: visitColumn(index.events.members.starts)
      case .eventMembers: visitColumn(index.events.members.members)
      case .withdrawals: visitColumn(index.events.withdrawals)
      case .withdrawn: visitColumn(index.events.withdrawn.words)
      case .eventRows: visitColumn(index.events.rows.slots)
      case .histories: visitColumn(index.histories.flatMap(\.numbers))
      }
    }
  }

  private static func put(_ buffer: UnsafeRawBufferPointer, to descriptor: CInt) -> Bool {
    var done = 0
    while done < buffer.count {
      guard let start = buffer.baseAddress else { return false }
      let count = writeBytes(descriptor, start + done, buffer.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}

/// `write(2)`, which the functions above hide.
private func writeBytes(_ descriptor: CInt, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
