import WeaveModel
import WeaveStore

extension Workspace {
  /// Throws where the text, which everybody would read, holds the name of a private project as a word.
  func refusePrivateNames(in text: String, of what: String) throws {
    guard let name = try store.privateProjects().sorted().first(where: { $0.isWord(of: text) }) else {
      return
    }
    throw WeaveError(
      "\(what) would be public, and holds the name of the private project \(name)",
      hint: "leave the name out, or --force where it means something else")
  }
}
