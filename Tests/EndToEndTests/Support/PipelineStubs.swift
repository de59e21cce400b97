import Foundation
import TestSupport

@testable import LabSupport

/// Programs that stand for what a test cannot have, in the `bin` of a lab.
enum Stub: String {
  case ssh
  case nixosRebuild = "nixos-rebuild"
  case nomad

  /// Writes the program where the lab's PATH finds it.
  func write(in place: TemporaryDirectory) throws {
    try place.write(
      text.replacing("@PLACE@", with: place.path), to: "bin/\(rawValue)", executable: true)
    guard self == .nixosRebuild else { return }
    try place.write(
      "#!/bin/sh\ncat '\(place.appending("machines/toto.canon/version.json"))'\n",
      to: "machines/toto.canon/bin/nixos-version", executable: true)
    try place.write(Self.nixpkgs, to: "nixpkgs/flake.nix")
    try place.write(
      """
      { "version": 2, "flakes": [{
        "from": { "type": "indirect", "id": "nixpkgs" },
        "to": { "type": "path", "path": "\(place.appending("nixpkgs"))" } }] }
      """, to: "registry.json")
  }

  private var text: String {
    switch self {
    case .ssh: Self.sshText
    case .nixosRebuild: Self.nixosRebuildText
    case .nomad: Self.nomadText
    }
  }

  /// Runs the command in the machine's directory, which is its root as far as the page knows.
  private static let sshText = #"""
    #!/bin/sh
    while :; do
      case $1 in
        -o) shift 2 ;;
        -*) shift ;;
        *) break ;;
      esac
    done
    machine=${1#*@}
    shift
    test "${1-}" != -- || shift
    cd "@PLACE@/machines/$machine" || exit 255
    command=$(printf %s "$*" | sed "s#/srv/#$PWD/srv/#g; s#/etc/#$PWD/etc/#g")
    PATH="$PWD/bin:$PATH" exec sh -c "$command"

    """#

  /// As much of nixosSystem as the page's flake asks for: it merges what its modules say.
  private static let nixpkgs = """
    {
      outputs = { self }: {
        lib.nixosSystem = { system, modules }: {
          config = builtins.foldl' (all: module: all // (if builtins.isAttrs module then module else import module))
            { inherit system; } modules;
        };
      };
    }

    """

  /// Evaluates the configuration that it is given, and has the machine say its revision.
  private static let nixosRebuildText = #"""
    #!/bin/sh
    set -eu
    test "$#:$1:$2:$4" = 5:switch:--flake:--target-host
    configuration="${3%#*}#nixosConfigurations.${3##*#}.config"
    machine="@PLACE@/machines/${5#*@}"
    nix --offline eval --json "$configuration" > "$machine/configuration.json"
    revision=$(nix --offline eval --raw "$configuration.system.configurationRevision")
    printf '{"configurationRevision":"%s","nixosVersion":"22.05","nixpkgsRevision":null}\n' "$revision" \
      > "$machine/version.json"

    """#

  /// Holds what it is given to the limits that Nomad documents, and renders the template from the variable.
  private static let nomadText = #"""
    #!/usr/bin/env python3
    import json, os, re, sys
    state = "@PLACE@/nomad.json"
    known = json.load(open(state)) if os.path.exists(state) else {"variables": {}, "policies": {}, "jobs": {}}
    arguments = sys.argv[1:]

    def demand(what, condition):
      if not condition: sys.exit("nomad: " + what)

    if arguments == ["var", "put", "-force", "-in", "json", "-"]:
      variable = json.load(sys.stdin)
      demand("the keys", set(variable) == {"Namespace", "Path", "Items"})
      demand("the path", re.fullmatch(r"[a-zA-Z0-9\-_~/]{1,128}", variable["Path"]))
      items = variable["Items"]
      demand("the items", items and all(isinstance(v, str) for v in items.values()))
      demand("an item's name", all(re.fullmatch(r"[a-zA-Z0-9_]+", k) for k in items))
      demand("the size", sum(len(k.encode()) + len(v.encode()) for k, v in items.items()) <= 65536)
      known["variables"][variable["Path"]] = items
    elif arguments[:6] == ["acl", "policy", "apply", "-namespace", "default", "-job"]:
      job, name, file = arguments[6:]
      known["policies"][job] = re.search(r'path "([^"]+)" { capabilities = \["read"\] }', open(file).read())[1]
    elif arguments[:3] == ["job", "run", "-var"]:
      name, value = arguments[3].split("=")
      text = open(arguments[4]).read()
      demand("the variable is not declared", f'variable "{name}"' in text and f"var.{name}" in text)
      demand("no value", re.fullmatch("[0-9a-f]{40}", value))
      job = re.search(r'^job "([^"]+)"', text, re.M)[1]
      path, line = re.search(r'{{ with nomadVar "([^"]+)" }}(.*){{ end }}', text).groups()
      demand("permission denied", path.startswith(known["policies"][job].rstrip("*")))
      items = known["variables"][path]
      demand("not the version that is wanted", items["id"] == value)
      known["jobs"][job] = re.sub(r"{{ \.(\w+) }}", lambda match: items[match[1]], line)
    elif arguments[:5] == ["alloc", "exec", "-i=false", "-t=false", "-job"]:
      demand("the command", arguments[6:] == ["cat", "local/running"])
      print(known["jobs"][arguments[5]])
    else:
      sys.exit("nomad: what is " + " ".join(arguments))
    json.dump(known, open(state, "w"))

    """#
}
