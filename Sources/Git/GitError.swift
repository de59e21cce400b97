/// What Git could not do, on what, and why.
public struct GitError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure, for a caller who can do something about it.
  ///
  /// libgit2's own numbers (`git2/errors.h`) as they come; the ones below −1000 are this module's.
  public struct Code: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Anything that has no code of its own: an I/O error, a corrupt file.
    public static let generic = Code(rawValue: -1)
    /// The object, reference, file or key does not exist.
    public static let notFound = Code(rawValue: -3)
    /// It exists already, or its place is taken.
    public static let exists = Code(rawValue: -4)
    /// More than one object fits.
    public static let ambiguous = Code(rawValue: -5)
    /// HEAD names a branch that has no commit yet.
    public static let unborn = Code(rawValue: -9)
    /// The text is no valid name, revision or key.
    public static let invalidSpec = Code(rawValue: -12)
    /// What was given, or is stored, is not of the form that libgit2 takes.
    static let invalid = Code(rawValue: -21)
    /// Another process, or one that died, holds the `.lock` file.
    public static let locked = Code(rawValue: -14)
    /// The reference is not what the caller expected: somebody else was first.
    public static let modified = Code(rawValue: -15)
    /// The object cannot be followed to one of the wanted kind.
    public static let cannotPeel = Code(rawValue: -19)
    /// There is a directory where a file is to be.
    static let directory = Code(rawValue: -23)
    /// The object's content does not match its name.
    public static let hashMismatch = Code(rawValue: -33)
    /// Another user owns the directory, and `safe.directory` does not list it.
    public static let notOwned = Code(rawValue: -36)
    /// There is no repository at the path.
    public static let notARepository = Code(rawValue: -1001)
    /// The repository needs something that libgit2 lacks: SHA-256, a reftable, full history.
    public static let unsupported = Code(rawValue: -1002)
    /// The system lets this user not read or write the file.
    public static let denied = Code(rawValue: -1006)
    /// The object is of another kind than asked for.
    public static let wrongKind = Code(rawValue: -1003)
    /// The object is as it was written, and its content is not what one of its kind holds.
    public static let malformed = Code(rawValue: -1005)
    /// What is stored is damaged: no longer what was written.
    public static let corrupt = Code(rawValue: -1004)
  }

  public let code: Code
  /// What was attempted, on what: "read commit 4b82…".
  public let operation: String
  /// Why it failed, as a clause.
  public let message: String

  public var description: String { "cannot \(operation): \(message)" }

  init(_ code: Code, _ operation: String, _ message: String) {
    self.code = code
    self.operation = operation
    self.message = message
  }

  /// Whether it tells of an object that leads to no commit, and none is lost: it is a tree, a blob, or a tag that Git reads
  /// no more than weave does.
  public var leadsToNoCommit: Bool { code == .wrongKind || code == .malformed }

  /// Whether libgit2 may have met a commit or a tag whose author, committer or tagger it does not read, for which it has no
  /// code: to be looked at by what else it says.
  var isOfUnreadObject: Bool { code == .generic || code == .invalid }

  func with(_ code: Code, _ message: String? = nil) -> GitError {
    GitError(code, operation, message ?? self.message)
  }
}
