/// Which settings of a repository make a remote one that promises objects, which Git fetches when it misses them
/// (promisor-remote.c, `promisor_remote_config`).
public enum PromisorSetting {
  /// - Parameters:
  ///   - key: as Git lists it, section and name in lower case.
  ///   - value: nil where the key stands without `=`, which is true.
  public static func isOne(_ key: String, value: [UInt8]?) -> Bool {
    if key.utf8.elementsEqual("extensions.partialclone".utf8) { return true }
    guard key.begins(with: "remote.") else { return false }
    if key.ends(with: ".partialclonefilter") { return true }
    guard key.ends(with: ".promisor") else { return false }
    guard let value else { return true }
    return !["", "false", "no", "off", "0"].contains {
      $0.utf8.elementsEqual(String(decoding: value, as: UTF8.self).lowercasedASCII.utf8)
    }
  }
}
