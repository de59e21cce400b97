/// A value of a file in the part of Python that gclient evaluates: literals, `Var()`, `Str()`, `+` and `%`.
///
/// `Var('x')` is the text `{x}`, as for gclient, which replaces it at the end.
indirect enum PythonLiteral {
  struct Entry {
    let key: String
    let value: PythonLiteral
    let line: Int
  }

  case text(String)
  /// A number, `True`, `False`, `None`, or what is not followed, as written.
  case other(String)
  case list([PythonLiteral])
  case dictionary([Entry])

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var entries: [Entry]? { if case .dictionary(let entries) = self { entries } else { nil } }

  subscript(key: String) -> PythonLiteral? { entries?.last { $0.key == key }?.value }
}
