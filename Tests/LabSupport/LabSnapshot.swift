import Foundation
import TestSupport

/// Some directories of a lab, to be put back as they were, where they were: paths in them stay true.
struct LabSnapshot {
  private let lab: Lab
  private let directories: [String]

  init(of directories: [String], in lab: Lab) throws {
    (self.lab, self.directories) = (lab, directories)
    for name in directories { try copy(name, to: "\(name).saved") }
  }

  func restore() throws {
    for name in directories {
      try FileManager.default.removeItem(atPath: lab.directory.appending(name))
      try copy("\(name).saved", to: name)
    }
  }

  private func copy(_ name: String, to other: String) throws {
    let arguments = ["-a", lab.directory.appending(name), lab.directory.appending(other)]
    try runProcess("cp", arguments, in: "/", environment: lab.environment.variables).succeeded(
      ["cp"] + arguments)
  }
}
