#!/usr/bin/env bash
# Measures the resolver beside clingo and resolvelib, on the same instances in the same run, and says whether the aims
# are met. Docs/benchmarks.md says what each row is. `Scripts/bench-resolver.sh ROW...` measures only these rows:
# small medium star roles late trap core-10 core-30 new-links store
#
# It is no test: slow is never an error, a wrong answer is. Everything is made in a temporary directory that is removed
# at the end. WEAVE and WEAVE_BENCH name the programs to measure (default: the optimised builds), LIMIT the seconds
# that each of the others gets (20), RUNS how often each is run (7), EVENTS how many the store of the last row has.
# NEW_EVENT=weave has `weave link` make that row's new events, which at first takes long: it writes the notes of all.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WEAVE=${WEAVE:-$root/.build/release/weave}
WEAVE_BENCH=${WEAVE_BENCH:-$root/.build/release/weave-bench}
case $WEAVE in /*) ;; *) WEAVE=$PWD/$WEAVE ;; esac
case $WEAVE_BENCH in /*) ;; *) WEAVE_BENCH=$PWD/$WEAVE_BENCH ;; esac
LIMIT=${LIMIT:-20}
RUNS=${RUNS:-7}
EVENTS=${EVENTS:-1000000}
NEW_EVENT=${NEW_EVENT:-git}

fail() {
  echo "bench-resolver: $1" >&2
  exit 1
}

case $NEW_EVENT in git | weave) ;; *) fail "NEW_EVENT must be git or weave" ;; esac
rows=" ${*:-small medium star roles late trap core-10 core-30 new-links store} "
for row in $rows; do
  case $row in small | medium | star | roles | late | trap | core-10 | core-30 | new-links | store) ;;
    *) fail "there is no row $row: small medium star roles late trap core-10 core-30 new-links store" ;;
  esac
done
[ -x "$WEAVE_BENCH" ] || fail "no program at $WEAVE_BENCH: run 'make bench-resolver', which builds it"
[ -x "$WEAVE" ] || fail "no program at $WEAVE: run 'make bench-resolver', which builds it"
for tool in git hyperfine jq; do
  command -v "$tool" >/dev/null || fail "$tool is missing: run 'Scripts/bootstrap.sh hyperfine jq', which installs what is missing"
done
python=$("$root/Scripts/peers-python.sh")

# shellcheck source=Scripts/bench-setup.sh
. "$root/Scripts/bench-setup.sh"
# shellcheck source=Scripts/bench-store.sh
. "$root/Scripts/bench-store.sh"
mkdir runs

met=0 missed=0 unsure=0

# judge LABEL UNIT FIGURE LEAST MOST AIM: says whether the median is at most AIM. Between runs that met it and runs that
# did not, the aim is within the noise.
judge() {
  local verdict
  verdict=$(awk -v median="$3" -v least="$4" -v most="$5" -v aim="$6" 'BEGIN {
    print (least <= aim && most > aim) ? "within the noise" : (median <= aim ? "met" : "missed") }')
  case $verdict in met) met=$((met + 1)) ;; missed) missed=$((missed + 1)) ;; *) unsure=$((unsure + 1)) ;; esac
  printf '  %s: %s %s, aim at most %s: %s\n' "$1" "$3" "$2" "$6" "$verdict"
}

# summary ROW OURS AIM CLINGO RESOLVELIB: a line of the table at the end.
summary() { printf '| %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$4" "$5" >> summary; }

# --- instances -----------------------------------------------------------------------------------------------------

# ours STAGES: runs weave-bench on the instance and leaves the sums of these stages, in milliseconds, and the peaks of
# memory in `measured`, and the last answer in `answer`.
ours() {
  local run
  rm -f runs/*
  for ((run = 1; run <= RUNS; run++)); do
    # An instance with no resolution may end with an exit code of its own.
    "$WEAVE_BENCH" resolve --timings --no-restore < instance > answer 2> quiet.log || true
    jq -e '.milliseconds and .peak_megabytes and .status' answer > /dev/null 2>&1 \
      || { head -c 1000 quiet.log >&2; fail "'weave-bench resolve --timings' printed no status, milliseconds and peak_megabytes"; }
    jq '{milliseconds, peak_megabytes}' answer > "runs/$run.json"
  done
  jq -sc --arg stages "$1" 'def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
    ($stages | split("+")) as $stages
    | map([.milliseconds[$stages[]] // error("weave-bench tells no milliseconds of one of: \($stages)")] | add) as $times
    | map(.peak_megabytes) as $peaks
    | {median: ($times | median), least: ($times | min), most: ($times | max), load: (map(.milliseconds.load // 0) | median),
       peak: ($peaks | median), least_peak: ($peaks | min), most_peak: ($peaks | max)}' runs/*.json > measured
}

# peer NAME: a line on what it did, and in `figure` its time for the table.
peer() {
  local state total
  figure=-
  state=$(jq -r --arg peer "$1" '.[$peer].status // (if .[$peer].milliseconds then "done" else "none" end)' peers)
  case $state in
    none) return ;;
    timeout) figure="> $LIMIT s" && printf '  %-20s      > %s s\n' "$1" "$LIMIT" && return ;;
    failed) figure=failed && printf '  %-20s ended with exit code %s\n' "$1" "$(jq ".$1.exit_code" peers)" && return ;;
  esac
  total=$(jq --arg peer "$1" '[.[$peer].milliseconds[]] | add' peers)
  figure=$(printf '%.2f ms' "$total")
  printf '  %-20s %9.2f ms  (%s; %s runs), %.0f MB, %s%s\n' "$1" "$total" \
    "$(jq -r --arg peer "$1" '.[$peer].milliseconds | to_entries | map("\(.key) \(.value * 100 | round / 100)") | join(" + ")' peers)" \
    "$(jq ".$1.runs" peers)" "$(jq ".$1.peak_megabytes" peers)" "$state" \
    "$(jq -r --arg peer "$1" 'if .[$peer].optimal == false then ", and not the newest pick" else "" end' peers)"
  printf '  %s / weave-bench = %.1f\n' "$1" "$(jq --argjson total "$total" '$total / .median' measured)"
}

# row NAME TITLE STAGES MILLISECONDS MEGABYTES TASK ARGUMENT...: one row of the table. MEGABYTES may be -, for no aim.
# TASK is what the others are asked: pick, core or new-links.
row() {
  local name=$1 title=$2 stages=$3 aim=$4 memory=$5 task=$6 clingo resolvelib
  shift 6
  case $rows in *" $name "*) ;; *) return 0 ;; esac
  say "$title: ${stages//+/ and }"
  echo "  weave-bench generate $*"
  "$WEAVE_BENCH" generate "$@" > instance || fail "'weave-bench generate $*' failed"
  ours "$stages"
  "$python" -B "$root/Benchmarks/peers.py" --task "$task" --limit "$LIMIT" --runs "$RUNS" < instance > peers \
    || fail "Benchmarks/peers.py failed"
  local figures peaks
  read -ra figures < <(jq -r '[.median, .least, .most | . * 100 | round / 100] | @tsv' measured)
  read -ra peaks < <(jq -r '[.peak, .least_peak, .most_peak | round] | @tsv' measured)
  printf '  %-20s %9.2f ms  (%s .. %s; %s runs), %s MB, %s; %.0f ms before it for reading\n' weave-bench "${figures[0]}" \
    "${figures[1]}" "${figures[2]}" "$RUNS" "${peaks[0]}" "$(jq -r .status answer)" "$(jq .load measured)"
  peer clingo
  clingo=$figure
  peer resolvelib
  resolvelib=$figure
  agree "$task"
  judge "time" ms "${figures[@]}" "$aim"
  if [ "$memory" = - ]; then
    summary "$title: ${stages//+/ and }" "${figures[0]} ms, ${peaks[0]} MB" "$aim ms" "$clingo" "$resolvelib"
  else
    judge "peak of memory" MB "${peaks[@]}" "$memory"
    summary "$title: ${stages//+/ and }" "${figures[0]} ms, ${peaks[0]} MB" "$aim ms, $memory MB" "$clingo" "$resolvelib"
  fi
}

# agree TASK: what the others found, where they ended, is what weave-bench found.
agree() {
  jq -es --arg task "$1" '.[0] as $ours | .[1] as $peers
    | if $task == "new-links" then
        ($peers.clingo | has("new_links") | not) or $peers.clingo.new_links == $ours.new_links.count
      else
        all($peers.clingo, $peers.resolvelib; . == null or (.status | IN("SAT", "UNSAT") | not) or .status == $ours.status)
        and ($peers.clingo.pick == null or $peers.clingo.pick == $ours.pick)
      end' answer peers > /dev/null || fail "clingo or resolvelib found something else than weave-bench: see the row above"
}

say "The machine"
echo "  $(getconf _NPROCESSORS_ONLN) cores; temporary files on $(stat -f -c %T . 2>/dev/null || echo 'an unknown file system')"
echo "  load before the start: $(uptime | sed 's/.*load averages*: //')"
echo "  $("$WEAVE" --version | sed 's/^/weave /'); $(git --version); $("$python" -c 'import platform, clingo, importlib.metadata as m
print("Python", platform.python_version() + "; clingo", clingo.__version__ + "; resolvelib", m.version("resolvelib"))')"

row small "5 projects, 200 links" solve+explain 5 - pick --projects 5 --links 200
row medium "30 projects, 20,000 links" solve 10 - pick --graph random --projects 30 --commits 500 --links 20000 --revoked 0.01
row star "200 projects, 1,000,000 links, star" solve 500 160 pick \
  --graph star --projects 200 --commits 5000 --links 1000000 --revoked 0.02
row roles "200 projects, 100,000 links of twelve" solve 1200 200 pick \
  --graph roles --projects 200 --commits 500 --links 100000 --roles 24 --role-size 12 --nary 1 --revoked 0.02
row late "hard: late, 20 projects, 3,300 links" solve 5 - pick --hard late --graph random --projects 20 --links 3300 --revoked 0.02
row trap "hard: trap, 30 projects, 42,000 links" solve 50 - pick \
  --hard trap --graph random --density 0.3 --projects 30 --commits 120 --links 42000 --revoked 0.01 --seed 2
row core-10 "unsatisfiable, 10 projects" core 5 - core --projects 10 --links 400 --revoked 0.15
row core-30 "unsatisfiable, 30 projects" core 200 - core \
  --graph random --density 0.3 --projects 30 --links 5000 --revoked 0.2
row new-links "unsatisfiable, 10 projects" new_links 300 - new-links --projects 10 --links 400 --revoked 0.15
rm -f instance answer peers

# --- the store -----------------------------------------------------------------------------------------------------

# timed NAME AIM RUNS PREPARE COMMAND: a whole process, timed by hyperfine; only COMMAND is.
timed() {
  local figures
  quietly hyperfine --shell=none --style=none --runs="$3" --export-json=times --prepare "$4" "$5"
  read -ra figures < <(jq -r '.results[0] | [.median, .min, .max | . * 1000 | round / 1000] | @tsv' times)
  judge "$1 ($3 runs, ${figures[1]} .. ${figures[2]})" s "${figures[@]}" "$2"
  summary "$1" "${figures[0]} s" "$2 s" - -
}

if [[ $rows == *" store "* ]]; then
  projects=200 commits=500
  [ "$EVENTS" -ge $((projects * commits)) ] || fail "EVENTS must be at least $((projects * commits))"
  say "a store with $EVENTS events, $projects projects of $commits commits"
  begin=$SECONDS
  store store "$projects" "$commits" "$EVENTS"
  {
    echo "constellation: valinor"
    echo "projects:"
    for ((number = 0; number < projects; number++)); do printf '  p%03d: {}\n' "$number"; done
    echo "roles:"
    echo "  all: { projects: [$(seq -s ', ' -f 'p%03.0f' 0 $((projects - 1)))] }"
    echo "machines:"
    echo "  taniquetil.valinor: { roles: [all] }"
    echo "couplings: [$(for ((number = 1; number < projects; number++)); do printf '[p000, p%03d], ' "$number"; done | sed 's/, $//')]"
  } > constellation.yaml
  quietly "$WEAVE" -C store constellation add "$scratch/constellation.yaml"
  echo "  made in $((SECONDS - begin)) s, $(du -sm store | cut -f 1) MB"

  resolve="$WEAVE -C store resolve --machine taniquetil.valinor --project p000"
  # A new event, of two commits that are in no link yet and that the first project does not depend on.
  case $NEW_EVENT in
    git)
      cat > new-event <<'SCRIPT'
#!/bin/sh
set -eu
count=$(($(cat count) + 1))
echo "$count" > count
export GIT_DIR=store/.weave/.git
ledger=$(git for-each-ref --format='%(refname)' refs/weave/public/ledger)
first=$(git rev-parse "refs/namespaces/p001/refs/heads/main~$count")
second=$(git rev-parse "refs/namespaces/p002/refs/heads/main~$count")
event=$(printf 'link p001 p002\n\nGood\n\nWeave-Event: link\nWeave-Ledger: %s/%s\nWeave-Member: p001 %s\nWeave-Member: p002 %s\n' \
  "$(git cat-file blob refs/weave/public/manifest:store)" "${ledger##*/}" "$first" "$second" \
  | git commit-tree -p "$ledger" -F - 4b825dc642cb6eb9a060e54bf8d69288fbee4904)
git update-ref "$ledger" "$event"
SCRIPT
      ;;
    weave)
      cat > new-event <<'SCRIPT'
#!/bin/sh
set -eu
count=$(($(cat count) + 1))
echo "$count" > count
"$WEAVE" -C store link "p001@main~$count" "p002@main~$count" -m "Good" >> link.log 2>&1
SCRIPT
      ;;
  esac
  chmod +x new-event
  export WEAVE
  echo 0 > count

  timed "weave resolve, first index" 30 2 "rm -rf store/.weave/.git/weave/index" "$resolve"
  # shellcheck disable=SC2086 # a list of words
  answer=$($resolve 2> quiet.log) || { cat quiet.log >&2; fail "'$resolve' failed"; }
  [ "$answer" = "$(git --git-dir=store/.weave/.git rev-parse refs/namespaces/p000/refs/heads/main~10)" ] \
    || fail "p000 should be at main~10, and is at $answer"
  if [ "$NEW_EVENT" = weave ]; then
    begin=$SECONDS
    quietly ./new-event
    echo "  weave link, the first in this store: about $((SECONDS - begin)) s, in which it writes all notes"
  fi
  timed "weave resolve, after one new event" 0.3 5 ./new-event "$resolve"
  ./new-event
  number=$("$WEAVE" -C store links p001@main~1 | wc -l)
  [ "$number" -eq 1 ] || fail "weave takes the new event for none"
fi

say "The table"
echo "| | weave | aim at most | clingo | resolvelib |"
echo "|---|---|---|---|---|"
cat summary
say "aims: $met met, $missed missed, $unsure within the noise; load now: $(uptime | sed 's/.*load averages*: //'); $SECONDS s in all"
