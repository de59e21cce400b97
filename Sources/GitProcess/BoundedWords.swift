import ForeignText

extension StringProtocol {
  /// What of Git's words, which may be a server's, is shown: at most 4 KiB, as weave-report shows.
  var boundedWords: String {
    utf8.count <= 4_096 ? String(self) : prefix(bytes: 4_096) + " …"
  }
}
