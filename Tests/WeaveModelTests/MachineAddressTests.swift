import Testing

@testable import WeaveModel

@Suite("Addresses of machines")
struct MachineAddressTests {
  @Test(
    "a host or an IP address, with a user and a port where wanted, is one",
    arguments: [
      "toto", "toto.canon.", "10.0.0.7", "root@10.0.0.7", "root@toto.canon:2222", "toto:22", "T-1_a.example",
      "::1", "fe80::1",
      "2001:db8::8:800:200c:417a", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.7", "[::1]", "[fe80::1]:22",
      "admin@[fe80::1]:22",
      "fe80::1%eth0", "[fe80::1%2]:22", "a.b-c+d_e@host", "bücher.example", "例え.テスト", "straße.example",
      "मराठी.example",
      "xn--bcher-kva.example", "1e100.net", "toto:65535",
    ])
  func good(address: String) throws {
    #expect(try MachineAddress(address).text == address)
  }

  @Test(
    "has a host, and may have a user and a port",
    arguments: [
      ("toto", nil, "toto", nil), ("root@toto:2222", "root", "toto", 2222), ("::1", nil, "::1", nil),
      ("[::1]", nil, "::1", nil), ("a@[fe80::1%2]:22", "a", "fe80::1%2", 22),
      ("a@10.0.0.7", "a", "10.0.0.7", nil),
    ] as [(String, String?, String, Int?)])
  func parts(text: String, user: String?, host: String, port: Int?) throws {
    let address = try MachineAddress(text)
    #expect(address.user.map(String.init) == user)
    #expect(String(address.host) == host)
    #expect(address.port == port)
  }

  @Test(
    "an option is none, nor is what has one for its user, host or label",
    arguments: [
      "-oProxyCommand=touch pwned", "-", "-x", "root@-x", "-l@host", "-\u{301}x", "root@-\u{20E3}",
      "\u{D4E}@-x", "a.-x", "host-",
      "[-x]", "root@[-x]", "+@-",
    ])
  func option(address: String) {
    #expect(throws: MachineAddressError.self) { try MachineAddress(address) }
  }

  @Test(
    "what means something to a shell, to ssh or to Ansible is in none, whatever stands beside it",
    arguments: [
      " ", "\t", "\n", "\r", "\0", "/", "\\", "'", "\"", "`", "$", "$(id)", ";", "&", "|", "<", ">", "(", ")",
      "*", "?", "!",
      "#", "~", "=", ",", "{{x}}", "{%", "%h", "%", "%%", "^", "@",
    ])
  func meaning(part: String) {
    for address in ["a\(part)b", "\(part)b", "a@\(part)b", "\u{D4E}\(part)b", "a\(part)\u{301}b", "a\(part)"]
    {
      // One @ between a user and a host is none of these.
      guard address != "a@b" else { continue }
      #expect(throws: MachineAddressError.self) { try MachineAddress(address) }
    }
  }

  @Test(
    "what nobody sees, and what IDNA maps to something else, is in none",
    arguments: [
      "a\u{200D}b", "a\u{FE0F}", "a\u{202E}b", "a\u{AD}b", "a\u{3164}b", "a\u{115F}b", "a\u{34F}b",
      "a\u{600}b", "a\u{110BD}b",
      "a\u{2800}b", "a\u{E000}b", "a\u{378}b", "ａ", "a．b", "a。b", "a⁄b", "ﬁ", "①", "a\u{FE70}b", "É", "℀",
      "a\u{A0}b",
    ])
  func mapped(address: String) {
    #expect(throws: MachineAddressError.self) { try MachineAddress(address) }
  }

  @Test(
    "a mark after a delimiter is in none",
    arguments: [
      "\u{301}a", "root@\u{301}a", "a.\u{301}b", "a-\u{93E}b", "a:\u{301}22", "a_\u{301}",
      "a\u{301}\u{301}@\u{301}",
    ])
  func mark(address: String) {
    #expect(throws: MachineAddressError.self) { try MachineAddress(address) }
  }

  @Test(
    "what is nearly one is none",
    arguments: [
      "", "@host", "host@", "a@b@c", "host:", "host:0", "host:022", "host:65536", "host:99999999999",
      "host:x", "host:2 2", ":22",
      "a..b", ".", ".a", "256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4.5", "42", ":::", "1::2::3",
      "1:2:3:4:5:6:7", "fe80::g",
      "1:2:3:4:5:6:7:8:9", "::1.2.3", "[::1", "::1]", "[::1]22", "[::1]:", "[10.0.0.7]", "[toto]",
      "toto%eth0", "10.0.0.7%eth0",
      "fe80::1%", "fe80::1%eth0%h", "fe80::1%e;x", "fe80::1%aaaaaaaaaaaaaaaa", "us er@host", "ü@host",
      String(repeating: "a", count: 64), "a@" + String(repeating: "a.", count: 127),
    ])
  func near(address: String) {
    #expect(throws: MachineAddressError.self) { try MachineAddress(address) }
  }

  @Test("why it is none is said, with the address")
  func words() {
    #expect(throws: MachineAddressError(text: "a@-x", reason: "'-x' begins or ends with '-'")) {
      try MachineAddress("a@-x")
    }
  }
}
