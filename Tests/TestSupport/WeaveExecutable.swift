import Foundation

/// The path of the built `weave`: the one beside the tests, or what `WEAVE_EXECUTABLE` names.
public let weaveExecutable = builtExecutable("weave", orFrom: "WEAVE_EXECUTABLE")

/// The path of the built `weave-bench`: the one beside the tests, or what `WEAVE_BENCH` names.
public let weaveBenchExecutable = builtExecutable("weave-bench", orFrom: "WEAVE_BENCH")

private func builtExecutable(_ name: String, orFrom variable: String) -> String {
  if let path = ProcessInfo.processInfo.environment[variable] { return path }
  let starts = [Bundle(for: Anchor.self).bundlePath, CommandLine.arguments[0]]
  for start in starts {
    var directory = URL(fileURLWithPath: start).resolvingSymlinksInPath()
    // On macOS the tests lie in a bundle, three directories below the programs.
    for _ in 0..<4 {
      directory.deleteLastPathComponent()
      let candidate = directory.appendingPathComponent(name).path
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory), !isDirectory.boolValue
      {
        return candidate
      }
    }
  }
  fatalError("no `\(name)` beside \(starts): build it first, or set \(variable)")
}

private final class Anchor {}
