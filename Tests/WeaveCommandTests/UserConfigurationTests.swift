import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("The user's configuration of Git", .inProcess)
struct UserConfigurationTests {
  /// Settings that make stock Git read, show, fetch or prune in another way.
  private static let settings = """
    [trailer]
    \tseparators = "=#"
    [trailer "fake"]
    \tkey = "Weave-Event"
    [core]
    \tcommentChar = W
    \tlogAllRefUpdates = always
    \tabbrev = 40
    \tquotePath = false
    \tpreferSymlinkRefs = true
    [i18n]
    \tlogOutputEncoding = ISO-8859-1
    \tcommitEncoding = ISO-8859-1
    [color]
    \tui = always
    [fetch]
    \tprune = true
    \tpruneTags = true
    \tnegotiationAlgorithm = noop
    \twriteCommitGraph = true
    \tshowForcedUpdates = false
    [log]
    \tshowSignature = true
    [tag]
    \tgpgSign = true
    [gc]
    \tauto = 1
    [status]
    \tshowUntrackedFiles = no
    [diff]
    \tignoreSubmodules = all
    [notes]
    \tdisplayRef = refs/heads/*
    [extensions]
    \tworktreeConfig = true
    [transfer]
    \thideRefs = refs/namespaces
    \tfsckObjects = true
    """

  @Test("settings that change what stock Git reads and writes change no answer and no event of weave")
  func settings() throws {
    let lab = try Lab.filled()
    let commands = try EveryCommand.reading.map { try lab.arguments($0) }
    let plain = try commands.map { try lab.run($0).stdout }
    let config = try lab.directory.write(Self.settings, to: ".gitconfig")
    let environment = lab.environment.with(["GIT_CONFIG_GLOBAL": config])
    for (arguments, plain) in zip(commands, plain) {
      let result = try lab.run(arguments, environment: environment)
      #expect(result.status == 0, "\(arguments): \(result.stderr)")
      let age = /\d+s fresh *|"ageSeconds":\d+/
      #expect(result.stdout.replacing(age, with: "") == plain.replacing(age, with: ""), "\(arguments)")
    }
    for template in EveryCommand.writing {
      let result = try lab.run(
        lab.arguments(template), environment: environment, input: Constellations.emeraldCity)
      #expect(result.status == 0, "\(template): \(result.stderr)")
      #expect(try lab.complaints() == "", "\(template)")
    }
    let ledger = try lab.store.git("for-each-ref", "--format=%(refname)", "refs/weave/public/ledger")
    let events = try lab.store.git("log", "--format=raw", ledger)
    #expect(!events.contains("\nencoding ") && !events.contains("\ngpgsig "))
  }
}
