import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// The store lies on a file system of two megabytes, which only root can mount, and only this test's processes see.
@Suite("A full disk", .enabled(if: Privileges.canMount, "needs root and unshare"))
struct FullDiskTests {
  /// Runs weave with no free page on the disk, one, two, and so on until all went well without a warning, each time
  /// on a fresh copy of the workspace; stops when a check fails, and says which.
  private static let script = """
    mount=$1 workspace=$2 input=$3; shift 3
    mount -t tmpfs -o size=2m none "$mount" || exit
    store=$mount/workspace/.weave/.git
    fail() { echo "with $free pages free: $*"; cat "$mount/../out"; exit 1; }
    free=0
    while test $free -lt 200; do
      rm -rf "$mount/workspace" "$mount/fill"
      cp -a "$workspace" "$mount/workspace" || fail 'cannot copy'
      before=$(git --git-dir="$store" for-each-ref refs/weave refs/namespaces)
      dd if=/dev/zero of="$mount/fill" bs=4096 2>/dev/null
      truncate -s "-$((free * 4096))" "$mount/fill"
      weave=$WEAVE
      (cd "$mount/workspace" && "$weave" "$@") <"$input" >"$mount/../out" 2>"$mount/../err"
      code=$?
      rm "$mount/fill"
      cat "$mount/../err" >>"$mount/../out"
      after=$(git --git-dir="$store" for-each-ref refs/weave refs/namespaces)
      git --git-dir="$store" fsck --strict >"$mount/../fsck" 2>&1 || { cat "$mount/../fsck"; fail 'git fsck'; }
      (cd "$mount/workspace" && "$weave" fsck) >"$mount/../fsck" 2>&1 || { cat "$mount/../fsck"; fail 'weave fsck'; }
      case $code in
      0) grep -q '^warning: ' "$mount/../err" || { echo "enough at $free"; exit 0; } ;;
      1)
        grep -q '^error: ' "$mount/../err" || fail 'no error'
        test "$before" = "$after" || fail 'half written' ;;
      *) fail "exit code $code" ;;
      esac
      free=$((free + 1))
    done
    fail 'never enough'
    """

  @Test(
    "with each number of free pages, a command does all, or is an error and moves no ref of the record",
    arguments: [
      ["link", "telperion@v2", "laurelin@v2"], ["lock", "--restore", "LOCK"],
      ["constellation", "remove", "emerald-city"],
    ])
  func sweep(template: [String]) throws {
    let lab = try Lab.filled()
    let mount = lab.directory.appending("full/mount")
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
    let input = try lab.directory.write(Constellations.emeraldCity, to: "input")
    let result = try runProcess(
      "unshare",
      ["--mount", "sh", "-c", Self.script, "sh", mount, lab.workspace, input] + lab.arguments(template),
      in: "/", environment: lab.environment.with(["WEAVE": weaveExecutable]).variables)
    #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
    #expect(result.stdout.hasPrefix("enough at "), "\(result.stdout)\(result.stderr)")
    #expect(result.stdout != "enough at 0\n")
  }

  @Test("a fetch on a full disk is an error, and with space the next one completes it")
  func fetch() throws {
    let lab = try Lab.filled()
    for project in Lab.threeProjectNames { try lab.source(project).commit("new") }
    let mount = lab.directory.appending("full/mount")
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
    let script = """
      mount -t tmpfs -o size=2m none "$1" && cp -a "$2" "$1/workspace" && cd "$1/workspace" || exit
      dd if=/dev/zero of=../fill bs=4096 2>/dev/null
      "$WEAVE" fetch && exit 9
      rm ../fill
      git --git-dir=.weave/.git fsck --strict && "$WEAVE" fsck && "$WEAVE" fetch && "$WEAVE" fsck
      """
    let result = try runProcess(
      "unshare", ["--mount", "sh", "-c", script, "sh", mount, lab.workspace], in: "/",
      environment: lab.environment.with(["WEAVE": weaveExecutable]).variables)
    #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
    #expect(result.stderr.contains("error: cannot fetch telperion from "), "\(result.stderr)")
    for project in Lab.threeProjectNames {
      let line = try
        "\(project) \(lab.id("\(project)@v4").prefix(7)) -> \(lab.id("\(project)@main").prefix(7))"
      #expect(result.stderr.contains(line), "\(result.stderr)")
    }
  }
}
