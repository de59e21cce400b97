#!/usr/bin/env bash
# Measures the day's work in a workspace beside west, vcstool, gita and `git submodule`, which do the same on the same
# repositories, in one run. Docs/benchmarks.md says what each figure compares.
#
# It is no test: it always ends with 0 when everything could be measured. Everything is made in a temporary directory
# that is removed at the end. WEAVE names the program to measure (default: the optimised build), REPOSITORIES how many
# there are, COMMITS and FILES how long and how wide each is.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WEAVE=${WEAVE:-$root/.build/release/weave}
case $WEAVE in /*) ;; *) WEAVE=$PWD/$WEAVE ;; esac
REPOSITORIES=${REPOSITORIES:-30} COMMITS=${COMMITS:-300} FILES=${FILES:-100} ROUNDS=${ROUNDS:-4} RUNS=${RUNS:-5}

fail() {
  echo "bench-workspace: $1" >&2
  exit 1
}

[ -x "$WEAVE" ] || fail "no program at $WEAVE: run 'make release' first, or 'make bench' for both"
for tool in git hyperfine jq; do
  command -v "$tool" >/dev/null || fail "$tool is missing: run 'Scripts/bootstrap.sh hyperfine jq', which installs what is missing"
done
peers=$(dirname "$("$root/Scripts/peers-python.sh")")

# shellcheck source=Scripts/bench-setup.sh
. "$root/Scripts/bench-setup.sh"
# shellcheck source=Scripts/bench-measure.sh
. "$root/Scripts/bench-measure.sh"
PATH=$peers:$PATH
git config --global protocol.file.allow always
git config --global advice.detachedHead false

say "The machine"
echo "  $(getconf _NPROCESSORS_ONLN) cores; temporary files on $(stat -f -c %T . 2>/dev/null || echo 'an unknown file system')"
echo "  load before the start: $(uptime | sed 's/.*load averages*: //')"
echo "  $("$WEAVE" --version | sed 's/^/weave /'); $(git --version); west $(west --version | sed 's/.*v//'); $(pip_version() { "$peers/python" -m pip list 2>/dev/null | awk -v name="$1" '$1 == name { print name, $2 }'; }; pip_version vcstool; pip_version gita | sed 's/^/; /')"

# --- the material --------------------------------------------------------------------------------------------------

# The same repositories for all: each tool has checkouts of its own, all at the newest commit but for gita, which
# manages those of weave. The older commit is what `checkout` goes to and comes back from.
mkdir source
names=()
for ((i = 1; i <= REPOSITORIES; i++)); do names+=("$(printf 'project-%02d' "$i")"); done
for name in "${names[@]}"; do history "source/$name" "$COMMITS" "$FILES"; done

manifest() { # manifest WHICH: west's and vcstool's files for the revision WHICH of each
  local which=$1 name
  {
    echo "manifest:"; echo "  self: { path: manifest }"; echo "  projects:"
    for name in "${names[@]}"; do
      echo "    - { name: $name, url: 'file://$scratch/source/$name', revision: $(git -C "source/$name" rev-parse "$which") }"
    done
  } > "west-${2}.yml"
  {
    echo "repositories:"
    for name in "${names[@]}"; do
      echo "  $name: { type: git, url: 'file://$scratch/source/$name', version: $(git -C "source/$name" rev-parse "$which") }"
    done
  } > "vcs-${2}.repos"
}
manifest main new
manifest main~5 old

# weave (and gita)
quietly "$WEAVE" init with-weave
for name in "${names[@]}"; do quietly git clone -q "file://$scratch/source/$name" "with-weave/$name"; done
quietly "$WEAVE" -C with-weave adopt --yes
# shellcheck disable=SC2046 # one argument for each
quietly "$WEAVE" -C with-weave set new $(printf '%s@main ' "${names[@]}")
# shellcheck disable=SC2046
quietly "$WEAVE" -C with-weave set old $(printf '%s@main~5 ' "${names[@]}")
(cd with-weave && quietly gita add "${names[@]}")

# west
mkdir -p with-west/manifest
cp west-new.yml with-west/manifest/west.yml
git -C with-west/manifest init -q && git -C with-west/manifest add -A && git -C with-west/manifest commit -qm manifest
(cd with-west && quietly west init -l manifest && quietly west update)

# vcstool
mkdir with-vcs
(cd with-vcs && quietly vcs import --input ../vcs-new.repos)

# git submodule: main pins the newest, old the older commits
git init -q super
for name in "${names[@]}"; do quietly git -C super submodule --quiet add "file://$scratch/source/$name" "$name"; done
git -C super commit -qm new
git -C super checkout -q -b old
for name in "${names[@]}"; do
  git -C super update-index --cacheinfo "160000,$(git -C "source/$name" rev-parse main~5),$name"
done
git -C super commit -qm old
git -C super checkout -q main
quietly git clone -q --recurse-submodules --jobs=8 "file://$scratch/super" with-submodules
git -C with-submodules branch -q old origin/old

# in DIRECTORY COMMAND...: a script that runs the command there.
in_directory() {
  local script=$1 directory=$2
  shift 2
  printf '#!/bin/sh\ncd "%s" && exec %s\n' "$scratch/$directory" "$*" > "$script"
  chmod +x "$script"
}

in_directory weave-status with-weave "$WEAVE" status
in_directory gita-status with-weave gita ll
in_directory west-status with-west west status
in_directory vcs-status with-vcs vcs status
in_directory submodule-status with-submodules git submodule foreach --quiet 'git status --short --branch'

in_directory weave-fetch with-weave "$WEAVE" fetch
in_directory gita-fetch with-weave gita fetch
in_directory west-fetch with-west west forall -c "'git fetch --quiet'"
in_directory vcs-fetch with-vcs vcs custom --git --args fetch --quiet
in_directory submodule-fetch with-submodules git fetch --quiet --recurse-submodules=yes --jobs=8

in_directory weave-exec with-weave "$WEAVE" exec -- git rev-parse HEAD
in_directory gita-exec with-weave gita super rev-parse HEAD
in_directory west-exec with-west west forall -c "'git rev-parse HEAD'"
in_directory vcs-exec with-vcs vcs custom --git --args rev-parse HEAD
in_directory submodule-exec with-submodules git submodule foreach --quiet "'git rev-parse HEAD'"

in_directory weave-new with-weave "$WEAVE" checkout --in-place new
in_directory weave-old with-weave "$WEAVE" checkout --in-place old
printf '#!/bin/sh\ncd %s/with-west && cp ../west-old.yml manifest/west.yml && exec west update\n' "$scratch" > west-old
printf '#!/bin/sh\ncd %s/with-west && cp ../west-new.yml manifest/west.yml && exec west update\n' "$scratch" > west-new
in_directory vcs-old with-vcs vcs import --input ../vcs-old.repos
in_directory vcs-new with-vcs vcs import --input ../vcs-new.repos
printf '#!/bin/sh\ncd %s/with-submodules && git checkout -q old && exec git submodule update --jobs=8\n' "$scratch" > submodule-old
printf '#!/bin/sh\ncd %s/with-submodules && git checkout -q main && exec git submodule update --jobs=8\n' "$scratch" > submodule-new

printf '#!/bin/sh\ncd %s/with-weave && exec %s checkout old %s/fresh-weave\n' "$scratch" "$WEAVE" "$scratch" > weave-fresh
printf '#!/bin/sh\nmkdir -p %s/fresh-vcs && cd %s/fresh-vcs && exec vcs import --input ../vcs-old.repos\n' "$scratch" "$scratch" > vcs-fresh
printf '#!/bin/sh\nexec git clone -q --branch old --recurse-submodules --jobs=8 %s/super %s/fresh-submodules\n' "$scratch" "$scratch" > submodule-fresh
cat > west-fresh <<SCRIPT
#!/bin/sh
mkdir -p $scratch/fresh-west && cd $scratch/fresh-west && cp -r ../with-west/manifest . && cp ../west-old.yml manifest/west.yml
west init -l manifest && exec west update
SCRIPT
printf '#!/bin/sh\nrm -rf %s/fresh-*\nexec git --git-dir=%s/with-weave/.weave/.git worktree prune\n' "$scratch" "$scratch" > no-fresh
chmod +x no-fresh west-* vcs-* submodule-* weave-* 2>/dev/null || true

# Every command does what it is timed for.
for command in status fetch exec; do
  for tool in weave gita west vcs submodule; do quietly "./$tool-$command"; done
done
for tool in weave vcs west submodule; do
  quietly "./$tool-old"
  [ "$(git -C "with-${tool/submodule/submodules}/${names[0]}" rev-parse HEAD)" = "$(git -C "source/${names[0]}" rev-parse main~5)" ] \
    || fail "$tool did not check the older commits out"
  quietly "./$tool-new"
done
for tool in weave vcs west submodule; do
  quietly "./$tool-fresh"
  [ "$(git -C "fresh-${tool/submodule/submodules}/${names[0]}" rev-parse HEAD)" = "$(git -C "source/${names[0]}" rev-parse main~5)" ] \
    || fail "$tool did not check the older commits out in a new directory"
done
quietly ./weave-exec
[ "$(grep -c -E '[0-9a-f]{40}$' quiet.log)" -eq "$REPOSITORIES" ] || fail "weave exec did not print a commit for each"

# --- what is compared ----------------------------------------------------------------------------------------------

# row TITLE ACTION PREPARE: the tools in turn, and weave against the fastest of the others.
row() {
  local title=$1 action=$2 tools=$3 commands=() tool best
  say "$title"
  for tool in weave "weave (again)" $tools; do
    local program=${tool% (again)}
    commands+=("$tool" "${4//TOOL/$program}" "./$program-$action")
  done
  measure "$ROUNDS" "$RUNS" "${commands[@]}"
  best=$(for tool in $tools; do printf '%s %s\n' "$(median "$tool")" "$tool"; done | sort -n | head -1 | cut -d ' ' -f 2)
  ratio weave "$best" 1
}

row "weave status / gita ll / west status / vcs status / submodule foreach git status" status "gita west vcs submodule" true
row "fetch with nothing to do" fetch "gita west vcs submodule" true
row "exec -- git rev-parse HEAD" exec "gita west vcs submodule" true
row "checkout of a set, in the checkouts that are there" old "west vcs submodule" "./TOOL-new"
row "checkout of a set in a new directory" fresh "west vcs submodule" ./no-fresh

say "Aims"
echo "  $met met, $missed missed, $unsure within the noise"
