import Testing
import WeaveModel

@testable import WeaveKit

@Suite("A budget of steps for one answer")
struct SearchBudgetTests {
  @Test("gives each of several constellations half of what is left, and a twentieth of the whole at least")
  func shares() {
    let budget = SearchBudget(1_000)
    var given: [Int] = []
    for _ in 0..<6 {
      let share = budget.share()
      given.append(share.left)
      share.spend(downTo: 0)
    }
    #expect(given == [500, 250, 125, 62, 50, 50])
    #expect(budget.left < 50)
  }

  @Test("is not spent by what is linear in a problem")
  func linear() {
    let budget = SearchBudget(1_000)
    let share = budget.share()
    share.spend(downTo: 500)
    #expect((share.left, budget.left) == (500, 1_000))
  }
}
