#!/bin/sh
# The main job of weave, start to end, on real Git repositories: links, a resolution, a machine that is in sync,
# one that is behind, then a revocation. Stops at the first thing that is not as it should be.
#
# Everything is made in ./demo beside this checkout's sources, and made afresh by each run.
# WEAVE names the program to run (default: the optimised build).
set -eu

root=$(cd "$(dirname "$0")/.." && pwd -P)
demo=$root/demo
WEAVE=${WEAVE:-$root/.build/release/weave}
case $WEAVE in /*) ;; *) WEAVE=$PWD/$WEAVE ;; esac

fail() {
  echo "demo: $1" >&2
  exit 1
}

[ -x "$WEAVE" ] || fail "no program at $WEAVE: run 'make release' first, or 'make demo' for both"

# Nothing here depends on who runs it: no Git configuration, variable or repository from outside.
for variable in $(env | sed -n 's/^\(GIT_[A-Z0-9_]*\)=.*/\1/p'); do unset "$variable"; done
rm -rf "$demo"
mkdir -p "$demo/home" "$demo/src"
export HOME="$demo/home" XDG_CONFIG_HOME="$demo/home/.config" USER=ada
export GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_CEILING_DIRECTORIES="$root:$demo"
cat > "$HOME/.gitconfig" <<'END'
[user]
	name = Ada
	email = ada@emerald.city
[init]
	defaultBranch = main
END

# --- showing and running ------------------------------------------------------------------------------------------

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi

say() { printf '\n# %s\n' "$1"; }

# Prints a command as a person would type it.
show() {
  line="\$ $1"
  shift
  for word in "$@"; do
    case $word in
      '' | *[!A-Za-z0-9_./@=:~,+-]*) line="$line \"$word\"" ;;
      *) line="$line $word" ;;
    esac
  done
  printf '%s%s%s\n' "$bold" "$line" "$plain"
}

weave() {
  show weave "$@"
  "$WEAVE" "$@" || fail "'weave $1' failed with exit code $?"
}

# Runs `weave` with the rest, and stops unless its exit code is the first argument.
weave_exits() {
  wanted=$1
  shift
  show weave "$@"
  code=0
  "$WEAVE" "$@" || code=$?
  [ "$code" -eq "$wanted" ] || fail "'weave $1' ended with exit code $code, not $wanted"
  echo "(exit code $code)"
}

# Stops unless the status of the machine $1 says $2.
machine_is() {
  "$WEAVE" status -c emerald-city 2>/dev/null | grep -F "$1" | grep -qw -e "$2" || fail "$1 should be $2"
}

# Stops unless $2, what $1 is, equals $3.
equal() { [ "$2" = "$3" ] || fail "$1 should be $3, and is $2"; }

# --- the sources ---------------------------------------------------------------------------------------------------

clock=1767258000 # dates rise by an hour with each commit, so that the commits' ids are the same in every run

project() { git init -q "$demo/src/$1"; }

# commit PROJECT FILE TEXT SUBJECT [TAG]
commit() {
  clock=$((clock + 3600))
  printf '%s\n' "$3" >> "$demo/src/$1/$2"
  git -C "$demo/src/$1" add "$2"
  GIT_AUTHOR_DATE="$clock +0000" GIT_COMMITTER_DATE="$clock +0000" git -C "$demo/src/$1" commit -q -m "$4"
  if [ $# -gt 4 ]; then git -C "$demo/src/$1" tag "$5"; fi
}

sha() { git -C "$demo/src/$1" rev-parse "$2"; }

project telperion
commit telperion zones.nix 'canon = [ "toto" ];' 'Serve the zone canon' v1
commit telperion zones.nix 'emerald-city = [ "barge" ];' 'Serve the zone emerald.city'
commit telperion zones.nix 'refresh = 300;' 'Keep the zones over a reboot'
commit telperion zones.nix 'forward = "laurelin";' 'Forward unknown names'

project laurelin
commit laurelin dns.nix 'services.dns.enable = true;' 'A module for DNS' v1
commit laurelin dns.nix 'services.dns.metrics = true;' 'Count the queries'
commit laurelin dns.nix 'services.dns.forward = "telperion";' 'Forward what no zone holds'

project narya
commit narya media.nix 'services.media.enable = true;' 'Serve films' v1
commit narya media.nix 'services.media.gpu = true;' 'Transcode on the GPU'

# --- the main job --------------------------------------------------------------------------------------------------

cd "$demo"
say "Three projects, each a Git repository of its own. One store holds the objects of all."
weave init lab
show cd lab
cd lab
weave project add telperion ../src/telperion
weave project add laurelin ../src/laurelin
weave project add narya ../src/narya
weave fetch

say "Somebody ran these commits together, and it worked. A link says so."
weave link telperion@v1 laurelin@v1 -m "Deployed on toto, DNS answers"
weave link laurelin@v1 narya@v1 -m "Films play on barge"
weave link telperion@main~1 laurelin@main narya@main -m "A week in the lab, reboots included"
weave link telperion@main laurelin@main -m "Unknown names are answered"

say "What must run where."
cat > emerald-city.yaml <<'END'
constellation: emerald-city
priority: [telperion, laurelin, narya]
projects:
  telperion: {}
  laurelin: { track: main }
  narya: {}
roles:
  dns: { projects: [telperion, laurelin], claims: [port/udp/53] }
  media: { projects: [laurelin, narya], needs: { memory: 8GiB } }
machines:
  toto.canon:
    roles: [dns]
    has: { memory: 16GiB }
    vms:
      barge.emerald.city: { roles: [media] }
END
show cat emerald-city.yaml
cat emerald-city.yaml
weave constellation add emerald-city.yaml

say "Which commit of each project should each machine run? The newest that are linked."
weave resolve
weave resolve --machine toto.canon --project laurelin
telperion=$("$WEAVE" resolve --machine toto.canon --project telperion 2>/dev/null)
laurelin=$("$WEAVE" resolve --machine toto.canon --project laurelin 2>/dev/null)
equal "telperion on toto.canon" "$telperion" "$(sha telperion main)"
equal "laurelin on toto.canon" "$laurelin" "$(sha laurelin main)"

say "Adopt that. From now on it is what is wanted."
weave lock -m "Forward unknown names"

say "The machines say what they run."
weave report --machine toto.canon "telperion=$telperion" "laurelin=$laurelin"
weave report --machine barge.emerald.city "laurelin=$(sha laurelin v1)" "narya=$(sha narya v1)"
weave status -c emerald-city
machine_is toto.canon in-sync
machine_is barge.emerald.city behind

say "Later the two turn out not to be fit together. A revocation says so, and why."
weave revoke telperion@main laurelin@main -m "DNS loops after a reboot"
weave_exits 5 status -c emerald-city --exit-code
machine_is toto.canon incompatible

say "The resolution has moved back: one commit, of one project."
weave resolve
moved=$("$WEAVE" resolve --machine toto.canon --project telperion 2>/dev/null)
equal "telperion on toto.canon" "$moved" "$(sha telperion main~1)"
equal "laurelin on toto.canon" "$("$WEAVE" resolve --machine toto.canon --project laurelin 2>/dev/null)" "$laurelin"

say "Why is telperion not newer?"
weave why telperion

say "Somebody pins it to the newest all the same. Then nothing fits, and weave says what would help."
sed "s/telperion: {}/telperion: { pin: \"$telperion\" }/" emerald-city.yaml > pinned.yaml
show grep pin pinned.yaml
grep pin pinned.yaml
weave_exits 5 resolve -c pinned.yaml

say "Adopt what fits, deploy it, and let the machine say so."
weave lock -m "Back, DNS loops"
weave report --machine toto.canon "telperion=$moved" "laurelin=$laurelin"
weave status -c emerald-city
machine_is toto.canon in-sync

say "Who said what, and whether the store is whole."
weave links
weave log
weave fsck

say "All of it is plain Git: this is the audit log, read without weave."
# The writer's name has a random part, so the ledgers are read by pattern.
show git --git-dir=.weave/.git log --oneline "--glob=refs/weave/public/ledger/*"
git --git-dir=.weave/.git --no-pager log --oneline "--glob=refs/weave/public/ledger/*"

printf '\nThe workspace is yours to play in:\n\n  cd %s\n  PATH=%s:%s\n  weave status\n' "$demo/lab" \
  "$(dirname "$WEAVE")" "\$PATH"
