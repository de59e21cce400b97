import Foundation
import Mustache

/// What a template looks names up in. It notes those that are nowhere: the library itself renders nothing for them.
final class TemplateObject: MustacheParent {
  /// What is there and has no value: a section of it is empty.
  static var nothing: Any { NSNull() }

  var members: [String: Any]
  // It holds this one.
  private unowned let enclosing: TemplateObject?
  private let missing: MissingNames

  init(missing: MissingNames) { (members, enclosing, self.missing) = ([:], nil, missing) }

  init(_ members: [String: Any] = [:], within enclosing: TemplateObject) {
    (self.members, self.enclosing, missing) = (members, enclosing, enclosing.missing)
  }

  func child(named name: String) -> Any? {
    if let value = members[name] { return TemplateText.wrapped(value) }
    // The library asks what is around it next.
    if enclosing?.has(name) != true { missing.add(name, known: members.keys.sorted()) }
    return nil
  }

  private func has(_ name: String) -> Bool { members[name] != nil || enclosing?.has(name) == true }
}

/// The names that a template asked for and that are not there, in that order.
final class MissingNames {
  private(set) var names: [(text: String, known: [String])] = []

  func add(_ name: String, known: [String]) { names.append((name, known)) }
}
