import CLooseObjects

/// What must hold of the decoder of loose objects' files. `Sanitized/loose.c` asks for more of its memory.
enum LooseObjectReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    guard let object = decode(bytes) else { return false }
    try Violation.unless(header(bytes) == (object.kind, object.content.count), "its header says otherwise")
    try Violation.unless(decode(Array(bytes.dropLast())) == nil, "its end is not necessary")
    try Violation.unless(decode(bytes + [0]) == nil, "it goes on after its end")
    return true
  }

  private static func decode(_ bytes: [UInt8]) -> (kind: Int32, content: [UInt8])? {
    var (kind, size): (Int32, Int) = (0, 0)
    var content: UnsafeMutableRawPointer?
    let fault = bytes.withUnsafeBufferPointer {
      weave_loose_decode($0.baseAddress, $0.count, &kind, &content, &size)
    }
    defer { content?.deallocate() }
    guard fault == WEAVE_LOOSE_SOUND, let content else { return nil }
    return (kind, Array(UnsafeRawBufferPointer(start: content, count: size)))
  }

  private static func header(_ bytes: [UInt8]) -> (kind: Int32, count: Int) {
    var (kind, size): (Int32, Int) = (0, 0)
    let fault = bytes.withUnsafeBufferPointer {
      weave_loose_decode_header($0.baseAddress, $0.count, &kind, &size)
    }
    return fault == WEAVE_LOOSE_SOUND ? (kind, size) : (0, -1)
  }
}
