import ForeignText
import Git
import WeaveModel

/// Which repository a URL or path means, as far as this machine can tell.
struct RepositoryIdentity {
  private let address: RepositoryAddress
  /// Of one on this machine that is there: where its objects and refs are.
  private let directory: FileSystem.Place?

  /// Of one that `url` is as Git takes it, with the user's `insteadOf` applied; a path is absolute.
  init(_ url: RepositoryURL) {
    guard let path = RepositoryAddress.localPath(url.text) else {
      (address, directory) = (RepositoryAddress(url.text), nil)
      return
    }
    // One that cannot be opened is told by its path. As Git finds it where the path is one's without its ending
    // (`enter_repo` of Git's path.c).
    let found = [path, path + ".git"].compactMap { try? Repository.open(at: $0) }.first?.commonDirectory
    address = RepositoryAddress(FileSystem.canonicalAsFarAsThere(found ?? path))
    directory = FileSystem.place(of: found ?? path)
  }

  /// Whether both are one repository. Two that cannot be told apart are.
  func isSame(as other: RepositoryIdentity) -> Bool {
    address == other.address || (directory != nil && directory == other.directory)
  }
}
