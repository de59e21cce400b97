import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The directory of the store for copies of indexes, which one process has at a time.
public final class SnapshotDirectory {
  private let path: String
  private let lock: StoreLock

  /// Waits until no other process has it, and takes away what a killed one left.
  public init(of store: Store) throws {
    path = store.repository.gitDirectory + "/weave/snapshots"
    mkdir(store.repository.gitDirectory + "/weave", 0o755)
    mkdir(path, 0o755)
    lock = try StoreLock(gitDirectory: path, warn: store.warn)
    empty()
  }

  deinit { empty() }

  /// The path for a copy of the index of that checkout, the number `number`; nothing is there.
  public func index(_ number: Int) -> String { "\(path)/\(number).index" }

  private func empty() {
    LooseFiles.visit("snapshots", of: path + "/..") { name, _ in
      if !name.begins(with: "snapshots/weave/") { unlink("\(path)/../\(name)") }
    }
  }
}
