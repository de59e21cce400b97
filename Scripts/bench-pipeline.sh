#!/usr/bin/env bash
# Measures what pipelines ask: `weave sha` and `weave status` of many machines in a store of many events, beside the
# least that Git and libgit2 need. Docs/benchmarks.md says what each figure compares.
#
# It is no test: it always ends with 0 when everything could be measured. WEAVE names the program to measure (default: the
# optimised build); MACHINES, PROJECTS, COMMITS and EVENTS say how large.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WEAVE=${WEAVE:-$root/.build/release/weave}
case $WEAVE in /*) ;; *) WEAVE=$PWD/$WEAVE ;; esac
MACHINES=${MACHINES:-10000} PROJECTS=${PROJECTS:-200} COMMITS=${COMMITS:-500} EVENTS=${EVENTS:-1000000}

fail() {
  echo "bench-pipeline: $1" >&2
  exit 1
}

[ -x "$WEAVE" ] || fail "no program at $WEAVE: run 'make bench-pipeline', which builds it"
for tool in git pkg-config hyperfine jq strace; do
  command -v "$tool" >/dev/null || fail "$tool is missing: run 'Scripts/bootstrap.sh hyperfine jq strace', which installs what is missing"
done

# shellcheck source=Scripts/bench-setup.sh
. "$root/Scripts/bench-setup.sh"
# shellcheck source=Scripts/bench-measure.sh
. "$root/Scripts/bench-measure.sh"
# shellcheck source=Scripts/bench-store.sh
. "$root/Scripts/bench-store.sh"

say "The machine"
echo "  $(getconf _NPROCESSORS_ONLN) cores; temporary files on $(stat -f -c %T . 2>/dev/null || echo 'an unknown file system')"
echo "  load before the start: $(uptime | sed 's/.*load averages*: //')"
# shellcheck disable=SC2046 # a list of words
cc -O2 -o libgit2-open "$root/Benchmarks/libgit2-open.c" $(pkg-config --cflags --libs libgit2)

say "$MACHINES machines, $PROJECTS projects, $EVENTS events"
begin=$SECONDS
store store "$PROJECTS" "$COMMITS" "$EVENTS" files
{
  echo "constellation: valinor"
  echo "projects:"
  for ((number = 0; number < PROJECTS; number++)); do printf '  p%03d: {}\n' "$number"; done
  echo "roles:"
  echo "  some: { projects: [$(seq -s ', ' -f 'p%03.0f' 0 9)] }"
  echo "  all: { projects: [$(seq -s ', ' -f 'p%03.0f' 0 $((PROJECTS - 1)))] }"
  echo "machines:"
  echo "  \"m[00001:$(printf '%05d' "$MACHINES")].valinor\": { roles: [some] }"
  echo "  taniquetil.valinor: { roles: [all] }"
  echo "couplings: [$(for ((number = 1; number < PROJECTS; number++)); do printf '[p000, p%03d], ' "$number"; done | sed 's/, $//')]"
} > constellation.yaml
quietly "$WEAVE" -C store constellation add "$scratch/constellation.yaml"
quietly "$WEAVE" -C store lock
report store "$MACHINES" 10
echo "  made in $((SECONDS - begin)) s, $(du -sm store | cut -f 1) MB"
machine=m$(printf '%05d' $((MACHINES / 2))).valinor

# memory COMMAND...: the most memory that the command had at once, in MB.
memory() { python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' "$@"; }

# --- sha -----------------------------------------------------------------------------------------------------------

say "weave sha"
sha=("$WEAVE" -C store sha p003 --machine "$machine")
first=$("${sha[@]}")
[ "$first" = "$(git --git-dir=store/.weave/.git rev-parse refs/namespaces/p003/refs/heads/main~10)" ] || fail "p003 should be at main~10, and is at $first"
measure 4 20 \
  "weave sha" true "${sha[*]}" \
  "weave sha (again)" true "${sha[*]}" \
  "libgit2-open" true "./libgit2-open store/.weave/.git" \
  "weave --version" true "$WEAVE --version"
ratio "weave sha" libgit2-open 1.5
ratio "weave sha" "weave --version"
echo "  peak memory: $(memory "${sha[@]}") MB, aim under 64"
echo "  what it opens in the store:"
strace -f -e trace=openat,open -o trace "${sha[@]}" > quiet.log
grep -o '"[^"]*store/[^"]*"' trace | sort | uniq -c | sed 's/^/  /'
echo "  system calls: $(strace -f -c -o /dev/stdout "${sha[@]}" | awk '$NF == "total" { print $(NF - 1) == "total" ? $4 : $4 }'), libgit2-open: $(strace -f -c -o /dev/stdout ./libgit2-open store/.weave/.git | awk '$NF == "total" { print $4 }')"

# --- status --------------------------------------------------------------------------------------------------------

say "weave status, a tenth of the machines drifted"
status="$WEAVE -C store status -c valinor --json"
cat > for-each-ref <<'SCRIPT'
#!/bin/sh
exec git --git-dir=store/.weave/.git for-each-ref --format='%(refname) %(objectname) %(tree)' refs/weave/public/observed refs/weave/public/seen
SCRIPT
chmod +x for-each-ref
$status > status.json
count=$(jq '[.machines[] | select(.compliance == "behind")] | length' status.json)
[ "$count" -eq $((MACHINES / 10)) ] || fail "a tenth of the machines should be behind, and $count are"
measure 2 5 \
  "weave status" true "$status" \
  "weave status (again)" true "$status" \
  "git for-each-ref" true ./for-each-ref
ratio "weave status" "git for-each-ref" 10
# shellcheck disable=SC2086 # a list of words
echo "  peak memory: $(memory $status) MB, aim under 512"

# --- while somebody links ------------------------------------------------------------------------------------------

say "1,000 weave sha in a row while a writer links without pause"
rm -rf store
store store 5 50 200
cat > constellation.yaml <<YAML
constellation: valinor
projects: { p000: {}, p001: {}, p002: {}, p003: {}, p004: {} }
roles:
  all: { projects: [p000, p001, p002, p003, p004] }
machines:
  taniquetil.valinor: { roles: [all] }
couplings: []
YAML
quietly "$WEAVE" -C store constellation add "$scratch/constellation.yaml"
quietly "$WEAVE" -C store lock
sha=("$WEAVE" -C store sha p003 --machine taniquetil.valinor)
first=$("${sha[@]}")
cat > write-events <<'SCRIPT'
#!/bin/sh
# A new event as fast as Git can: of two commits that what is asked for does not depend on.
export GIT_DIR=store/.weave/.git
ledger=$(git for-each-ref --format='%(refname)' refs/weave/public/ledger)
first=$(git rev-parse refs/namespaces/p001/refs/heads/main~1)
second=$(git rev-parse refs/namespaces/p002/refs/heads/main~1)
message=$(printf 'link p001 p002\n\nGood\n\nWeave-Event: link\nWeave-Ledger: %s/%s\nWeave-Member: p001 %s\nWeave-Member: p002 %s' \
  "$(git cat-file blob refs/weave/public/manifest:store)" "${ledger##*/}" "$first" "$second")
while [ ! -e stop ]; do
  git update-ref "$ledger" "$(echo "$message" | git commit-tree -p "$ledger" -F - 4b825dc642cb6eb9a060e54bf8d69288fbee4904)" || exit 1
done
SCRIPT
chmod +x write-events
./write-events & writer=$!
ledger=$(git --git-dir=store/.weave/.git for-each-ref --format='%(refname)' refs/weave/public/ledger)
begin=$SECONDS wrong=0 failed=0
for ((number = 0; number < 1000; number++)); do
  answer=$("${sha[@]}" 2>> errors) || failed=$((failed + 1))
  [ "$answer" = "$first" ] || wrong=$((wrong + 1))
done
touch stop
wait "$writer" || fail "the writer failed"
events=$(git --git-dir=store/.weave/.git rev-list --count "$ledger")
echo "  $wrong wrong, $failed failed, in $((SECONDS - begin)) s, in which $((events - 200)) events were written"

printf '\n%d aims met, %d missed, %d within the noise\n' "$met" "$missed" "$unsure"
