import TestSupport
import Testing

@testable import LabSupport

/// What a pipeline may end with.
extension PipelineLab {
  private static let deployed = [
    ("toto.canon", "telperion"), ("toto.canon", "laurelin"), ("barge", "laurelin"),
  ]

  static let inSync = ["toto.canon": "in-sync", "barge": "in-sync"]

  /// The machines have what is wanted of them, and the hub knows.
  func expectDeployed(sourceLocation: SourceLocation = #_sourceLocation) throws {
    for (machine, project) in Self.deployed {
      #expect(
        try checkedOut(project, on: machine) == lab.id("\(project)@v2"), sourceLocation: sourceLocation)
    }
    #expect(try statuses() == Self.inSync, sourceLocation: sourceLocation)
  }

  /// Everything on the machines is as it was before a pipeline ran.
  func expectNothingDeployed(sourceLocation: SourceLocation = #_sourceLocation) throws {
    for (machine, project) in Self.deployed {
      #expect(
        try checkedOut(project, on: machine) == lab.id("\(project)@v1"), sourceLocation: sourceLocation)
    }
    #expect(try statuses() == ["toto.canon": "-", "barge": "-"], sourceLocation: sourceLocation)
  }
}
