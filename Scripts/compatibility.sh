#!/usr/bin/env bash
# Lets weave 0.1.0 and this one live beside each other over one hub, which has the sample hook of 0.1.0: every pair of
# writes, in both orders and at once, at format 1; then what 0.1.0 can and cannot do at format 2 (Docs/sharing.md,
# "Different weaves"). Stops at the first record that is lost, and the first answer that differs.
#
# WEAVE names this weave (default: the optimised build), WEAVE_0_1_0 the other one: without it, it is built in
# .build-0.1.0 from the history of this repository. KINDS are the kinds of writes to pair (default: all).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
first=621aa29
new=${WEAVE:-$root/.build/release/weave}
old=${WEAVE_0_1_0:-}
all='link revocation reinstatement project track constellation removal hold acknowledgement report lock set'
read -r -a kinds <<< "${KINDS:-$all}"

fail() {
  echo "compatibility: $1" >&2
  exit 1
}

[ -x "$new" ] || fail "no program at $new: run 'make release' first, or 'make compatibility' for all"
command -v jq >/dev/null || fail "jq is missing: run 'Scripts/bootstrap.sh jq', which installs it"
if [ -z "$old" ]; then
  folder=$root/.build-0.1.0
  if ! [ -e "$folder/.git" ]; then git clone --quiet --no-checkout "$root" "$folder"; fi
  git -C "$folder" checkout --quiet --detach "$first"
  (cd "$folder" && swift build --product weave)
  old=$(cd "$folder" && swift build --show-bin-path)/weave
fi
case $new in /*) ;; *) new=$PWD/$new ;; esac
case $old in /*) ;; *) old=$PWD/$old ;; esac
[ -x "$old" ] || fail "no program at $old"

# Nothing here depends on who runs it: no Git configuration, variable or repository from outside.
hook=$(git -C "$root" show "$first:Docs/examples/pre-receive")
for variable in $(env | sed -n 's/^\(GIT_[A-Z0-9_]*\)=.*/\1/p'); do unset "$variable"; done
scratch=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
mkdir home
export HOME="$scratch/home" XDG_CONFIG_HOME="$scratch/home/.config" GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
git config --global user.name Ada
git config --global user.email ada@emerald.city
git config --global init.defaultBranch main

# --- one hub, two clones -------------------------------------------------------------------------------------------

for project in telperion laurelin vilya; do
  git init -q "src/$project"
  for version in 1 2 3; do
    echo "$project $version" > "src/$project/file"
    git -C "src/$project" add file
    git -C "src/$project" commit -q -m "$project $version"
    git -C "src/$project" tag "v$version"
  done
done
git init -q --bare hub
printf '%s\n' "$hook" > hub/hooks/pre-receive
chmod +x hub/hooks/pre-receive
git --git-dir=hub config receive.fsckObjects true

constellation() {
  printf '%s\n' "constellation: $1" 'projects: { telperion: {}, laurelin: {} }' \
    'roles: { dns: { projects: [telperion, laurelin] } }' "machines: { \"$2\": { roles: [dns] } }"
}

# in_clone CLONE COMMAND...: the clone's weave, which is to end with 0. What it says is shown where it does not.
in_clone() {
  local clone=$1 program=$1
  shift
  ends_with 0 "$clone" "${!program}" "$@"
}

# ends_with CODE CLONE PROGRAM COMMAND...
ends_with() {
  local wanted=$1 clone=$2 program=$3 code=0
  shift 3
  (cd "$clone" && "$program" "$@") > said 2> complained || code=$?
  [ "$code" -eq "$wanted" ] || {
    cat said complained >&2
    fail "in the clone '$clone', '$program $*' ended with exit code $code, not $wanted"
  }
}

mkdir new
in_clone new init --no-adopt
for project in telperion laurelin vilya; do in_clone new project add "$project" "../src/$project"; done
in_clone new fetch
in_clone new link telperion@v1 laurelin@v1 -m "both by hand"
constellation city 'm[0001:1400]' > city.yaml
in_clone new constellation add ../city.yaml
in_clone new remote add hub ../hub
in_clone new push
(cd "$scratch" && "$old" clone --quiet hub old > /dev/null 2>&1) || "$old" clone hub old > /dev/null 2>&1

# --- the writes ----------------------------------------------------------------------------------------------------

# write CLONE KIND NUMBER: a record of that kind which no other number has.
write() {
  local clone=$1 n=$3 m
  m=$(printf 'm%04d' "$n")
  case $2 in
    link) in_clone "$clone" link telperion@v2 laurelin@v2 -m "write $n" ;;
    revocation) in_clone "$clone" revoke vilya@v2 -m "write $n" ;;
    reinstatement)
      in_clone "$clone" revoke vilya@v3 -m "to be taken back"
      in_clone "$clone" reinstate "$(head -1 said)" -m "write $n"
      ;;
    project) in_clone "$clone" project add "p$n" ../src/vilya ;;
    track)
      in_clone "$clone" project add "p$n" ../src/vilya
      in_clone "$clone" project set "p$n" track v2
      ;;
    constellation)
      constellation "c$n" "c$n" > "$clone/c.yaml"
      in_clone "$clone" constellation add c.yaml
      ;;
    removal)
      constellation "c$n" "c$n" > "$clone/c.yaml"
      in_clone "$clone" constellation add c.yaml
      in_clone "$clone" constellation remove "c$n"
      ;;
    hold) in_clone "$clone" hold "$m" telperion@v1 -c city -m "write $n" ;;
    acknowledgement) in_clone "$clone" status --ack "$m" --for 2d -m "write $n" -c city ;;
    report) in_clone "$clone" report --machine "$m" "telperion=$(sha telperion v1)" "laurelin=$(sha laurelin v1)" ;;
    lock)
      constellation "c$n" "c$n" > "$clone/c.yaml"
      in_clone "$clone" lock -c ./c.yaml -m "write $n"
      ;;
    set) in_clone "$clone" set "s$n" telperion@v1 laurelin@v1 ;;
    *) fail "there is no kind of write '$2': $all" ;;
  esac
}

sha() { git -C "src/$1" rev-parse "$2"; }
store() { if [ "$1" = hub ]; then echo hub; else echo "$1/.weave/.git"; fi; }
records() { git --git-dir="$(store "$1")" for-each-ref --format='%(refname) %(objectname)' refs/weave/; }

# What a repository has, a line for each record: the words of its events, the files of its manifest, its refs.
contents() {
  local git=(git "--git-dir=$(store "$1")")
  "${git[@]}" log --format=%B '--glob=refs/weave/public/ledger/*'
  "${git[@]}" ls-tree -r --format='%(path)' refs/weave/public/manifest
  "${git[@]}" for-each-ref --format='%(refname)' refs/weave/public/
}

# has KIND NUMBER: whether what `contents` said has the record. A removed one is not there, and so never comes back.
has() {
  case $1 in
    link | revocation | reinstatement) grep -qxF "write $2" listing ;;
    project | track) grep -qxF "projects/p$2" listing ;;
    constellation) grep -qxF "constellations/c$2" listing ;;
    removal) ! grep -qxF "constellations/c$2" listing ;;
    hold) grep -qxF "holds/telperion@$(printf 'm%04d' "$2")" listing ;;
    acknowledgement) grep -qxF "acknowledgements/$(printf 'm%04d' "$2")" listing ;;
    report) grep -qxF "refs/weave/public/observed/$(printf 'm%04d' "$2")" listing ;;
    lock) grep -qxF "refs/weave/public/locks/c$2" listing ;;
    set) grep -qxF "refs/weave/public/sets/s$2" listing ;;
  esac
}

written=()
number=0

# next CLONE KIND: writes the next record there, and remembers it.
next() {
  number=$((number + 1))
  written+=("$2 $number")
  write "$1" "$2" "$number"
}

# Every record that was written since `$1` records had been is in each of the repositories that follow.
expect_records() {
  local from=$1 place record
  shift
  for place in "$@"; do
    contents "$place" > listing
    for record in "${written[@]:$from}"; do
      # shellcheck disable=SC2086 # a kind and a number
      has $record || fail "lost: $record is not in '$place', as it should be"
    done
  done
}

# Both answer alike, and with the same exit code. Ages are left out, and the count that 0.1.0 did not tell.
expect_same_answers() {
  local question program
  while read -r question; do
    for program in old new; do
      local code=0
      # shellcheck disable=SC2086 # the words of a command
      (cd "$program" && "${!program}" $question --json 2> /dev/null) > "$program.json" || code=$?
      jq -S --argjson code "$code" '{code: $code, answer: del(.. | .ageSeconds?, .machineCount?)}' < "$program.json" \
        > "$program.answer" || echo "$code" > "$program.answer"
    done
    cmp -s old.answer new.answer || {
      diff old.answer new.answer | head -20 >&2
      fail "'$question' is answered in two ways: < by 0.1.0, > by this weave"
    }
  done
}

expect_same_records() {
  local place
  for place in old new; do
    diff <(records hub) <(records "$place") >&2 || fail "'$place' has other records than the hub, after all was exchanged"
  done
}

exchange() {
  local clone
  for clone in "$@"; do in_clone "$clone" push; done
  for clone in "$@"; do in_clone "$clone" pull; done
}

# --- format 1 ------------------------------------------------------------------------------------------------------

for shape in 'old, then new' 'new, then old' 'at once, old pushes first' 'at once, new pushes first'; do
  for one in "${kinds[@]}"; do
    before=${#written[@]}
    for other in "${kinds[@]}"; do
      pair=${#written[@]}
      case $shape in
        'old, then new') next old "$one"; in_clone old push; in_clone new pull; next new "$other"; exchange new old ;;
        'new, then old') next new "$one"; in_clone new push; in_clone old pull; next old "$other"; exchange old new ;;
        *first)
          next old "$one"
          next new "$other"
          case $shape in *old*) exchange old new ;; *) exchange new old ;; esac
          ;;
      esac
      expect_records "$pair" hub old new
    done
    expect_records 0 hub old new
    expect_same_records
    expect_same_answers <<< "$(printf '%s\n' 'resolve -c city' 'links' 'check telperion@v2 laurelin@v2' \
      'check vilya@v2' 'affected' 'status -c city --stale-after 7d' 'set list' 'log' 'project list' 'constellation list' 'reverse telperion@v1')"
    echo "format 1: $shape: $one with ${kinds[*]}: $((${#written[@]} - before)) records"
  done
done
for place in hub old new; do
  [ "$(git --git-dir="$(store $place)" ls-tree --name-only refs/weave/public/manifest format)" = "" ] ||
    fail "'$place' is of another format than 1, and nobody raised it"
done

# A lock that two adopted at once is not lost: one is wanted, the other listed.
for clone in old new; do
  in_clone "$clone" lock -c city -m "first by $clone"
  in_clone "$clone" push || true
done
exchange old new
expect_same_answers <<< $'lock --list -c city\nlock --show -c city\nsha telperion --machine m0001 -c city'
echo "format 1: two locks at once"

# A change of whom to believe, by 0.1.0: it is the record for both, waits for a yes in this weave, and is undone by nobody.
guarded() {
  constellation guarded m0001
  printf '%s' "$1"
}
guarded 'trust: { signers: [ci@emerald.city] }
' > guarded.yaml
in_clone new constellation add ../guarded.yaml
in_clone new push
in_clone old pull
guarded '' > guarded.yaml
in_clone old constellation add ../guarded.yaml
in_clone old push
in_clone new pull
grep -qF 'constellation/guarded: its trust' complained || fail "what 0.1.0 changed of 'trust' does not wait for a yes: $(cat complained)"
ends_with 5 new "$new" resolve -c guarded
next new project
exchange new old
if git --git-dir=hub show refs/weave/public/manifest:constellations/guarded | grep -q trust; then
  fail "this weave put back what 0.1.0 had changed, though only the yes was missing"
fi
expect_same_records
in_clone new accept constellation/guarded
expect_same_answers <<< $'resolve -c guarded\nconstellation list'
echo "format 1: a change that waits for a yes"

# What this weave signs 0.1.0 reads as it is.
ssh-keygen -q -t ed25519 -N '' -f key
git -C new/.weave/.git config gpg.format ssh
git -C new/.weave/.git config user.signingKey "$scratch/key"
git -C new/.weave/.git config weave.sign true
for kind in lock set hold constellation project; do
  next new "$kind"
  [ "$kind" != lock ] || signed=refs/weave/public/locks/c$number
  exchange new old
  next old "$kind"
  exchange old new
done
git --git-dir=old/.weave/.git cat-file commit "$signed" | grep -q '^gpgsig ' || fail "the lock of this weave is not signed"
expect_records 0 hub old new
expect_same_records
expect_same_answers <<< $'lock --show -c city\nsha telperion --machine m0001 -c city\nset list\nstatus -c city --stale-after 7d'
in_clone old fsck
git -C new/.weave/.git config weave.sign false
# 0.1.0 would misread a new epoch.
ends_with 1 new "$new" report --restart --machine m0001 "telperion=$(sha telperion v1)"
echo "format 1: signed records, and no new epoch"

# --- format 2 ------------------------------------------------------------------------------------------------------

sentence='this store needs weave 0.2 or newer'
in_clone new upgrade
in_clone new push
manifest=$(git --git-dir=hub rev-parse refs/weave/public/manifest)

# What 0.1.0 writes in its clone, which is of format 1: events and what else is no part of the manifest come to the hub,
# the manifest does not, and it is told with exit code 1.
at_2=${#written[@]}
apart=()
for kind in "${kinds[@]}"; do
  next new "$kind"
  in_clone new push
  manifest=$(git --git-dir=hub rev-parse refs/weave/public/manifest)
  next old "$kind"
  ends_with 1 old "$old" push
  ends_with 1 old "$old" pull
  grep -qF "$sentence" complained || fail "0.1.0 does not say that it needs a newer weave: $(cat complained)"
  [ "$(git --git-dir=hub rev-parse refs/weave/public/manifest)" = "$manifest" ] || fail "0.1.0 changed a manifest of format 2"
  in_clone new pull
  contents new > listing
  case $kind in
    link | revocation | reinstatement | report | lock | set)
      has "$kind" "$number" || fail "lost: the $kind of 0.1.0 did not come over a hub of format 2"
      ;;
    *) apart+=("$kind $number") ;;
  esac
  case $kind in
    link | revocation | reinstatement)
      contents old > listing
      has "$kind" $((number - 1)) || fail "lost: the $kind of this weave did not come to 0.1.0 over a hub of format 2"
      ;;
  esac
  echo "format 2: $kind"
done
in_clone new report --restart --machine m0001 "telperion=$(sha telperion v1)"
in_clone new push
ends_with 1 . "$old" clone hub third
grep -qF "$sentence" complained || fail "the clone of 0.1.0 does not say that it needs a newer weave: $(cat complained)"

# 0.1.0 in a store of format 2: no answer, and no write.
records new > before
while read -r command; do
  code=0
  # shellcheck disable=SC2086 # the words of a command
  (cd new && "$old" $command) > said 2> complained || code=$?
  [ "$code" -ne 0 ] || fail "'$command' of 0.1.0 ended with 0 in a store of format 2: $(cat said)"
  [ ! -s said ] || fail "'$command' of 0.1.0 answered in a store of format 2: $(cat said)"
  records new | cmp -s before - || fail "'$command' of 0.1.0 wrote in a store of format 2"
done << 'END'
check telperion@v1 laurelin@v1
resolve -c city
sha telperion --machine m0002 -c city
manifest --machine m0001 -c city
status
status -c city
lock -c city
links
log
affected
reverse telperion@v1
why telperion -c city
propose -c city
graph
project list
constellation list
link telperion@v1 laurelin@v2
revoke telperion@v3 -m no
project add more ../src/vilya
project set vilya track v1
hold m0001 telperion@v1 -m no -c city
report --machine m0001 telperion=0000000000000000000000000000000000000001
set more telperion@v1 laurelin@v1
fetch
fsck
END
echo "format 2: 0.1.0 answers nothing and writes nothing"

# Whoever takes this weave in the place of 0.1.0 brings what 0.1.0 wrote into the manifest.
for clone in old new; do ends_with 0 "$clone" "$new" pull; ends_with 0 "$clone" "$new" push; done
for clone in old new; do ends_with 0 "$clone" "$new" pull; ends_with 0 "$clone" "$new" fsck; done
expect_same_records
expect_records 0 hub old new
[ "$(git --git-dir=hub show refs/weave/public/manifest:format)" = 2 ] || fail "the hub has lost its format"
echo "compatibility: all ${#written[@]} records are there, ${#apart[@]} of them in a manifest that went apart (from $at_2 on at format 2)"
