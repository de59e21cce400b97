#!/usr/bin/env bash
# Measures weave beside stock Git and beside a program that only starts libgit2, in one run, and says whether the
# aims are met. Docs/benchmarks.md says what each figure compares.
#
# It is no test: it always ends with 0 when everything could be measured. Everything is made in a temporary directory
# that is removed at the end. WEAVE names the program to measure (default: the optimised build).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WEAVE=${WEAVE:-$root/.build/release/weave}
case $WEAVE in /*) ;; *) WEAVE=$PWD/$WEAVE ;; esac

fail() {
  echo "bench: $1" >&2
  exit 1
}

[ -x "$WEAVE" ] || fail "no program at $WEAVE: run 'make release' first, or 'make bench' for both"
for tool in git pkg-config hyperfine jq; do
  command -v "$tool" >/dev/null || fail "$tool is missing: run 'Scripts/bootstrap.sh hyperfine jq', which installs what is missing"
done
command -v cc >/dev/null || fail "there is no C compiler called cc: install gcc or clang"

# shellcheck source=Scripts/bench-setup.sh
. "$root/Scripts/bench-setup.sh"
# shellcheck source=Scripts/bench-measure.sh
. "$root/Scripts/bench-measure.sh"
mkdir source

# --- the material --------------------------------------------------------------------------------------------------

# links DIRECTORY: makes an event of each line on standard input, which holds the ids of the commits that it links.
#
# As Docs/formats/store.md has it, and as loose objects, like those of `weave link`: a process for each link would
# take the time that is there for measuring.
links() {
  local store=$1/.weave/.git names=$2 writer count
  writer=$(git --git-dir="$store" config weave.writer)
  awk -v names="$names" -v writer="$writer" -v id="$(git --git-dir="$store" cat-file blob refs/weave/public/manifest:store)" '
    BEGIN { split(names, name, " ") }
    {
      subject = "link"; members = ""
      for (i = 1; i <= NF; i++) {
        subject = subject " " name[i] "@" substr($i, 1, 7)
        members = members "Weave-Member: " name[i] " " $i "\n"
      }
      if (length(subject) > 72) subject = "link ... (+" NF ")"
      message = subject "\n\nGood in step " NR "\n\nWeave-Event: link\nWeave-Ledger: " id "/" writer "\n" members
      printf "commit refs/weave/public/ledger/%s\ncommitter Ada <ada@emerald.city> %d +0000\ndata %d\n%s\n", writer, 1767258000 + NR * 60, length(message), message
    }' > events
  git --git-dir="$store" -c fastimport.unpackLimit=1000000 fast-import --quiet < events
  quietly "$WEAVE" -C "$1" fsck --repair
  count=$("$WEAVE" -C "$1" links | wc -l)
  [ "$count" -eq "$(grep -c '^commit ' events)" ] || fail "$1 has $count links, and should have $(grep -c '^commit ' events)"
}

say "The machine"
echo "  $(getconf _NPROCESSORS_ONLN) cores; temporary files on $(stat -f -c %T . 2>/dev/null || echo 'an unknown file system')"
echo "  load before the start: $(uptime | sed 's/.*load averages*: //')"
echo "  $("$WEAVE" --version | sed 's/^/weave /'); $(git --version); libgit2 $(pkg-config --modversion libgit2); $(hyperfine --version)"
# shellcheck disable=SC2046 # a list of words
cc -O2 -o libgit2-start "$root/Benchmarks/libgit2-start.c" $(pkg-config --cflags --libs libgit2)

# --- link ----------------------------------------------------------------------------------------------------------

# Two projects of 600 commits. The oldest 500 of each are linked, the newest 100 are there to be linked.
history source/alpha 600 20
history source/beta 600 20
git -C source/alpha rev-list --reverse main > alpha.ids
git -C source/beta rev-list --reverse main > beta.ids

# Gives `link` new work: two commits that nothing names, as `next`, in a store that is as it was before.
cat > prepare-link <<'SCRIPT'
#!/bin/sh
set -eu
cd "$1"
count=$(($(cat count) + 1))
echo "$count" > count
alpha=$(sed -n "${count}p" ../alpha.ids)
beta=$(sed -n "${count}p" ../beta.ids)
echo "linked beta@$beta, good in step $count" > alpha.note
echo "linked alpha@$alpha, good in step $count" > beta.note
git --git-dir=.weave/.git for-each-ref --format='delete %(refname)' refs/weave/public/ledger refs/weave-local refs/notes refs/linked > now
{ cat before; grep -vFf before.names now || true; } > changes
{
  cat changes
  echo "update refs/namespaces/alpha/refs/heads/next $alpha"
  echo "update refs/namespaces/beta/refs/heads/next $beta"
} | git --git-dir=.weave/.git update-ref --stdin
SCRIPT
chmod +x prepare-link

# The recipe in stock Git: a note on each of the commits, and a ref that keeps one from being collected.
# core.fsync is as weave has it in its stores.
cat > git-link <<'SCRIPT'
#!/bin/sh
set -eu
link() { git --git-dir=.weave/.git -c core.fsync=committed,loose-object,reference -c core.fsyncMethod=fsync "$@"; }
cd "$1"
link notes add -F alpha.note refs/namespaces/alpha/refs/heads/next
link notes add -F beta.note refs/namespaces/beta/refs/heads/next
link update-ref refs/linked/last refs/namespaces/alpha/refs/heads/next
SCRIPT
chmod +x git-link

link_bench() {
  local links=$1 copy
  workspace "link-$links" source/alpha source/beta
  if [ "$links" -gt 0 ]; then
    {
      paste -d ' ' <(head -500 alpha.ids) <(head -500 beta.ids)
      paste -d ' ' <(head -500 alpha.ids) <(head -500 beta.ids | tac)
    } | links "link-$links" "alpha beta"
    # Git's own notes are the very ones that weave made.
    git --git-dir="link-$links/.weave/.git" update-ref refs/notes/commits refs/notes/weave
  fi
  git --git-dir="link-$links/.weave/.git" for-each-ref --format='update %(refname) %(objectname)' \
    refs/weave/public/ledger refs/weave-local refs/notes > "link-$links/before"
  sed 's/^update \([^ ]*\) .*/\1/' "link-$links/before" > "link-$links/before.names"
  echo 500 > "link-$links/count"
  for copy in weave again git; do cp -a "link-$links" "link-$links-$copy"; done
  measure 5 4 \
    "weave link" "./prepare-link link-$links-weave" \
    "$WEAVE -C link-$links-weave link alpha@next beta@next -m Good" \
    "weave link (again)" "./prepare-link link-$links-again" \
    "$WEAVE -C link-$links-again link alpha@next beta@next -m Good" \
    "git notes, notes, update-ref" "./prepare-link link-$links-git" "./git-link link-$links-git"
  ratio "weave link" "git notes, notes, update-ref" 1
}

say "link two commits, in a store with no links, against the same by git notes"
link_bench 0
say "link two commits, in a store with 1,000 links on 1,000 commits"
link_bench 1000

# --- resolve, sha --------------------------------------------------------------------------------------------------

say "ask for one commit: 5 projects of 200 commits, 200 links"
projects=(aule manwe orome ulmo yavanna)
for project in "${projects[@]}"; do history "source/$project" 200 20; done
for project in "${projects[@]}"; do git -C "source/$project" rev-list --reverse main > "$project.ids"; done
workspace resolve "${projects[@]/#/source/}"
# The first 190 generations are linked whole; of the newest ten only the first two projects are.
paste -d ' ' "${projects[@]/%/.ids}" | awk 'NR <= 190 { print; next } { print $1, $2 }' | links resolve "${projects[*]}"
cat > constellation.yaml <<'YAML'
constellation: valinor
projects: { aule: {}, manwe: {}, orome: {}, ulmo: {}, yavanna: {} }
roles:
  all: { projects: [aule, manwe, orome, ulmo, yavanna] }
  some: { projects: [aule, manwe] }
machines:
  taniquetil.valinor: { roles: [all] }
  tirion.valinor: { roles: [some] }
YAML
quietly "$WEAVE" -C resolve constellation add "$scratch/constellation.yaml"
cp -a resolve locked
quietly "$WEAVE" -C locked lock -m "Good"

resolve="-C resolve resolve --machine taniquetil.valinor --project aule"
sha="-C locked sha aule --machine taniquetil.valinor"
revision=refs/namespaces/aule/refs/heads/main~10
# shellcheck disable=SC2086 # lists of words
for answer in "$("$WEAVE" $resolve 2>/dev/null)" "$("$WEAVE" $sha)"; do
  [ "$answer" = "$(git --git-dir=resolve/.weave/.git rev-parse "$revision")" ] || fail "aule should be $revision, and is $answer"
done
measure 8 8 \
  "weave resolve" true "$WEAVE $resolve" \
  "weave resolve (again)" true "$WEAVE $resolve" \
  "weave sha" true "$WEAVE $sha" \
  "weave sha (again)" true "$WEAVE $sha" \
  "weave --version" true "$WEAVE --version" \
  "git rev-parse" true "git --git-dir=resolve/.weave/.git rev-parse --verify $revision" \
  "libgit2-start" true ./libgit2-start
ratio "weave resolve" libgit2-start 2
ratio "weave resolve" "git rev-parse"
ratio "weave sha" libgit2-start
ratio "weave sha" "git rev-parse"

# --- status --------------------------------------------------------------------------------------------------------

say "the status of 50 checkouts of 200 files each"
quietly "$WEAVE" init status
cat > status/in-turn <<'SCRIPT'
#!/bin/sh
for checkout in status/*/.git; do git -C "${checkout%/.git}" status --porcelain; done
SCRIPT
cat > status/at-once <<'SCRIPT'
#!/bin/sh
ls -d status/p* | xargs -P 8 -I{} git -C {} status --porcelain
SCRIPT
chmod +x status/in-turn status/at-once
for ((number = 1; number <= 50; number++)); do
  name=$(printf 'p%02d' "$number")
  history "status/$name" 3 200
  git -C "status/$name" reset -q --hard
  quietly "$WEAVE" -C status project add "$name" "$scratch/status/$name"
done
quietly "$WEAVE" -C status fetch
# One link of all, so that no pair of them has to be named as unlinked.
for checkout in status/p*; do git -C "$checkout" rev-parse HEAD; done | paste -sd ' ' - | links status "$(cd status && echo p*)"
# Else Git would read every file again, as one that may have changed within the second in which it was checked out.
find status/p* -path '*/src/*' -exec touch -h -t 202601010000 {} +
quietly status/in-turn
[ "$("$WEAVE" -C status status | grep -c '^p')" -eq 50 ] || fail "weave status should show 50 checkouts"
measure 5 3 \
  "weave status" true "$WEAVE -C status status" \
  "weave status (again)" true "$WEAVE -C status status" \
  "git status, in turn" true status/in-turn \
  "git status, 8 at once" true status/at-once
ratio "weave status" "git status, in turn" 0.333
ratio "weave status" "git status, 8 at once"

say "aims: $met met, $missed missed, $unsure within the noise; load now: $(uptime | sed 's/.*load averages*: //'); $SECONDS s in all"
