import Testing
import WeaveFormats

/// A file of another tool, and others beside it in the same repository.
struct Sample {
  var files: [String: String] = [:]
  var folders: [String: [String]] = [:]

  func include(_ path: String) -> IncludedFile? {
    files[path].map { .file(Array($0.utf8)) } ?? folders[path].map { .folder($0) }
  }
}

func read(
  _ text: String, _ format: WorkspaceFormat, at path: String = "f", from source: String? = nil,
  with sample: Sample = Sample()
) throws(FileFormatError) -> WorkspaceFile {
  try WorkspaceFile.read(Array(text.utf8), as: format, at: path, from: source, include: sample.include)
}

/// The whole message of the error that reading `text` gives.
func refusal(_ text: String, _ format: WorkspaceFormat, at path: String = "f") -> String? {
  do {
    _ = try read(text, format, at: path)
    return nil
  } catch { return error.description }
}

let sha = String(repeating: "4f2c1d0a", count: 5)
let other = String(repeating: "0123abcd", count: 5)
