import ForeignText
import Testing
import WeaveModel

@Suite struct ProjectSourceTests {
  @Test(arguments: ["u:p@ext::sh -c x", "u:p@--upload-pack=x", "u:p@"])
  func `what would run a program once its secret is taken out is refused`(source: String) {
    #expect(ProjectSource.refusal(of: source) != nil)
  }

  @Test(arguments: ["https://tok@host/x", "ssh://git@host/x", "git@host:x", "/srv/x"])
  func `what has a secret that ends clearly is no reason to refuse it`(source: String) {
    #expect(ProjectSource.refusal(of: source) == nil)
    #expect(ProjectSource.refusal(ofUnclear: RepositoryURL(source)) == nil)
  }

  @Test(arguments: ["https://SECRET@host/x", "https://u:p@host/x?access_token=a", "https://u:p@ss@host/x"])
  func `sources that differ in their secret are one address`(source: String) {
    #expect(RepositoryAddress(source) == RepositoryAddress("https://host/x"))
  }
}
