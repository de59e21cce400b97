/// What a fixture makes of arguments that are valid; ends the test run where they are not.
func valid<Value>(_ make: @autoclosure () throws -> Value) -> Value {
  do { return try make() } catch { preconditionFailure("a fixture is not valid: \(error)") }
}
