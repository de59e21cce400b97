import CLibgit2
import ForeignText

/// Runs one C call, and throws what libgit2 says when it returns a negative code.
///
/// Every call into libgit2 that can fail, or can be the first, goes through here: libgit2 segfaults when
/// it is called before it is initialised. The error's text is thread-local and is copied before anything
/// else runs on the thread. Returns the code, which some calls use as an answer.
@discardableResult
func check(_ operation: @autoclosure () -> String, _ call: () -> Int32) throws(GitError) -> Int32 {
  if let failure = Libgit2.startFailure { throw GitError(.generic, operation(), failure) }
  let code = call()
  guard code < 0 else { return code }
  // What does not inflate is damaged; libgit2 has no code for that.
  let isDamaged =
    code == GIT_ERROR.rawValue && git_error_last()?.pointee.klass == Int32(GIT_ERROR_ZLIB.rawValue)
  let message = takeLastError() ?? "libgit2 returned \(code)"
  if let path = deniedPath(in: message) {
    throw GitError(.denied, operation(), "permission denied: '\(path)'")
  }
  throw GitError(isDamaged ? .corrupt : GitError.Code(rawValue: code), operation(), message)
}

/// The path that libgit2 calls locked where the system says EACCES (`git_fs_path_set_error`).
private func deniedPath(in message: String) -> Substring? {
  guard let text = message.dropping(suffix: "' is locked: Permission denied"),
    let start = text.firstIndex(ofBytes: " - '")
  else { return nil }
  return text[start...].dropping(prefix: " - '")
}

/// As `check`, but false for a code of "not found" instead of an error.
func found(_ operation: @autoclosure () -> String, _ call: () -> Int32) throws(GitError) -> Bool {
  var missing = false
  try check(operation()) {
    let code = call()
    missing = code == GIT_ENOTFOUND.rawValue
    return missing ? 0 : code
  }
  if missing { git_error_clear() }
  return !missing
}

/// Throws for text that a C string would cut short: `HEAD\0x` must not be read as `HEAD`.
func refuseNUL(_ text: String, _ operation: @autoclosure () -> String) throws(GitError) {
  guard text.utf8.contains(0) else { return }
  throw GitError(.invalidSpec, operation(), "the text contains a NUL byte")
}

/// Cleared once read, so that a later failure without a text of its own does not repeat this one.
private func takeLastError() -> String? {
  guard let last = git_error_last(), let text = last.pointee.message else { return nil }
  defer { git_error_clear() }
  let message = String(cString: text)
  return message.isEmpty || message == "no error" ? nil : message
}
