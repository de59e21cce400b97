import ForeignText
import Foundation
import TestSupport
import Testing

@Suite("What a URL shows")
struct RepositoryURLTests {
  @Test(
    "user name and password of HTTP are hidden, however they are spelled",
    arguments: [
      "https://SECRET@host/x", "https://SECRET:@host/x", "https://u:SECRET@host/x", "https://:SECRET@host/x",
      "HTTPS://u:SECRET@host/x", "https://u:SEC@RET@host/x", "https://u:SECRET%40x@host/x",
      "https://u%3ASECRET@host/x", "https:///u:SECRET@host/x", "https://@host/x", "https://:@host/x",
      "https://u:SECRET%40host/x",
    ])
  func login(text: String) {
    #expect(
      RepositoryURL(text).text.lowercased()
        == (text.hasPrefix("https:///") ? "https:///host/x" : "https://host/x"))
  }

  @Test(
    "what stays is the same repository",
    arguments: [
      ("https://u:SECRET@[::1]:8443/x.git", "https://[::1]:8443/x.git"),
      ("https://h/x?password=a;SECRET", "https://h/x"),
      ("https://h/x&token=SECRET", "https://h/x"), ("https://h/x,token=SECRET/y", "https://h/x/y"),
      ("https://h/x?a=b,token=SECRET", "https://h/x?a=b"), ("https://h/x?token=a,SECRET", "https://h/x"),
      ("https://h/x?personal_access=SECRET", "https://h/x"),
      ("https://h/x?cred=SECRET&b=c", "https://h/x?b=c"),
      ("https://h/x?token=a?SECRET&ref=b", "https://h/x?ref=b"),
      ("https://SECRET@[::1]/a@b", "https://[::1]/a@b"),
      ("git+https://u:SECRET@h/x?ref=main", "git+https://h/x?ref=main"),
      ("ssh://git:SECRET@host:2222/~a/x", "ssh://git@host:2222/~a/x"),
      ("ssh://git%3aSECRET@host/x", "ssh://git@host/x"),
      ("ssh://:SECRET@host/x", "ssh://host/x"),
      ("git+ssh://git:SECRET@host/x", "git+ssh://git@host/x"),
      ("ftp://u:SECRET@host/x", "ftp://host/x"),
      ("file://u:SECRET@host/x", "file://host/x"),
      ("https://proxy/https://u:SECRET@host/x", "https://proxy/https://host/x"),
      ("https://h/x?access_token=SECRET", "https://h/x"),
      ("https://h/x?a=1&private_token=SECRET&b=2#c", "https://h/x?a=1&b=2#c"),
      ("https://h/x?PASSWORD=SECRET&a=1", "https://h/x?a=1"),
      ("https://h/x?acces%73_toke%6E=SECRET;a=1", "https://h/x?a=1"),
      ("https://h/x?%2574oken=SECRET", "https://h/x"),
      ("https://h?token=SECRET", "https://h"),
      ("https://h/x#access_token=SECRET", "https://h/x"),
      ("https://h/x?X-Amz-Signature=SECRET&X-Amz-Credential=SECRET&X-Amz-Date=1", "https://h/x?X-Amz-Date=1"),
      ("https://h/x?to=https%3A%2F%2Fu%3ASECRET%40i%2F", "https://h/x"),
    ])
  func rest(text: String, shown: String) {
    #expect(RepositoryURL(text).text == shown)
    #expect(RepositoryURL(text).hasSecret)
    #expect(!RepositoryURL(text).isUnclear)
  }

  @Test(
    "each word of a secret's name hides the parameter, in a longer name, too",
    arguments: [
      "token", "secret", "pass", "pwd", "key", "sig", "auth", "cred", "access", "jwt", "bearer", "session",
    ])
  func word(_ word: String) {
    for name in [word, "x\(word)y", word.uppercased()] {
      #expect(RepositoryURL("https://h/x?\(name)=SECRET&a=1").text == "https://h/x?a=1", "\(name)")
    }
  }

  @Test(
    "some are the name of a secret alone, and in a longer one are of something else",
    arguments: ["pat", "sid", "code", "otp", "ticket"])
  func wholeWord(_ word: String) {
    #expect(RepositoryURL("https://h/x?\(word)=SECRET&a=1").text == "https://h/x?a=1")
    let other = "https://h/x?x\(word)y=1"
    #expect(RepositoryURL(other).text == other)
  }

  @Test(
    "a URL that has lost its scheme hides as much, alone and in a sentence",
    arguments: [
      ("//u:SECRET@h/x", "//h/x"), ("//SECRET@h/x", "//h/x"), ("///u:SECRET@h/x", "///h/x"),
      ("//u:SEC@RET@h:8443/x", "//h:8443/x"), ("//u:SECRET%40h/x", "//h/x"), ("//u%3aSECRET@h", "//h"),
      ("//u:SECRET@[::1]/x", "//[::1]/x"),
    ])
  func withoutScheme(text: String, shown: String) {
    #expect(RepositoryURL(text).text == shown)
    #expect(RepositoryURL(text).hasSecret && RepositoryURL.isURL(text))
    #expect(Redaction.text("at '\(text)': none") == "at '\(shown)': none")
    #expect(Redaction.text("(\(text))") == "(\(shown))")
  }

  @Test(
    "a token of a query is hidden without a scheme, and in a password that ends nobody knows where all is",
    arguments: [("//h/x?token=SECRET", "//h/x"), ("//u:p/SECRET@h/x", "//…")])
  func tokenWithoutScheme(text: String, shown: String) {
    #expect(RepositoryURL(text).text == shown)
    #expect(RepositoryURL.isURL(text))
  }

  @Test(
    "a path that begins with several slashes is as it was",
    arguments: [
      "//srv/x", "//srv/a@b", "///srv/x:y", "//a:b/c", "/u:p@h/x", "//", "//srv/x?y=z", "//srv/R&D",
    ])
  func slashes(path: String) {
    #expect(RepositoryURL(path).text == path)
    #expect(!RepositoryURL(path).hasSecret && !RepositoryURL.isURL(path))
  }

  @Test(
    "a URL without a secret is as it was",
    arguments: [
      "https://host/x", "https://host:8443/x", "https://[::1]:8443/a@b", "https://host/@scope/x@v1",
      "https://host/x?ref=main&dir=a@b#c", "https://host:8443/x?dir=a@b", "ssh://git@host/x",
      "ssh://git@host:2222/a@b", "git@host:a/b",
      "git@host:a/b@c", "host:a", "/srv/a:b@c:d", "/srv/https://a:b@c/d", "./a:b@c", "file:///a:b@c",
      "file:///a?token=b",
      "path:./a@b",
      "github:o/r", "C:\\a", "", "@", "a@b", "://", "https://",
    ])
  func untouched(text: String) {
    #expect(RepositoryURL(text).text == text)
    #expect(!RepositoryURL(text).hasSecret)
    #expect(!RepositoryURL(text).isUnclear)
  }

  @Test(
    "where it is not clear what is secret, all nothing is shown",
    arguments: [
      ("https://u:SEC/RET@host/x", "https://…"),
      ("https://u:SEC?RET@host/x", "https://…"), ("https://u:SEC#RET@host/x", "https://…"),
      ("https://u:SEC@R/ET@host/x", "https://…"), ("ssh://u:SEC/RET@host/x", "ssh://…"),
      ("user:SECRET@host:path", "…"), ("user:SEC@RET@host:path", "…"),
      ("me@corp:SECRET@host:path", "…"), ("https:/u:SECRET@host/x", "…"),
    ])
  func unclear(text: String, shown: String) {
    #expect(RepositoryURL(text).text == shown)
    #expect(RepositoryURL(text).isUnclear)
  }

  @Test("no text, JSON or mirror of it holds the secret")
  func everyText() throws {
    struct Project: Encodable { let name = "a"; let source = RepositoryURL("https://u:SECRET@host/x") }
    let project = Project()
    var dumped = ""
    dump(project, to: &dumped)
    let json = String(decoding: try JSONEncoder().encode(project), as: UTF8.self)
    let all = [
      "\(project)", String(reflecting: project), dumped, json, "\(project.source)", "\([project.source])",
    ]
    for text in all { #expect(!text.contains("SECRET") && text.contains("host"), "\(text)") }
  }

  @Test("a mark beside a delimiter hides none of them")
  func marks() {
    for mark in ["\u{D4E}", "\u{600}", "\u{301}", "\u{20E3}", "\u{FE0F}", "\u{200D}", "\r"] {
      for url in [
        "https://u:SECRET@h/x", "https://SECRET@h/x", "ssh://u:SECRET@h/x", "https://h/x?token=SECRET",
        "https://h/x?a=1&token=SECRET", "u:SECRET@h:x",
      ] {
        let scalars = Array(url.unicodeScalars)
        for place in scalars.indices where ":/@?&=".unicodeScalars.contains(scalars[place]) {
          for offset in [0, 1] {
            var marked = String.UnicodeScalarView(scalars)
            marked.insert(
              contentsOf: mark.unicodeScalars, at: marked.index(marked.startIndex, offsetBy: place + offset))
            // `:` and `/` are no longer `://` then, and it is an address as of scp.
            let shown = RepositoryURL(String(marked)).text
            #expect(
              !shown.utf8.holdsBytes("SECRET"),
              "\(url) with \(mark.unicodeScalars.map(\.value)) at \(place + offset): \(shown)")
          }
        }
      }
    }
  }

  @Test("of random URLs the secret's bytes are in no description")
  func random() {
    var generator = SeededGenerator(seed: 41)
    let pieces = [
      "a", "Z", "0", "%40", "%3A", "%2f", ".", "-", "~", "\u{301}", "\u{D4E}", "é", "@", ":", "!", "$", "+",
    ]
    func text(_ count: Int) -> String {
      (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    }
    for _ in 0..<5_000 {
      let secret = "QQ" + text(Int.random(in: 3...12, using: &generator)) + "QQ"
      let (scheme, host) = (
        ["https", "http", "HTTPS", "git+https", "ssh"].randomElement(using: &generator)!,
        ["h", "h:8", "[::1]", "[::1]:8"].randomElement(using: &generator)!
      )
      // A colon ends a user name.
      let token = String(String.UnicodeScalarView(secret.unicodeScalars.filter { $0 != ":" }))
      let (url, hidden) = [
        ("\(scheme)://u:\(secret)@\(host)/x", secret), ("https://\(token)@\(host)/x?a=b", token),
        ("https://\(token):x-oauth-basic@\(host)/x", token), ("https://\(host)/x?token=\(secret)", secret),
        ("https://\(host)/x?a=b&my_Key=\(secret)#f", secret),
      ].randomElement(using: &generator)!
      for shown in [
        "\(RepositoryURL(url))", String(reflecting: RepositoryURL(url)),
        Redaction.text("fatal: '\(url)': no"),
        Redaction(knowing: RepositoryURL(url)).text("fatal: \(hidden): no"),
      ] {
        #expect(!shown.utf8.holdsBytes(hidden), "\(url): \(shown)")
      }
    }
  }

  @Test("what Git is told to log in with is decoded")
  func logins() throws {
    let login = try #require(RepositoryURL("https://a%40b:p%2Fw@h/x").login)
    #expect(login.user == "a@b" && login.password == "p/w")
    #expect(RepositoryURL("https://tok@h/x").login?.user == "tok")
    #expect(try #require(RepositoryURL("https://tok@h/x").login).password == nil)
    #expect(try #require(RepositoryURL("https://tok:@h/x").login).password == "")
    for text in [
      "https://h/x", "ssh://u:p@h/x", "https://u:p@h/x?token=a", "https://u:p%0Aw@h/x",
      "https://p/https://u:p@h/x",
    ] {
      #expect(RepositoryURL(text).login == nil, "\(text)")
    }
  }
}

@Suite("What is taken out of what Git says")
struct RedactionTests {
  @Test(
    "login and token of each URL, and nothing else",
    arguments: [
      (
        "fatal: unable to access 'https://u:p@ss@host/x/': no",
        "fatal: unable to access 'https://host/x/': no"
      ),
      ("see <https://tok@h/x>, or https://u:p/w@h/x.", "see <https://h/x>, or https://…"),
      ("at 'https://h/x?access_token=abc': no", "at 'https://h/x': no"),
      (
        "remote:\thttps://h/x?a=1&sig=abc#f\nnext ssh://git:p@h/x",
        "remote:\thttps://h/x?a=1#f\nnext ssh://git@h/x"
      ),
      ("was (u:SECRET@host:path).", "was (…)."), ("'u:SECRET@host:path':", "'…':"),
      ("see git@host:x?token=SECRET, and", "see git@host:x, and"),
      ("host:x?a=b&access_token=SECRET", "host:x?a=b"),
      (
        "cc:joe@example.org wants v1:a@b, (to: you@host:x)",
        "cc:joe@example.org wants v1:a@b, (to: you@host:x)"
      ),
      ("image app:v1.2@sha256:0123abcd works", "image app:v1.2@sha256:0123abcd works"),
      ("u:SECRET@sha256:path", "…"),
      ("u:SECRET@reg.host:5000/img:v1@sha256:00", "…@sha256:00"),
      ("reg:img?token=SECRET@sha256:00", "reg:img@sha256:00"),
      ("mail me@host: it is 10:30 at git@host:a/b", "mail me@host: it is 10:30 at git@host:a/b"),
      (
        "https://host/a is not https://host/b, says me@host",
        "https://host/a is not https://host/b, says me@host"
      ),
    ])
  func text(said: String, shown: String) { #expect(Redaction.text(said) == shown) }

  @Test("a secret that is known, wherever it stands and however it is encoded")
  func known() {
    let redaction = Redaction(knowing: RepositoryURL("https://ann:s%23cret%2fword@h/x?job_token=abcdef"))
    #expect(
      redaction.text("s#cret/word s%23cret%2Fword s%23cret%2fword xabcdefx ann") == "*** *** *** x***x ann")
  }

  @Test("a word of nothing but URLs takes no long time")
  func long() {
    let long = String(repeating: "https://u:p@", count: 100_000)
    #expect(Redaction.text("a \(long) b") == "a … b")
  }
}

extension String.UTF8View {
  fileprivate func holdsBytes(_ part: String) -> Bool { String(self).holds(part) }
}

@Suite("What hides a secret is quick, whatever it is given") struct LongURLTests {
  @Test(
    "also of a hundred thousand bytes",
    arguments: ["key=0&", "@", "://", "%40", ":", "a:b@", "?#", ";token=1", "[", "%25", "://u:p@h/"])
  func long(part: String) {
    let time = cpuSeconds {
      for count in [400, 100_000] {
        let text = "https://h/x?" + String(repeating: part, count: count / part.utf8.count)
        _ = (RepositoryURL(text), Redaction.text(text), Redaction(knowing: RepositoryURL(text)).text(text))
        let numbered = "https://h/x?" + (0..<count / 8).map { "key=\($0)&" }.joined()
        #expect(RepositoryURL(numbered).hasSecret && !RepositoryURL(numbered).text.contains("key="))
      }
    }
    // Of the thread's own: a machine that is busy says nothing of it.
    #expect(time < 30)
  }

  @Test(
    "parameters of paths, and in what is encoded, are hidden, too",
    arguments: [
      "http://h/one.git;access_token=SEMI77", "http://h/a;token=SEMI77/one.git",
      "http://h/x?a=b%3Btoken=SEMI77",
      "http://h/x?q=a%26token%3dSEMI77", "http://h/x?pat=SEMI77", "http://h/x?sid=SEMI77",
      "http://h/x?access%2Dcode=SEMI77",
      "github:o/r?token=SEMI77",
    ])
  func parameters(url: String) {
    #expect(!RepositoryURL(url).text.contains("SEMI77"))
    // Of a word in a sentence only a URL is looked at.
    guard url.contains("://") else { return }
    #expect(!Redaction.text("fatal: \(url) is not there").contains("SEMI77"))
  }

  @Test(
    "half of a login is one",
    arguments: ["https://oauth2:glpatT0k", "https://oauth2:glpatT0k/x", "ssh://a:glpat/x"])
  func half(url: String) {
    #expect(RepositoryURL(url).isUnclear && !RepositoryURL(url).text.contains("glpat"))
    #expect(!Redaction.text("at \(url) it ended").contains("glpat"))
  }

  @Test(
    "and what is no secret stays",
    arguments: [
      "http://h/a;v=1/b?path=x&ref=y", "ssh://git@h/~/a;b", "/srv/a;token=b", "http://h:8080/x",
      "http://[::1]:80/x", "http://h:/x",
    ])
  func kept(url: String) { #expect(RepositoryURL(url).text == url) }
}

@Suite("A URL never shows another host than the one that Git asks") struct ShownHostTests {
  @Test(
    "an @ behind a port, or in a path, is the path's",
    arguments: [
      "http://127.0.0.1:8801/open/@github.com/acme/one.git", "http://evil:/@good/x", "ssh://evil:22/@good/x",
      "git+https://evil:1/@good/x", "evil:/srv/@org/lib.git", "https://h:8443/@org/lib.git",
    ])
  func path(url: String) {
    #expect(RepositoryURL(url).text == url && !RepositoryURL(url).isUnclear)
  }

  @Test(
    "of what programs disagree on no host is shown",
    arguments: [
      "https://u:p/w@good/x", "https://u:p@ss/w@good/x", "u:p@good:x", "evil:@good:acme/x.git",
      "http://u:p?q@good/", "https://u:/p@good/x", "https://u:12/p@good/x", "https://u:?p@good/x",
      "https://u:#p@good/x",
      "u:/p@good/x",
    ])
  func unclear(url: String) {
    #expect(RepositoryURL(url).isUnclear && !RepositoryURL(url).text.contains("good"))
    #expect(!Redaction.text("at \(url) it ended").contains("://good"))
  }
}

@Suite("Git decodes a URL of ssh or git before it looks for the host's end") struct DecodedHostTests {
  @Test(
    "so that no host of one is shown",
    arguments: [
      "git://127.0.0.1:9499%2F@github.com/acme/one.git",
      "ssh://evil.example:22%2Fopen%2F@github.com/acme/x.git",
      "ssh://evil.example%2f@github.com/acme/x.git",
    ])
  func encoded(url: String) {
    #expect(RepositoryURL(url).isUnclear && !RepositoryURL(url).text.contains("github"))
  }

  @Test(
    "and a port that a sentence goes on after stays one",
    arguments: ["http://127.0.0.1:9,", "(https://h:8443)", "'http://h:80/':"])
  func sentence(text: String) { #expect(Redaction.text(text) == text) }
}
