import WeaveModel

/// The steps that the searches for one answer may take together (Docs/resolution.md, "When it takes too long"): anybody may have
/// written a constellation of a thousand hard problems, or a thousand constellations.
final class SearchBudget {
  /// What was given, as it is told where it is spent.
  let total: Int
  private(set) var left: Int
  private let whole: SearchBudget?

  init(_ steps: Int = ResolutionProblem.defaultBudget) { (total, left, whole) = (steps, steps, nil) }

  private init(_ steps: Int, of whole: SearchBudget) { (total, left, self.whole) = (steps, steps, whole) }

  /// For one of several constellations: half of what is left, and a twentieth at least, so that none keeps the others from being
  /// told of.
  func share() -> SearchBudget { SearchBudget(max(total / 20, left / 2), of: self) }

  /// For what explains an answer.
  var aside: Int { max(1, left / 20) }

  /// Notes that a search has left so much.
  func spend(downTo rest: Int) {
    let spent = max(0, left - rest)
    left -= spent
    whole?.spend(downTo: (whole?.left ?? 0) - spent)
  }
}

extension Resolver {
  /// The best picks that fit, at the expense of the budget.
  func lexmin(spending budget: SearchBudget) -> ResolutionAnswer {
    guard budget.left > 0 else { return .gaveUp(steps: budget.total, best: nil) }
    let (answer, left) = lexmin(within: budget.left)
    budget.spend(downTo: left)
    return answer
  }
}
