/// What can be told of a `flake.nix` without Nix.
public enum FlakeSource {
  /// The inputs that the text declares with a URL, by name, in the usual spellings: `inputs.a.url = "…"`,
  /// `a.url = "…"` and `a = { url = "…"; }`. What is spelled otherwise is passed over.
  public static func inputs(in text: String) -> [String: String] {
    let plain = text.replacing(#/\/\*[\s\S]*?\*\//#, with: "").replacing(#/(^|\s)#[^\n]*/#, with: "")
    var inputs: [String: String] = [:]
    for match in plain.matches(of: #/([A-Za-z_][A-Za-z0-9_'.-]*)\.url\s*=\s*"([^"\n]*)"/#) {
      var path = match.1.split(separator: ".").map(String.init)
      if path.first == "inputs" { path.removeFirst() }
      // `a.inputs.b.url` is about an input of an input.
      if path.count == 1 { inputs[path[0]] = String(match.2) }
    }
    for match in plain.matches(of: #/([A-Za-z_][A-Za-z0-9_'.-]*)\s*=\s*\{([^{}]*)\}/#) {
      var path = match.1.split(separator: ".").map(String.init)
      if path.first == "inputs" { path.removeFirst() }
      guard path.count == 1, let url = match.2.firstMatch(of: #/(?:^|[\s;])url\s*=\s*"([^"\n]*)"/#) else {
        continue
      }
      inputs[path[0]] = String(url.1)
    }
    return inputs
  }
}
