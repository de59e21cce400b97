#!/usr/bin/env bash
# Measures what weave takes to share, beside stock Git, over a local path and over ssh to an sshd of its own on
# 127.0.0.1, in one run. Docs/benchmarks.md says what each figure compares. `Scripts/bench-sharing.sh event` or
# `... clone` measures only that part.
#
# It is no test: it always ends with 0 when everything could be measured. Everything is made in a temporary directory
# that is removed at the end. WEAVE names the program to measure (default: the optimised build), EVENTS how many events
# are on both sides before one more is shared, PROJECTS how many projects are cloned, TRANSPORTS which of path and ssh.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WEAVE=${WEAVE:-$root/.build/release/weave}
case $WEAVE in /*) ;; *) WEAVE=$PWD/$WEAVE ;; esac
EVENTS=${EVENTS:-100000} PROJECTS=${PROJECTS:-20} TRANSPORTS=${TRANSPORTS:-path ssh}
parts=" ${*:-event clone} "
# Servers are often where the PATH of an ordinary user does not lead.
PATH=$PATH:/usr/sbin:/sbin

fail() {
  echo "bench-sharing: $1" >&2
  exit 1
}

[ -x "$WEAVE" ] || fail "no program at $WEAVE: run 'make release' first, or 'make bench' for both"
for tool in git hyperfine jq ssh sshd; do
  command -v "$tool" >/dev/null || fail "$tool is missing: run 'Scripts/bootstrap.sh hyperfine jq ssh sshd', which installs what is missing"
done
for part in $parts; do
  case $part in event | clone) ;; *) fail "there is no part '$part': say event or clone" ;; esac
done

# shellcheck source=Scripts/bench-setup.sh
. "$root/Scripts/bench-setup.sh"
# shellcheck source=Scripts/bench-measure.sh
. "$root/Scripts/bench-measure.sh"
mkdir source

# --- the server ----------------------------------------------------------------------------------------------------

# Starts an sshd that lets in whoever runs this, and has Git use it. The port may be somebody else's: then there is
# another try.
serve() {
  local key try
  mkdir sshd
  for key in host client; do quietly ssh-keygen -q -t ed25519 -N '' -f "sshd/$key"; done
  [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
  trap 'kill "$server" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT
  export GIT_SSH_COMMAND="ssh -F none -o IdentityFile=$scratch/sshd/client -o IdentitiesOnly=yes -o IdentityAgent=none -o UserKnownHostsFile=$scratch/sshd/known -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes -o BatchMode=yes"
  for ((try = 1; try <= 5; try++)); do
    port=$((20000 + RANDOM % 40000))
    echo "[127.0.0.1]:$port $(cat sshd/host.pub)" > sshd/known
    cat > sshd/config <<CONFIG
ListenAddress 127.0.0.1
Port $port
HostKey $scratch/sshd/host
AuthorizedKeysFile $scratch/sshd/client.pub
AuthenticationMethods publickey
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
MaxStartups 100
SetEnv PATH=$PATH HOME=$HOME GIT_CONFIG_NOSYSTEM=1
CONFIG
    "$(command -v sshd)" -D -e -f "$scratch/sshd/config" 2> sshd/log &
    server=$!
    sleep 1
    # shellcheck disable=SC2086 # a command and its arguments
    if $GIT_SSH_COMMAND -p "$port" 127.0.0.1 true 2>> sshd/log; then return; fi
    kill "$server" 2>/dev/null || true
  done
  cat sshd/log >&2
  fail "no sshd can be started on 127.0.0.1"
}

# url TRANSPORT PATH: how Git reaches what is at PATH in the temporary directory.
url() { case $1 in path) echo "$scratch/$2" ;; ssh) echo "ssh://127.0.0.1:$port$scratch/$2" ;; esac; }

# --- one event -----------------------------------------------------------------------------------------------------

# ledger DIRECTORY EVENTS: makes so many events in a store of the projects alpha and beta, as Docs/formats/store.md has
# it and in packs: a process for each would take hours. They link each commit of one with as many of the other.
ledger() {
  local store=$1/.weave/.git events=$2 writer project
  writer=$(git --git-dir="$store" config weave.writer)
  for project in alpha beta; do
    git --git-dir="$store" rev-list --reverse "refs/namespaces/$project/refs/heads/main" > "$project.ids"
    # The newest commit holds all others: that is the whole keep chain of what is linked.
    git --git-dir="$store" update-ref "refs/weave-local/keep/$project" "$(
      empty=4b825dc642cb6eb9a060e54bf8d69288fbee4904
      first=$(git --git-dir="$store" commit-tree "$empty" -m "keep $project")
      git --git-dir="$store" commit-tree "$empty" -p "$first" -p "$(tail -1 "$project.ids")" -m "keep $project"
    )"
  done
  paste -d ' ' alpha.ids beta.ids | awk -v events="$events" -v writer="$writer" \
    -v id="$(git --git-dir="$store" cat-file blob refs/weave/public/manifest:store)" '
    { alpha[NR] = $1; beta[NR] = $2 }
    END {
      for (made = 0; made < events; made++) {
        first = alpha[made % NR + 1]; second = beta[(made + int(made / NR)) % NR + 1]
        message = "link alpha@" substr(first, 1, 7) " beta@" substr(second, 1, 7) "\n\nGood in step " made "\n\nWeave-Event: link\nWeave-Ledger: " id "/" writer "\nWeave-Member: alpha " first "\nWeave-Member: beta " second "\n"
        printf "commit refs/weave/public/ledger/%s\ncommitter Ada <ada@emerald.city> %d +0000\ndata %d\n%s\n", writer, 1767300000 + made, length(message), message
      }
    }' | git --git-dir="$store" -c fastimport.unpackLimit=1 fast-import --quiet
}

# Appends to the ledger of $1 an event like its last, and leaves it to be pushed.
cat > new-event <<'SCRIPT'
#!/bin/sh
set -eu
export GIT_DIR=$1
ledger=refs/weave/public/ledger/$(cat writer)
event=$(git show -s --format=%B "$ledger" | git commit-tree -p "$ledger" -F - 4b825dc642cb6eb9a060e54bf8d69288fbee4904)
git update-ref "$ledger" "$event"
SCRIPT
# The same, pushed.
cat > new-event-weave <<'SCRIPT'
#!/bin/sh
set -eu
./new-event "$1/.weave/.git"
"$WEAVE" -C "$1" push
SCRIPT
cat > new-event-git <<'SCRIPT'
#!/bin/sh
set -eu
./new-event "$1"
git --git-dir="$1" push -q origin "refs/weave/public/ledger/$(cat writer)"
SCRIPT
chmod +x new-event new-event-weave new-event-git
export WEAVE

event_count() { git --git-dir="$1" rev-list --count "refs/weave/public/ledger/$(cat writer)"; }

# Two stores and two plain repositories of one ledger, each pair with a remote between.
event_material() {
  local name begin
  history source/alpha 600 5
  history source/beta 600 5
  workspace here source/alpha source/beta
  git --git-dir=here/.weave/.git config weave.writer > writer
  ledger here "$EVENTS"
  for name in weave again git; do git init -q --bare "$name.git"; done
  for name in weave again; do
    quietly "$WEAVE" -C here remote add "$name" "$scratch/$name.git"
    begin=$(date +%s%N)
    quietly "$WEAVE" -C here push "$name"
    echo "  the first push of all to $name: $((($(date +%s%N) - begin) / 1000000)) ms"
    begin=$(date +%s%N)
    quietly "$WEAVE" clone "$scratch/$name.git" "there-$name"
    echo "  the first clone of all from $name: $((($(date +%s%N) - begin) / 1000000)) ms"
  done
  begin=$(date +%s%N)
  git --git-dir=weave.git push -q "$scratch/git.git" "refs/weave/public/ledger/*:refs/weave/public/ledger/*"
  git --git-dir=git.git repack -q -a -d
  for name in here there; do
    git clone -q --mirror "$scratch/git.git" "$name-git" && git --git-dir="$name-git" config --unset remote.origin.mirror
  done
  echo "  the same by Git, a push and two clones: $((($(date +%s%N) - begin) / 1000000)) ms"
  for name in weave again; do cp -a here "here-$name"; done
}

event_bench() {
  local transport=$1 name
  for name in weave again; do
    for side in here there; do
      git --git-dir="$side-$name/.weave/.git" config --remove-section remote.weave 2>/dev/null || true
      git --git-dir="$side-$name/.weave/.git" config --remove-section remote.again 2>/dev/null || true
      git --git-dir="$side-$name/.weave/.git" config remote.origin.url "$(url "$transport" "$name.git")"
      git --git-dir="$side-$name/.weave/.git" config remote.origin.weavePrivate false
      quietly "$WEAVE" -C "$side-$name" pull origin
    done
  done
  for side in here there; do git --git-dir="$side-git" config remote.origin.url "$(url "$transport" git.git)"; done

  say "give a remote one new event, over $transport, with $EVENTS on both sides"
  measure 4 4 \
    "weave push" "./new-event here-weave/.weave/.git" "$WEAVE -C here-weave push origin" \
    "weave push (again)" "./new-event here-again/.weave/.git" "$WEAVE -C here-again push origin" \
    "git push" "./new-event here-git" "git --git-dir=here-git push -q origin refs/weave/public/ledger/$(cat writer)"
  ratio "weave push" "git push" 1.5
  for name in weave again; do
    [ "$(event_count "$name.git")" -eq "$(event_count "here-$name/.weave/.git")" ] || fail "the events did not arrive in $name.git"
  done

  say "get one new event from a remote, over $transport, with $EVENTS on both sides"
  measure 4 4 \
    "weave pull" "./new-event-weave here-weave" "$WEAVE -C there-weave pull" \
    "weave pull (again)" "./new-event-weave here-again" "$WEAVE -C there-again pull" \
    "git fetch" "./new-event-git here-git" "git --git-dir=there-git fetch -q origin"
  ratio "weave pull" "git fetch" 1.5
  for name in weave again; do
    [ "$(event_count "$name.git")" -eq "$(event_count "there-$name/.weave/.git")" ] || fail "the events did not arrive in there-$name"
  done
}

# --- many projects -------------------------------------------------------------------------------------------------

clone_material() {
  local number name
  for ((number = 1; number <= PROJECTS; number++)); do
    name=$(printf 'p%02d' "$number")
    history "source/$name" 50 40
    quietly git clone -q --bare "source/$name" "served/$name.git"
    echo "$name" >> names
  done
  cat > clone-in-turn <<'SCRIPT'
#!/bin/sh
set -eu
while read -r name; do git clone -q "$1/$name.git" "$2/$name"; done < names
SCRIPT
  cat > clone-at-once <<'SCRIPT'
#!/bin/sh
set -eu
xargs -P 8 -I{} git clone -q "$1/{}.git" "$2/{}" < names
SCRIPT
  chmod +x clone-in-turn clone-at-once
}

clone_bench() {
  local transport=$1 name remote
  rm -rf many many.git
  quietly "$WEAVE" init many
  while read -r name; do quietly "$WEAVE" -C many project add "$name" "$(url "$transport" "served/$name.git")"; done < names
  git init -q --bare many.git
  remote=$(url "$transport" many.git)
  quietly "$WEAVE" -C many remote add origin "$remote"
  quietly "$WEAVE" -C many push
  say "clone $PROJECTS projects of 50 commits and 40 files, over $transport"
  measure 2 2 \
    "weave clone" "rm -rf new" "$WEAVE clone $remote new" \
    "weave clone (again)" "rm -rf new" "$WEAVE clone $remote new" \
    "weave clone --checkout-all" "rm -rf new" "$WEAVE clone --checkout-all $remote new" \
    "weave clone --checkout-all (again)" "rm -rf new" "$WEAVE clone --checkout-all $remote new" \
    "git clone, in turn" "rm -rf new" "./clone-in-turn $(url "$transport" served) new" \
    "git clone, 8 at once" "rm -rf new" "./clone-at-once $(url "$transport" served) new"
  ratio "weave clone" "git clone, in turn" 0.333
  ratio "weave clone --checkout-all" "git clone, in turn"
  ratio "weave clone --checkout-all" "git clone, 8 at once"
  quietly "$WEAVE" clone --checkout-all "$remote" proof
  while read -r name; do
    [ "$(git -C "proof/$name" rev-parse HEAD)" = "$(git -C "source/$name" rev-parse HEAD)" ] || fail "$name was not cloned"
  done < names
  rm -rf proof
}

say "The machine"
echo "  $(getconf _NPROCESSORS_ONLN) cores; temporary files on $(stat -f -c %T . 2>/dev/null || echo 'an unknown file system')"
echo "  load before the start: $(uptime | sed 's/.*load averages*: //')"
echo "  $("$WEAVE" --version | sed 's/^/weave /'); $(git --version); $(ssh -V 2>&1 | cut -d , -f 1); $(hyperfine --version)"
serve

if [[ $parts == *" event "* ]]; then
  say "two stores of $EVENTS events, and a remote between"
  event_material
  for transport in $TRANSPORTS; do event_bench "$transport"; done
fi
if [[ $parts == *" clone "* ]]; then
  clone_material
  for transport in $TRANSPORTS; do clone_bench "$transport"; done
fi

say "load now: $(uptime | sed 's/.*load averages*: //'); $SECONDS s in all"
