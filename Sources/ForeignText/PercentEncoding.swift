/// Bytes as URLs write them (RFC 3986, 2.1).
public enum PercentEncoding {
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
