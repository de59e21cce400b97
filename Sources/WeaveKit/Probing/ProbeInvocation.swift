import ForeignText
import WeaveModel

/// Why a machine is not asked.
struct ProbeRefusal: Error {
  let reason: String
}

extension Probe {
  /// The program and its arguments that ask the machine. No shell here reads them; the shell there reads what ssh hands it.
  ///
  /// - Parameter usesNames: whether a machine without `address:` is reached by its name.
  func command(for machine: Machine, usesNames: Bool, timeout: Int) throws(ProbeRefusal) -> [String] {
    let address = try address(of: machine, usesNames: usesNames)
    func filled(_ text: ProbeText) throws(ProbeRefusal) -> String {
      if text.parts.contains(.machine) { try Self.check(name: machine.name) }
      let word = text.filled(machine: machine.name, address: address)
      // What the constellation itself wrote there may begin so; an option that a name makes may run anything.
      if case .text = text.parts.first { return word }
      guard !word.begins(with: "-") else {
        throw ProbeRefusal(reason: "'\(word)' would be taken for an option")
      }
      return word
    }
    switch method {
    case .command(let program, let arguments):
      var command = [program]
      for argument in arguments { command.append(try filled(argument)) }
      return command
    case .ssh(let target, let run):
      let target = try filled(target)
      guard !target.begins(with: "-") else {
        throw ProbeRefusal(reason: "'\(target)' would be taken for an option of ssh")
      }
      return Self.ssh(timeout: timeout) + ["--", target, try filled(run)]
    }
  }

  /// ssh that asks no question, trusts no host that it does not know, and lends the other side nothing.
  static func ssh(timeout: Int) -> [String] {
    let options = [
      "BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=\(timeout)", "ForwardAgent=no",
      "ForwardX11=no", "ClearAllForwardings=yes", "PermitLocalCommand=no",
    ]
    return ["ssh", "-T"] + options.flatMap { ["-o", $0] }
  }

  private func address(of machine: Machine, usesNames: Bool) throws(ProbeRefusal) -> String {
    if machine.isAddressInDoubt { throw ProbeRefusal(reason: Machine.addressInDoubt) }
    // By its rules it is no option, and nothing to a shell.
    if let address = machine.address { return address.text }
    guard usesNames else { throw ProbeRefusal(reason: "no address") }
    guard usesAddress else { return machine.name }
    // Before an @ stands a user's name.
    guard !machine.name.holds("@") else { throw ProbeRefusal(reason: "no address, and its name is none") }
    do { return try MachineAddress(machine.name).text } catch {
      throw ProbeRefusal(reason: "no address, and its name is none: \(error.reason)")
    }
  }

  private var usesAddress: Bool {
    switch method {
    case .ssh(let target, let run): target.namesAddress || run.namesAddress
    case .command(_, let arguments): arguments.contains(where: \.namesAddress)
    }
  }

  /// A name ends up in the command line of some shell, here or there: nothing in it may mean anything to one.
  private static func check(name text: String) throws(ProbeRefusal) {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || "._:@+-".unicodeScalars.contains(scalar)
    }
    // Where it stands in a shell's command, here or there, is not known: it may begin a word.
    guard !text.begins(with: "-") else {
      throw ProbeRefusal(reason: "its name '\(text)' could be taken for an option")
    }
    guard isPlain else {
      throw ProbeRefusal(reason: "its name '\(text)' has a character that no command line is given")
    }
  }
}
