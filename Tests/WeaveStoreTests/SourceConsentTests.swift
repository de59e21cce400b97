import ForeignText
import Testing
import WeaveStore

@Suite("To fetch from another spelling of a source")
struct SourceConsentTests {
  private static let former: RepositoryURL = "https://git.example.com/team/app.git"

  @Test(
    "needs no yes where it is the same repository for whoever reads it",
    arguments: [
      "https://git.example.com/team/app.git", "https://git.example.com/team/app",
      "https://git.example.com/team/app/",
      "https://GIT.example.com/team/app.git", "https://git.example.com:443/team/app.git",
      "https://ci:token@git.example.com/team/app.git",
    ])
  func same(source: String) { #expect(RepositoryURL(source).needsNoConsent(insteadOf: Self.former)) }

  @Test("nor where it is by https what was by http") func safer() {
    #expect(Self.former.needsNoConsent(insteadOf: "http://git.example.com/team/app"))
    #expect(!RepositoryURL("http://git.example.com/team/app").needsNoConsent(insteadOf: Self.former))
  }

  @Test(
    "needs one where weave, Git, curl and a server may take it for different things",
    arguments: [
      "https://git.example.com/evil//../team/app.git", "https://git.example.com/evil/../team/app.git",
      "https://git.example.com/./team/app.git", "https://git.example.com//team/app.git",
      "https://git.example.com/team,token=a/app.git", "https://git.example.com/team;sig=a/app.git",
      "https://git.example.com/team&key=a/app.git", "https://git.example.com/team/app,auth=a.git",
      "https://git.example.com/team%2Fapp.git", "https://git.example.com/%74eam/app.git",
      "https://git.example.com/redirect?to=https://evil/x/../../../team/app.git",
      "https://git.example.com/evil/x#/../../../team/app.git", "https://git.example.com/~/team/app.git",
      "https://git.example.com%2Fteam/app.git", "https://git.example.com/team/app.git?key=evil",
      "https://git.example.com/team/app.git#token=evil",
      "https://evil.example?x@git.example.com/team/app.git",
      "https://git.example.com:8443/team/app.git", "ssh://git@git.example.com/team/app.git",
      "git@git.example.com:team/app.git", "git@git.example.com:team,token=a/app",
    ])
  func other(source: String) { #expect(!RepositoryURL(source).needsNoConsent(insteadOf: Self.former)) }

  @Test("whatever it is, needs none where it is the same to the byte")
  func equal() {
    for source in ["https://h/a//../b?key=x", "git@h:a,token=b/c", "/srv/a.git"] {
      #expect(RepositoryURL(source).needsNoConsent(insteadOf: RepositoryURL(source)))
    }
  }
}
