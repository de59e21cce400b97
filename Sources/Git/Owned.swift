import CLibgit2

/// The one owner of something that libgit2 allocated: the only place that frees.
///
/// What a handle was made from must outlive it; whoever keeps an `Owned` keeps the `Repository` too.
struct Owned: ~Copyable {
  let raw: OpaquePointer
  private let free: @convention(c) (OpaquePointer?) -> Void

  /// Owns what the C constructor `make` puts into its argument.
  init(
    _ operation: @autoclosure () -> String, free: @escaping @convention(c) (OpaquePointer?) -> Void,
    make: (inout OpaquePointer?) -> Int32
  ) throws(GitError) {
    var made: OpaquePointer?
    try check(operation()) { make(&made) }
    guard let made else { throw GitError(.generic, operation(), "libgit2 returned nothing") }
    self.init(made, free: free)
  }

  init(_ raw: OpaquePointer, free: @escaping @convention(c) (OpaquePointer?) -> Void) {
    self.raw = raw
    self.free = free
  }

  /// Runs `body` on the handle, which outlives it: for what reads through a pointer that libgit2 still owns.
  ///
  /// `Owned(…).raw` of a temporary is freed before the expression around it runs (Swift 6.3, measured).
  borrowing func read<Value>(_ body: (OpaquePointer) throws(GitError) -> Value) throws(GitError) -> Value {
    try body(raw)
  }

  deinit { free(raw) }
}
