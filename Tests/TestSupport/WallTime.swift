import Foundation

/// How many seconds `body` takes by the clock.
public func wallSeconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start) / .seconds(1)
}

/// The fastest of at most five times, in seconds, the last that is measured being the first within `limit`: what else a
/// machine has to do makes a run longer, never shorter.
public func fastest(within limit: Double, _ measure: () throws -> Double) rethrows -> Double {
  var fastest = try measure()
  for _ in 1..<5 where fastest >= limit { fastest = try min(fastest, measure()) }
  return fastest
}
