import WeaveStore

extension Workspace {
  /// Raises the format of the store to the newest that this version knows: from then on weave 0.1.0 can do nothing with
  /// the manifest. Returns the format before and after, which are equal where nothing was to be done.
  public func upgrade() async throws -> (former: Int, new: Int) { try store.upgrade(author: await author()) }
}
