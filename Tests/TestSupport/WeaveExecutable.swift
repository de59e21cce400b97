import Foundation

/// The path of the built `weave`: the one beside the tests, or what `WEAVE_EXECUTABLE` names.
public let weaveExecutable: String = {
  if let path = ProcessInfo.processInfo.environment["WEAVE_EXECUTABLE"] { return path }
  let starts = [Bundle(for: Anchor.self).bundlePath, CommandLine.arguments[0]]
  for start in starts {
    var directory = URL(fileURLWithPath: start).resolvingSymlinksInPath()
    // On macOS the tests lie in a bundle, three directories below `weave`.
    for _ in 0..<4 {
      directory.deleteLastPathComponent()
      let candidate = directory.appendingPathComponent("weave").path
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory), !isDirectory.boolValue
      {
        return candidate
      }
    }
  }
  fatalError("no `weave` beside \(starts): build it first, or set WEAVE_EXECUTABLE")
}()

private final class Anchor {}
