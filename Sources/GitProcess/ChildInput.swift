import Subprocess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// What a child gets on standard input. What it does not take, its exit code tells of.
///
/// Subprocess ends this process where an input of its own cannot be written whole, as to a child that ended before it read
/// (swiftlang/swift-subprocess#367).
struct ChildInput: InputProtocol {
  let bytes: [UInt8]

  func write(with writer: StandardInputWriter) async throws {
    do {
      _ = try await writer.write(bytes)
    } catch {
      try await writer.finish()
      guard error.underlyingError?.rawValue == EPIPE else { throw error }
    }
    // A second time it does nothing.
    try await writer.finish()
  }
}
