/// Lock files of Git outside of the store.
public enum StaleGitLocks {
  /// Removes those of a work tree's own Git directory that no living Git can hold, and says so.
  public static func remove(in gitDirectory: String, of worktree: String, warn: (String) -> Void) {
    for name in ["index", "HEAD"] {
      StaleLock.remove(reference: name, gitDirectory: gitDirectory, worktree: worktree, warn: warn)
    }
  }

  /// Whether a push to the repository at `directory` that has just failed on the lock is not worth trying again: nobody here
  /// holds it, or somebody has for longer than the moment that a push does.
  public static func isLeftBehind(_ lock: String, in directory: String) -> Bool {
    StaleLock.isLeftBehind(lock, in: directory)
  }
}
