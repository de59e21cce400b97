import ForeignText
import WeaveModel

extension DesiredState {
  /// A `flake.nix` whose inputs are the projects at the wanted commits, and whose output `weave` says which they are.
  ///
  /// Where one project's flake has another among its inputs, it gets the other's wanted commit too. With `root`, the
  /// outputs are that project's; without, all inputs are under `projects`.
  public func flake(of inputs: [FlakeInput], root: ProjectName?) throws(UnwritableState) -> String {
    let names = try MappedNames(flakeInputsFor: inputs.map(\.member.project))
    if let root { _ = try Self.rootFlake(root, among: inputs) }
    let all = Set(inputs.map(\.member.project))
    let declarations = inputs.map { input in
      let name = names[input.member.project.text]
      var lines = ["    \(Quoted.nixAttribute(name)) = {", "      url = \(Quoted.nix(input.url));"]
      if !input.isFlake { lines.append("      flake = false;") }
      for (own, project) in input.projectsByInput.sorted(by: { $0.key < $1.key }) where all.contains(project)
      {
        lines.append(
          "      inputs.\(Quoted.nixAttribute(own)).follows = \(Quoted.nix(names[project.text]));")
      }
      return lines.joined(separator: "\n") + "\n    };\n"
    }
    func byProject(_ value: (String) -> String) -> String {
      inputs.map {
        let name = $0.member.project.text
        return "        \(Quoted.nixAttribute(name)) = \(value(Quoted.nixAttribute(names[name])));\n"
      }.joined()
    }
    let own = root.map { "inputs.\(Quoted.nixAttribute(names[$0.text])).outputs // " } ?? ""
    let about = [("lock", lock), ("machine", selectedMachine)].compactMap { key, value in
      value.map { "      \(key) = \(Quoted.nix($0));\n" }
    }
    let projects =
      root == nil ? "    projects = {\n\(byProject { "inputs." + $0 }.outdented)    };\n" : ""
    return """
      # The commits that \(Quoted.comment(constellation)) wants, by weave. Do not edit.
      {
        description = \(Quoted.nix("\(constellation) at \(resolution)"));

        inputs = {
      \(declarations.joined())  };

        outputs = inputs: \(own){
          weave = {
            constellation = \(Quoted.nix(constellation));
            id = \(Quoted.nix(resolution));
      \(about.joined())      revs = {
      \(byProject { "inputs.\($0).rev" })      };
          };
      \(projects)  };
      }

      """
  }

  /// Arguments for `nix`, a line each, which override the inputs of the flake that it is told to build.
  ///
  /// With `root`, those inputs that this project's flake declares, by the names it gives them; without, every project
  /// by its own name. Nix passes over, in silence, what is said of deeper inputs; so nothing is.
  public func nixArguments(of inputs: [FlakeInput], root: ProjectName?) throws(UnwritableState) -> String {
    var overrides: [(String, FlakeInput)] = []
    if let root {
      let flake = try Self.rootFlake(root, among: inputs)
      for (name, project) in flake.projectsByInput.sorted(by: { $0.key < $1.key }) {
        guard let input = inputs.first(where: { $0.member.project == project }) else { continue }
        guard Self.isFlakeID(name) else {
          throw UnwritableState(
            "the flake of \(root) calls an input '\(Quoted.terminal(name))', which no argument of nix can name",
            hint: "rename it there, or take --format nix-flake")
        }
        overrides.append((name, input))
      }
    } else {
      let names = try MappedNames(flakeInputsFor: inputs.map(\.member.project))
      overrides = inputs.map { (names[$0.member.project.text], $0) }
    }
    return overrides.map { "--override-input\n\($0.0)\n\($0.1.url)\n" }.joined()
  }

  /// As Nix takes the name of an input in an argument (flakeIdRegex of Nix's flakeref.cc).
  private static func isFlakeID(_ name: String) -> Bool {
    name.unicodeScalars.first?.isASCIILetter == true
      && name.unicodeScalars.allSatisfy { $0.isASCIIAlphanumeric || $0 == "_" || $0 == "-" }
  }

  private static func rootFlake(
    _ root: ProjectName, among inputs: [FlakeInput]
  ) throws(UnwritableState) -> FlakeInput {
    guard let input = inputs.first(where: { $0.member.project == root }) else {
      throw UnwritableState(
        "\(root) cannot be the root: no machine that is asked about runs it",
        hint: "--root takes one of: "
          + inputs.filter(\.isFlake).map(\.member.project.text).joined(separator: ", "))
    }
    guard input.isFlake else {
      throw UnwritableState(
        "\(root) cannot be the root: it has no flake.nix at \(input.member.commit.short)",
        hint: "without --root all projects are inputs of the flake, under `projects`")
    }
    return input
  }
}

extension String {
  /// Each line two columns further left.
  fileprivate var outdented: String {
    lines.map { $0.dropFirst(bytes: 2) + "\n" }.joined()
  }
}
