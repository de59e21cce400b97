// swift-tools-version: 6.1
import Foundation
import PackageDescription

let package = Package(
  name: "weave",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "weave", targets: ["weave"]),
    .library(name: "WeaveKit", targets: ["WeaveKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.0.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
  ],
  targets: [
    .systemLibrary(
      name: "CLibgit2", pkgConfig: "libgit2",
      providers: [.apt(["libgit2-dev", "pkg-config"]), .brew(["libgit2", "pkg-config"])]),
    .target(name: "ForeignText"),
    .target(name: "CLooseObjects", dependencies: ["CLibgit2"], linkerSettings: [.linkedLibrary("z")]),
    .target(name: "Git", dependencies: ["CLibgit2", "CLooseObjects", "ForeignText"]),
    .target(
      name: "GitProcess",
      dependencies: ["ForeignText", .product(name: "Subprocess", package: "swift-subprocess")]),
    .target(name: "WeaveModel", dependencies: ["ForeignText", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "WeaveFormats",
      dependencies: ["WeaveModel", "ForeignText", .product(name: "Mustache", package: "swift-mustache")]),
    .target(name: "WeaveStore", dependencies: ["Git", "WeaveModel", "ForeignText"]),
    .target(
      name: "WeaveKit",
      dependencies: ["WeaveStore", "Git", "GitProcess", "WeaveFormats", "WeaveModel", "ForeignText"]),
    .target(
      name: "WeaveCommand",
      dependencies: [
        "WeaveKit", "WeaveFormats", "WeaveModel", "ForeignText",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "weave", dependencies: ["WeaveCommand"]),
    .executableTarget(
      name: "weave-bench",
      dependencies: ["WeaveModel", .product(name: "ArgumentParser", package: "swift-argument-parser")]),

    .target(
      name: "TestSupport", path: "Tests/TestSupport"),
    .target(
      name: "LabSupport", dependencies: ["WeaveFormats", "TestSupport"], path: "Tests/LabSupport"),
    .testTarget(name: "ForeignTextTests", dependencies: ["ForeignText", "TestSupport"]),
    .testTarget(name: "GitTests", dependencies: ["Git", "ForeignText", "TestSupport"]),
    .testTarget(name: "GitProcessTests", dependencies: ["GitProcess", "ForeignText", "TestSupport"]),
    .testTarget(name: "WeaveModelTests", dependencies: ["WeaveModel", "ForeignText", "TestSupport"]),
    .testTarget(
      name: "WeaveFormatsTests", dependencies: ["WeaveFormats", "WeaveModel", "ForeignText", "TestSupport"]),
    .testTarget(
      name: "WeaveStoreTests",
      dependencies: ["WeaveStore", "Git", "WeaveModel", "ForeignText", "TestSupport"]),
    .testTarget(
      name: "WeaveKitTests", dependencies: ["WeaveKit", "Git", "WeaveFormats", "WeaveModel", "TestSupport"]),
    .testTarget(
      name: "WeaveCommandTests",
      dependencies: ["WeaveCommand", "WeaveKit", "WeaveFormats", "Git", "LabSupport", "TestSupport"]),
    .testTarget(
      name: "EndToEndTests", dependencies: ["WeaveFormats", "LabSupport", "TestSupport"],
      // Built by the tests that preload it into weave; and a hook of weave 0.1.0, a script.
      exclude: ["Faults/faults.c", "Support/pre-receive-0.1.0"]),
  ]
)

// `Scripts/fuzz.sh` builds the readers of Tests/FuzzTests into a program around libFuzzer instead of into tests.
let fuzzed: [Target.Dependency] = [
  "CLooseObjects", "ForeignText", "Git", "GitProcess", "WeaveModel", "WeaveFormats", "WeaveStore",
]
if ProcessInfo.processInfo.environment["WEAVE_FUZZ"] == nil {
  package.targets.append(
    .testTarget(
      name: "FuzzTests", dependencies: fuzzed + ["TestSupport"],
      exclude: ["libFuzzer", "Dictionaries", "Sanitized"]))
} else {
  package.targets.append(
    .executableTarget(
      name: "weave-fuzz", dependencies: fuzzed, path: "Tests/FuzzTests",
      exclude: ["Corpus.swift", "CorpusTests.swift", "Dictionaries", "Sanitized"],
      // libFuzzer brings the program's main.
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
