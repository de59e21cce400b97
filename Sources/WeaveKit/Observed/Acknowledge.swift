import WeaveModel
import WeaveStore

extension Workspace {
  /// Says of what is wrong with the machine that it is known, and expected for so many seconds from now.
  ///
  /// - Returns: the machine's full name, and when that is over, in seconds since 1970.
  public func acknowledge(
    _ machine: String, _ constellation: String?, for seconds: Int64, because text: String, force: Bool = false
  ) async throws -> (machine: String, until: Int64) {
    let (_, name) = try self.constellation(constellation, ofMachine: machine)
    guard seconds > 0 else { throw WeaveError("an acknowledgement needs some time: --for 2d") }
    if !force, try store.audience(ofReportBy: name, naming: []) == .public {
      try refusePrivateNames(in: text, of: "the acknowledgement")
    }
    let until = caller.now + seconds
    let author = try await author()
    try await recording("the acknowledgement") {
      try store.acknowledge(name, because: text, until: until, author: author)
    }
    return (name, until)
  }

  /// Takes back what was acknowledged of the machine; returns its full name.
  public func endAcknowledgement(of machine: String, _ constellation: String?) async throws -> String {
    let name = (try? self.constellation(constellation, ofMachine: machine).name) ?? machine
    let author = try await author()
    let wasThere = try await recording("the end of the acknowledgement") {
      try store.endAcknowledgement(of: name, author: author)
    }
    guard wasThere else {
      throw WeaveError("nothing is acknowledged of \(name)")
    }
    return name
  }
}
