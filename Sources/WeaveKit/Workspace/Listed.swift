let mostListed = 5

/// The first five names, and how many more there are.
public func listed(_ names: [String]) -> String { listed(names, of: names.count) }

/// As ``listed(_:)``, of the first of `count` names.
public func listed(_ names: [String], of count: Int) -> String {
  names.prefix(mostListed).joined(separator: ", ")
    + (count > mostListed ? " and \(count - mostListed) more" : "")
}
