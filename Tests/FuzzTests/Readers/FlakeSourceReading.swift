import ForeignText
import WeaveFormats

/// What must hold of a `flake.nix` that a project has.
enum FlakeSourceReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    let inputs = FlakeSource.inputs(in: String(decoding: bytes, as: UTF8.self))
    for (name, url) in inputs {
      try Violation.unless(
        !name.isEmpty
          && name.unicodeScalars.allSatisfy { $0.isASCIIAlphanumeric || "_'-".unicodeScalars.contains($0) },
        "'\(name)' names no input")
      try Violation.unless(
        !url.unicodeScalars.contains { "\"\\$".unicodeScalars.contains($0) }, "'\(url)' is no plain string")
      let again = "{ inputs.\(Quoted.nixAttribute(name)).url = \(Quoted.nix(url)); }"
      // A quoted name is a spelling that is passed over.
      guard !Quoted.nixAttribute(name).begins(with: "\"") else { continue }
      try Violation.unless(
        url.unicodeScalars.contains { "\r\n\t\0".unicodeScalars.contains($0) }
          || FlakeSource.inputs(in: again) == [name: url], "written and read again '\(name)' is another")
    }
    return !inputs.isEmpty
  }
}
