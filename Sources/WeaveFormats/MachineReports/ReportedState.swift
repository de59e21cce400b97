import ForeignText
import WeaveModel

/// What a machine says that it runs, whatever program said it.
public struct ReportedState: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    /// The commit of each project, and those of them with changes that no commit holds.
    case projects([ProjectName: CommitID], dirty: Set<ProjectName>)
    /// What this resolution wants of the machine.
    case resolution(ResolutionID)
    /// This commit, of whatever project, perhaps with changes that no commit holds.
    case commit(CommitID, isDirty: Bool)
  }

  /// What is said of one machine.
  public struct Machine: Sendable, Equatable {
    /// Nil where the report does not say whose it is.
    public let name: String?
    /// The machine's own count of its changes, from 1; nil where it does not count them.
    public let sequence: Int?
    public let content: Content

    public init(name: String?, sequence: Int? = nil, content: Content) {
      (self.name, self.sequence, self.content) = (name, sequence, content)
    }
  }

  /// What is said of the machine that reports.
  public let reporter: Machine
  /// What it says of others; each has a name, by which they are sorted.
  public let others: [Machine]
  /// What was passed over, a sentence each.
  public let remarks: [String]

  public init(_ reporter: Machine, others: [Machine] = [], remarks: [String] = []) {
    (self.reporter, self.others, self.remarks) = (reporter, others, remarks)
  }

  /// The longest report that is read, in bytes.
  public static let longest = MachineReport.mostBytes

  /// Reads a report of any kind, told by what it holds: `weave.manifest/1`, `nixos-version --json`,
  /// `nixos-rebuild list-generations --json`, `.r10k-deploy.json`, or lines `PROJECT SHA [dirty]`.
  ///
  /// - Parameter file: only what errors call it.
  public static func read(_ bytes: [UInt8], file: String) throws(FileFormatError) -> ReportedState {
    guard bytes.count <= longest else {
      throw FileFormatError(file: file, message: "it has more than \(longest) bytes")
    }
    let text = try WorkspaceFile.text(bytes, file: file)
    switch text.unicodeScalars.first(where: { !$0.properties.isWhitespace }) {
    case "[": return try NixOSGenerations.read(text, file: file)
    case "{": return try readObject(text, file: file)
    default: return try ReportedLines.read(text, file: file)
    }
  }

  /// The keys by which the kinds of JSON objects are told apart.
  private struct Header: Decodable {
    let schema: String?
    let nixosVersion: String?
    let signature: String?
  }

  private static func readObject(_ text: String, file: String) throws(FileFormatError) -> ReportedState {
    let header: Header = try JSONText.decode(text, file: file, what: "report")
    if let schema = header.schema {
      guard schema == WeaveManifest.schema else {
        throw FileFormatError(
          file: file,
          message: "its schema is '\(schema.prefix(bytes: 100))', and a report's \(WeaveManifest.schema)"
        )
      }
      return try WeaveManifest.read(text, file: file)
    }
    if header.nixosVersion != nil { return try NixOSVersion.read(text, file: file) }
    if header.signature != nil { return try R10kDeployment.read(text, file: file) }
    throw FileFormatError(
      file: file,
      message:
        "it is no report: it has neither 'schema' (weave), nor 'nixosVersion' (NixOS), nor 'signature' (r10k)"
    )
  }
}

/// What readers of reports share.
enum ReportedText {
  static func project(_ text: String, file: String, line: Int? = nil) throws(FileFormatError) -> ProjectName {
    do { return try ProjectName(text) } catch {
      throw FileFormatError(
        file: file, line: line, message: "'\(text.prefix(bytes: 100))' is no project's name: \(error.reason)")
    }
  }

  static func commit(
    _ text: some StringProtocol, of what: String, file: String, line: Int? = nil
  ) throws(FileFormatError) -> CommitID {
    guard let commit = CommitID(hex: text) else {
      throw FileFormatError(
        file: file, line: line,
        message: "'\(text.prefix(bytes: 100))' is no full commit id of \(what), 40 hexadecimal digits")
    }
    return commit
  }

  static func machine(_ text: String, file: String) throws(FileFormatError) -> String {
    if let reason = MachineName.reason(against: text) {
      throw FileFormatError(
        file: file, message: "'\(text.prefix(bytes: 100))' is no machine's name: \(reason)")
    }
    return text
  }
}
