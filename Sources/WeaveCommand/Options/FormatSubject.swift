import WeaveFormats
import WeaveKit

/// What a deploy tool is told about, as the arguments and Terraform's query have it.
struct FormatSubject {
  var constellation, machine, project: String?

  /// Takes what the query asks, beside what the arguments do.
  mutating func take(_ readQuery: () throws -> TerraformQuery) throws {
    if constellation == "-" {
      throw WeaveError("standard input holds Terraform's query, and cannot hold the constellation, too")
    }
    let query = try readQuery()
    constellation = try Self.only(query.constellation, constellation, "constellation")
    machine = try Self.only(query.machine, machine, "machine")
    project = try Self.only(query.project, project, "project")
  }

  private static func only(_ asked: String?, _ given: String?, _ what: String) throws -> String? {
    if let asked, let given, asked != given {
      throw WeaveError("the query asks for the \(what) '\(asked)', and the arguments for '\(given)'")
    }
    return asked ?? given
  }
}
