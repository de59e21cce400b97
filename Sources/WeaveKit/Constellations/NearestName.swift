import ForeignText
import WeaveModel

extension Workspace {
  /// The machine's full name; an error with the nearest name where the constellation has none such.
  public func machineName(_ text: String, in constellation: Constellation) throws -> String {
    if let machine = constellation.machine(text) { return machine.name }
    throw WeaveError(
      "\(constellation.name) has no machine called '\(text)'",
      hint: hint(
        for: text, among: constellation.machines.map(\.name),
        besides: constellation.machines.flatMap(\.aliases)))
  }

  /// The name of a project that the constellation names.
  public func projectName(_ text: String, in constellation: Constellation) throws -> ProjectName {
    if let requirement = constellation.projects.first(where: { $0.name.text == text }) {
      return requirement.name
    }
    throw WeaveError(
      "\(constellation.name) has no project called '\(text)'",
      hint: hint(for: text, among: constellation.projects.map(\.name.text)))
  }

  /// The name that was probably meant: the nearest, or the only one that begins so; else what there is.
  private func hint(for text: String, among names: [String], besides aliases: [String] = []) -> String? {
    let beginning = names.filter { $0.begins(with: text) }
    if let name = Nearest.match(text, among: names + aliases) ?? (beginning.count == 1 ? beginning[0] : nil) {
      return "did you mean '\(name)'?"
    }
    return "it has: " + names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
  }
}
