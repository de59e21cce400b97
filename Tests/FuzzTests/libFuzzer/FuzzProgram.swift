import Foundation

/// In the environment, for libFuzzer starts the program again with arguments of its own.
private let reader: FuzzedReader = {
  let name = ProcessInfo.processInfo.environment["WEAVE_FUZZ_READER"] ?? ""
  guard let reader = FuzzedReader(rawValue: name) else {
    let names = FuzzedReader.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("WEAVE_FUZZ_READER is '\(name)'; it must be one of \(names)")
  }
  return reader
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func check(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try reader.check(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch { fatalError("\(error)") }
  return 0
}

/// What libFuzzer changes an input by: of an index one section, for moved by a byte none would be what it was.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int, _ seed: CUnsignedInt)
  -> Int
{
  guard reader == .index else { return mutateAnywhere(start, count, room) }
  var sections = IndexSections(Array(UnsafeBufferPointer(start: start, count: count)))
  let index = Int(seed) % sections.sections.count
  var section = sections.sections[index]
  let longest = max(section.count, min(1_024, room - sections.bytes.count))
  let length = section.count
  section += repeatElement(0, count: longest - length)
  guard longest > 0 else { return count }
  let changed = section.withUnsafeMutableBufferPointer { mutateAnywhere($0.baseAddress!, length, longest) }
  sections.sections[index] = Array(section.prefix(changed))
  let bytes = sections.bytes
  guard bytes.count <= room else { return count }
  _ = UnsafeMutableBufferPointer(start: start, count: room).update(fromContentsOf: bytes)
  return bytes.count
}

@_silgen_name("LLVMFuzzerMutate")
private func mutateAnywhere(_ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int
