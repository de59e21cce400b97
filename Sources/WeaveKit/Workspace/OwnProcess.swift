import GitProcess

/// What a program does for its own process, whatever it is to do.
public enum OwnProcess {
  /// Raises the soft limit of open files towards the hard one, which bounds how many children run at a time.
  public static func raiseOpenFileLimit() { OpenFiles.raiseLimit() }

  /// Makes ready for ``endChildren()``.
  public static func prepareToEndChildren() { Children.prepareToEndAll() }

  /// Asks every child to end, and kills those that lead a process group of their own, with their groups. A signal handler
  /// may call it.
  public static func endChildren() { Children.endAll() }
}
