#!/usr/bin/env bash
# Measures what fetching costs beside a private project, where each project has an exchange repository of its own: the same
# fetches in a store without one, in the same run. Docs/benchmarks.md says what each figure compares.
#
# It is no test: it always ends with 0 when everything could be measured. Everything is made in a temporary directory
# that is removed at the end. WEAVE names the program to measure (default: the optimised build), COMMITS how long the
# history is.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WEAVE=${WEAVE:-$root/.build/release/weave}
case $WEAVE in /*) ;; *) WEAVE=$PWD/$WEAVE ;; esac
COMMITS=${COMMITS:-100000} ROUNDS=${ROUNDS:-4} RUNS=${RUNS:-3}

fail() {
  echo "bench-private: $1" >&2
  exit 1
}

[ -x "$WEAVE" ] || fail "no program at $WEAVE: run 'make release' first, or 'make bench' for both"
for tool in git hyperfine jq; do
  command -v "$tool" >/dev/null || fail "$tool is missing: run 'Scripts/bootstrap.sh hyperfine jq', which installs what is missing"
done

# shellcheck source=Scripts/bench-setup.sh
. "$root/Scripts/bench-setup.sh"
# shellcheck source=Scripts/bench-measure.sh
. "$root/Scripts/bench-measure.sh"

say "The machine"
echo "  $(getconf _NPROCESSORS_ONLN) cores; temporary files on $(stat -f -c %T . 2>/dev/null || echo 'an unknown file system')"
echo "  load before the start: $(uptime | sed 's/.*load averages*: //')"
echo "  $("$WEAVE" --version | sed 's/^/weave /'); $(git --version)"

mkdir source
history source/big "$COMMITS" 100
git -C source/big repack -adq
history source/secret 3 1

for store in without with; do
  quietly "$WEAVE" init "$store"
  quietly "$WEAVE" -C "$store" project add big "$scratch/source/big"
  [ "$store" = without ] || quietly "$WEAVE" -C "$store" project add secret "$scratch/source/secret" --private
  cp -R "$store" "$store-empty"
done

# Each run begins with a store that was never fetched into.
cat > begin <<SCRIPT
#!/bin/sh
rm -rf "$scratch/without" "$scratch/with" "$scratch/again"
cp -R "$scratch/without-empty" "$scratch/without"; cp -R "$scratch/with-empty" "$scratch/with"; cp -R "$scratch/with-empty" "$scratch/again"
SCRIPT
chmod +x begin

say "First fetch of $COMMITS commits"
measure "$ROUNDS" 1 \
  "private" ./begin "$WEAVE -C with fetch big" \
  "private (again)" ./begin "$WEAVE -C again fetch big" \
  "public" ./begin "$WEAVE -C without fetch big"
ratio private public 1.3

./begin
for store in without with again; do quietly "$WEAVE" -C "$store" fetch; done
kib() { du -sk "$1/.weave/.git" | cut -f 1; }
say "On the disk"
awk -v with="$(kib with)" -v without="$(kib without)" \
  'BEGIN { printf "  private %d KiB, public %d KiB: %.2f, aim at most 1.10\n", with, without, with / without }'

# commit: one more at the source, and a file to change, so that each fetch has something.
cat > commit <<SCRIPT
#!/bin/sh
cd "$scratch/source/big" && tree=\$(git rev-parse 'main^{tree}') &&
git update-ref refs/heads/main "\$(git commit-tree "\$tree" -p main -m "\$(date +%s%N)")"
SCRIPT
chmod +x commit

say "Fetch of one new commit"
measure "$ROUNDS" "$((RUNS * 3))" \
  "private" ./commit "$WEAVE -C with fetch big" \
  "private (again)" ./commit "$WEAVE -C again fetch big" \
  "public" ./commit "$WEAVE -C without fetch big"
ratio private public 1.5

for store in without with again; do quietly "$WEAVE" -C "$store" fetch; done
say "Fetch of nothing new"
measure "$ROUNDS" "$((RUNS * 5))" \
  "private" true "$WEAVE -C with fetch big" \
  "private (again)" true "$WEAVE -C again fetch big" \
  "public" true "$WEAVE -C without fetch big"
ratio private public 1.05

printf '\n%d aims met, %d missed, %d within the noise\n' "$met" "$missed" "$unsure"
