/// Bytes as URLs write them (RFC 3986, 2.1).
public enum PercentEncoding {
  /// A path as a URL has it: `%XX` for each byte that is neither a letter, a digit, nor one of `/-._`. A `~`, which may stand
  /// in a URL as it is, is encoded, too: `repo` takes no name that has one.
  public static func path(_ path: some StringProtocol) -> String {
    path.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCIIAlphanumeric || "/-._".utf8.contains(byte) { return String(scalar) }
      return escape(byte)
    }.joined()
  }

  /// The byte as `%XX`.
  public static func escape(_ byte: UInt8) -> String {
    "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  /// The bytes with each `%XX` as the byte that it stands for; a `%` that no two hexadecimal digits follow stays.
  public static func decoded(_ bytes: [UInt8]) -> [UInt8] {
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        bytes[(index + 1)...(index + 2)].allSatisfy({ Unicode.Scalar($0).isASCIIHexDigit }),
        let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
      {
        decoded.append(value)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return decoded
  }
}
