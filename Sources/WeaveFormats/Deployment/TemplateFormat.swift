import ForeignText
import Mustache
import WeaveModel

extension DesiredState {
  /// What the Mustache template makes of the state: text as it is, nothing escaped. A name that is not there is an error,
  /// but in `data`. `file` is what errors call the template.
  public func filled(template: String, file: String) throws(UnwritableState) -> String {
    // The library renders nothing for a partial that it does not know.
    guard Self.tags(in: template, of: "<>") == 0 else {
      throw UnwritableState("\(file) has a partial ({{> …}}), and there is one file only")
    }
    // The guard above knows the usual delimiters; and the library renders sections by recursion.
    guard Self.tags(in: template, of: "=") == 0 else {
      throw UnwritableState("\(file) changes the delimiters ({{= … =}}), which is not supported")
    }
    guard Self.tags(in: template, of: "#^$") <= Self.mostSections else {
      throw UnwritableState("\(file) has more than \(Self.mostSections) sections")
    }
    let quoting = QuotingTags(in: template)
    let parsed: MustacheTemplate
    do {
      // The pragma is a line of its own.
      parsed = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\n" + quoting.marked)
    } catch {
      throw UnwritableState(Self.words(for: error, in: file))
    }
    let missing = MissingNames()
    let (text, empty) = quoting.unmarked(parsed.render(templateObject(missing)))
    if let name = missing.names.first {
      throw UnwritableState(
        "\(file) asks for '\(name.text)', which is not there",
        hint: Nearest.match(name.text, among: name.known).map { "did you mean '\($0)'?" }
          ?? "there are: " + name.known.joined(separator: ", "))
    }
    if let empty {
      throw UnwritableState(
        "\(file): \(empty) is of no text: it is a list, a mapping, or not there",
        hint: "a section, {{#NAME}}…{{/NAME}}, leaves out what is not there, and goes through a list")
    }
    return text
  }

  private static let mostSections = 200

  /// How many tags there are whose first sign is one of `signs`.
  private static func tags(in template: String, of signs: String) -> Int {
    var (tags, braces) = (0, 0)
    for scalar in template.unicodeScalars {
      if scalar == "{" {
        braces += 1
      } else if braces < 2 || !scalar.properties.isWhitespace {
        if braces >= 2, signs.unicodeScalars.contains(scalar) { tags += 1 }
        braces = 0
      }
    }
    return tags
  }

  private static func words(for error: any Error, in file: String) -> String {
    guard let error = error as? MustacheTemplate.ParserError else { return "\(file): \(error)" }
    let reason =
      switch error.error as? MustacheTemplate.Error {
      case .sectionCloseNameIncorrect: "a section is closed by another name than it was opened by"
      case .expectedSectionEnd: "a section is not closed"
      // Nil: the text ended within a tag.
      case .unfinishedName, nil: "a tag is not closed, or its name has a character that no name has"
      case let other?: "it is no template (\(other))"
      }
    return "\(file):\(max(1, error.context.lineNumber - 1)): \(reason)"
  }

  private func templateObject(_ missing: MissingNames) -> TemplateObject {
    let root = TemplateObject(missing: missing)
    root.members = [
      "constellation": constellation, "resolution": resolution, "lock": optional(lock), "data": value(data),
      "commits": TemplateObject(
        Dictionary(
          uniqueKeysWithValues: commitsByProject.filter { $0.wanted.count == 1 }.map {
            ($0.project.text, $0.wanted[0].commit.hex)
          }), within: root),
    ]
    root.members["projects"] = projects.map { project in
      TemplateObject(
        [
          "name": project.name.text, "ref": optional(project.trackedRef), "source": optional(project.source),
          "free": project.isFree, "data": value(project.data),
        ], within: root)
    }
    root.members["machines"] = selected.map { machine in
      let object = TemplateObject(within: root)
      object.members = [
        "machine": machine.name, "kind": optional(machine.kind?.rawValue), "host": optional(machine.host),
        "roles": machine.roles, "address": optional(machine.address), "aliases": machine.aliases,
        "data": value(machine.data), "commits": TemplateObject(machine.commitsByName, within: object),
      ]
      object.members["projects"] = machine.commits.map {
        TemplateObject(["project": $0.project.text, "commit": $0.commit.hex], within: object)
      }
      return object
    }
    return root
  }

  private func optional(_ text: String?) -> Any { text ?? TemplateObject.nothing }

  private func value(_ data: JSONValue?) -> Any {
    switch data {
    case nil: TemplateObject.nothing
    case .string(let text): TemplateText(text: text)
    case .array(let elements): elements.map { value($0) }
    case .object(let members):
      Dictionary(members.map { ($0.key, value($0.value)) }) { _, last in last } as [String: Any]
    }
  }
}
