import Foundation
import TestSupport
import Testing

@testable import WeaveKit

@Suite("Going to a directory")
struct GoingTests {
  private let directory: TemporaryDirectory
  private let here: Surroundings

  init() throws {
    directory = try TemporaryDirectory()
    here = Self.surroundings(in: directory.path)
    for path in ["real/inner", "other"] {
      try FileManager.default.createDirectory(
        atPath: directory.appending(path), withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      atPath: directory.appending("link"), withDestinationPath: "real/inner")
    _ = try directory.write("", to: "file")
  }

  private static func surroundings(in directory: String) -> Surroundings {
    Surroundings(workingDirectory: directory, environment: [:], hostName: "toto", now: 0)
  }

  @Test(
    "takes the path from here, and follows each link, before `..`, too",
    arguments: [
      ("real", "/real"), ("./real/", "/real"), ("link", "/real/inner"), ("link/..", "/real"),
      ("real/../other", "/other"),
    ])
  func fromHere(path: String, place: String) throws {
    #expect(try here.going(to: path).workingDirectory == FileSystem.canonical(directory.path) + place)
  }

  @Test("goes on from where it went")
  func twice() throws {
    #expect(
      try here.going(to: "real").going(to: "inner").workingDirectory
        == FileSystem.canonical(directory.appending("real/inner")))
  }

  @Test(
    "says where it cannot go, as it was named, and why",
    arguments: [
      ("none", "No such file or directory"), ("file", "Not a directory"), ("", "No such file or directory"),
    ])
  func cannotGo(path: String, reason: String) {
    let error = #expect(throws: WeaveError.self) { try here.going(to: path) }
    #expect(error?.message == "cannot go to the directory \(path): \(reason)")
  }

  @Test(
    "says that the current directory is gone, where that is where it would go from", arguments: [nil, "real"])
  func gone(path: String?) {
    let error = #expect(throws: WeaveError.self) { try Self.surroundings(in: "").going(to: path) }
    #expect(error?.message == "the current directory is gone")
  }

  @Test("needs no current directory to go to an absolute path")
  func absolute() throws {
    let path = FileSystem.canonical(directory.appending("other"))
    #expect(try Self.surroundings(in: "").going(to: path).workingDirectory == path)
  }
}
