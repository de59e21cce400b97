import CLibgit2
import Synchronization

/// The library as a whole: its version, and what it does in every repository of this process.
public enum Libgit2 {
  /// The version of the library that runs, such as "1.5.1". Does not initialise it.
  public static var version: String {
    var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
    git_libgit2_version(&major, &minor, &revision)
    return "\(major).\(minor).\(revision)"
  }

  /// Whether objects and references are on the disk when a write returns, and not only in its cache.
  ///
  /// True at first; false only while data is written that can be derived again. About 0.25 ms for each
  /// file. Process-wide: do not switch it while another task writes.
  public static var fsync: Bool {
    get { fsyncs.load(ordering: .relaxed) }
    set {
      guard startFailure == nil else { return }
      _ = weave_git_set_fsync(newValue ? 1 : 0)
      fsyncs.store(newValue, ordering: .relaxed)
    }
  }

  /// Whether a repository of another user is refused unless `safe.directory` lists it. True at first.
  ///
  /// Process-wide. libgit2 before 1.7 does not understand `safe.directory=*`: a caller who has read that
  /// from the user's own configuration may switch the check off.
  public static func setOwnerValidation(_ validates: Bool) {
    guard startFailure == nil else { return }
    _ = weave_git_set_owner_validation(validates ? 1 : 0)
  }

  /// Makes this process read no configuration but the repository's own. For tests.
  ///
  /// Call it before the first repository is opened; it cannot be undone.
  public static func setConfigSearchPathsToNone() {
    guard startFailure == nil else { return }
    for level in [
      GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
    ] {
      _ = weave_git_set_search_path(level, "")
    }
  }

  /// Why libgit2 could not be initialised; nil when it is. The first look initialises it, once.
  ///
  /// 7 to 9 ms on Debian, where it parses the system's certificates: so never before it is needed.
  static let startFailure: String? = {
    guard git_libgit2_init() >= 0, weave_git_set_fsync(1) >= 0, optIntoExtensions() >= 0 else {
      return "libgit2 \(version) cannot be initialised"
    }
    return nil
  }()

  private static let fsyncs = Atomic<Bool>(true)

  /// Extensions that do not change how objects and references are read. Never `objectformat` or
  /// `refstorage`: a SHA-256 repository would then open, and every answer about it be wrong.
  /// In lower case, as the configuration parser spells keys.
  private static func optIntoExtensions() -> Int32 {
    let names: [StaticString] = ["worktreeconfig", "preciousobjects", "partialclone", "relativeworktrees"]
    var texts: [UnsafePointer<CChar>?] = names.map {
      UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self)
    }
    return weave_git_set_extensions(&texts, texts.count)
  }
}
