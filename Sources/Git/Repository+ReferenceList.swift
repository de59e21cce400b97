extension Repository {
  /// The references under `refs/` whose full names fit `glob`, sorted by the bytes of their names; `*`
  /// crosses slashes.
  ///
  /// A file read for each loose one below the part of `glob` that is literal, and 1 µs for each packed one there. All,
  /// or an error.
  public func references(matching glob: String) throws(GitError) -> [Reference] {
    let operation = "list \(glob)"
    try refuseNUL(glob, operation)
    return try referenceFiles.references(matching: glob, operation)
  }
}
