import ForeignText
import GitProcess

/// Who asks, from where, and when: all that the library would otherwise have to read from the process.
public struct Surroundings: Sendable {
  /// An absolute path; empty where the directory is gone.
  public var workingDirectory: String
  public var environment: [String: String]
  /// The machine that the caller is on, as it names itself.
  public var hostName: String
  /// The present, in seconds since 1970: ages are counted from it. What is recorded bears the date that Git gives it.
  public var now: Int64
  /// Gives what standard input holds; of more than so many bytes some more than these from its beginning.
  public var readStandardInput: @Sendable (_ limit: Int) throws -> [UInt8]
  /// Waits for a line that the user answers a question with, and gives nil where none comes; itself nil where there is no
  /// terminal to answer on.
  public var readAnswer: (@Sendable () -> String?)?
  /// Told what the caller should know and did not ask for; one sentence each.
  public var warn: @Sendable (String) -> Void

  /// Surroundings of these values; unless something else is given, with nothing on standard input, and nobody to answer or to
  /// be warned.
  public init(
    workingDirectory: String, environment: [String: String], hostName: String, now: Int64,
    readStandardInput: @escaping @Sendable (_ limit: Int) throws -> [UInt8] = { _ in [] },
    readAnswer: (@Sendable () -> String?)? = nil, warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    (self.workingDirectory, self.environment, self.hostName) = (workingDirectory, environment, hostName)
    (self.now, self.readStandardInput, self.readAnswer) = (now, readStandardInput, readAnswer)
    self.warn = warn
  }

  /// These surroundings in the directory that `path` names from here, every link followed, as chdir(2) would go there; in this
  /// one where it is nil. Throws where the directory cannot be gone to, or this one is needed and is gone.
  public func going(to path: String?) throws -> Surroundings {
    let isAbsolute = path?.begins(with: "/") == true
    guard isAbsolute || !workingDirectory.isEmpty else {
      throw WeaveError("the current directory is gone", hint: "`cd` to one that exists")
    }
    guard let path else { return self }
    var moved = self
    moved.workingDirectory = try FileSystem.entered(
      isAbsolute || path.isEmpty ? path : workingDirectory + "/" + path, namedAs: path)
    return moved
  }

  /// What is read of an open file descriptor, for ``readStandardInput``.
  public static func reading(descriptor: CInt) -> @Sendable (_ limit: Int) throws -> [UInt8] {
    { try FileSystem.read(descriptor: descriptor, "standard input", stoppingAfter: $0) }
  }

  /// Git with the caller's settings and credentials.
  var git: GitProcess { GitProcess(environment: environment, workingDirectory: workingDirectory) }
}
