import TestSupport
import Testing

@testable import LabSupport

@Suite("What can be a project's source", .inProcess)
struct SourceTests {
  @Test("a path where nothing is, and a directory that is no repository, are refused by name")
  func noRepository() throws {
    try Lab.withStore { lab in
      let nowhere = try lab.run("project", "add", "gone", "/nowhere/at/all")
      #expect(nowhere.status == 1)
      #expect(nowhere.stderr == "error: no repository is at /nowhere/at/all\n")
      let plain = try lab.run("project", "add", "gone", lab.directory.path)
      #expect(plain.status == 1)
      #expect(
        plain.stderr
          == "error: cannot open the repository at \(lab.directory.path): there is no Git repository there\n")
      let isEmpty = try lab.weave("project", "list").split(separator: "\n").count == 1
      #expect(isEmpty)
    }
  }

  @Test(
    "a URL without its scheme is refused as such, without its secret",
    arguments: ["//u:SECRET@h.invalid/x", "//h.invalid/x?token=SECRET", "//u:p/SECRET@h.invalid/x"])
  func noScheme(url: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      for command in [["project", "add", "narya", url], ["project", "set", "telperion", "source", url]] {
        let result = try lab.run(command)
        #expect(result.status == 1, "\(result)")
        #expect(!(result.stdout + result.stderr).contains("SECRET"), "\(result)")
      }
    }
  }

  @Test("a bare repository, a work tree and a bundle are sources")
  func repositories() throws {
    try Lab.withStore { lab in
      let source = try lab.makeSource("telperion")
      let bundle = lab.directory.appending("telperion.bundle")
      try source.repository.git("bundle", "create", "--quiet", bundle, "--all", "HEAD")
      let bare = lab.directory.appending("bare.git")
      try source.repository.git("clone", "--quiet", "--bare", source.repository.path, bare)
      for (name, path) in [("tree", source.repository.path), ("bundle", bundle), ("bare", bare)] {
        try lab.weave("project", "add", name, path)
        try lab.weave("fetch", name)
        #expect(lab.fetched("\(name)", "refs/heads/main") == source.two)
      }
    }
  }
}
