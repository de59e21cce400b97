import ForeignText
import Mustache

/// A text as templates have it: `{{name}}` writes it as it is, `{{shell(name)}}` as a shell's word.
struct TemplateText: MustacheTransformable, CustomStringConvertible {
  let text: String

  var description: String { text }

  /// The writers, by the names that templates call them by.
  static let writers: [String: @Sendable (String) -> String] = [
    "shell": { Quoted.shell($0) }, "nix": { Quoted.nix($0) }, "hcl": { Quoted.hcl($0) },
    "yaml": { Quoted.yaml($0) }, "json": { Quoted.json($0) }, "xml": { Quoted.xml($0) },
    "dot": { Quoted.dot($0) }, "markdown": { Quoted.markdown($0) }, "prometheus": { Quoted.prometheus($0) },
    "gitconfig": { Quoted.gitConfig($0) },
  ]

  func transform(_ name: String) -> Any? {
    Self.writers[name].map { $0(text) } ?? text.transform(name).map(TemplateText.wrapped)
  }

  /// The value, with each text in it as a ``TemplateText``.
  static func wrapped(_ value: Any) -> Any {
    switch value {
    case let text as String: TemplateText(text: text)
    case let texts as [String]: texts.map { TemplateText(text: $0) }
    default: value
    }
  }
}
