#!/usr/bin/env bash
# Scripts/agreement.sh [N] makes N random instances (default 300) of every graph and every hard kind, some with links of
# more than two members and some with pins, lets weave-bench resolve each, and has clingo judge the answers.
#
# Prints how many agree, by kind; ends with 1 when one does not. FIRST is the first seed (default 1): another one gives
# other instances. WEAVE_BENCH names the program to judge (default: the optimised build).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WEAVE_BENCH=${WEAVE_BENCH:-$root/.build/release/weave-bench}
count=${1:-300}
first=${FIRST:-1}

fail() {
  echo "agreement: $1" >&2
  exit 1
}

case $count in *[!0-9]* | 0 | '') fail "usage: Scripts/agreement.sh [N], N the number of instances" ;; esac
case $first in *[!0-9]* | '') fail "FIRST must be a number" ;; esac
[ -x "$WEAVE_BENCH" ] || fail "no program at $WEAVE_BENCH: run 'make agreement', which builds it"
python=$("$root/Scripts/peers-python.sh")

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

kinds=()
for graph in star chain clique random tree ring roles; do
  for more in "" "n-ary" "pinned" "n-ary pinned"; do kinds+=("$graph${more:+ $more}"); done
done
for hard in rb late trap parity; do kinds+=("$hard" "$hard pinned"); done

for ((number = 0; number < count; number++)); do
  seed=$((first + number))
  kind=${kinds[number % ${#kinds[@]}]}
  # So that no kind comes with the same sizes each time.
  mixed=$((number + number / ${#kinds[@]} + first))
  case $kind in
    rb* | late* | trap* | parity*) arguments=(--hard "${kind%% *}" --projects $((3 + mixed % 4)) --commits $((3 + mixed % 7))) ;;
    *) arguments=(--graph "${kind%% *}" --projects $((3 + mixed % 6)) --commits $((4 + mixed % 9)) --density 0.6 --roles 3 --role-size 3) ;;
  esac
  case $kind in *n-ary*) arguments+=(--nary 0.6 --arity 4) ;; esac
  case $kind in *pinned) arguments+=(--pins $((1 + mixed % 3))) ;; esac
  # Few revocations leave a resolution, many leave none.
  revoked=(0.02 0.5 0.25)
  arguments+=(--links $((20 + seed % 61)) --revoked "${revoked[mixed % 3]}" --seed "$seed")
  "$WEAVE_BENCH" generate "${arguments[@]}" > "$scratch/$seed.json" || fail "'weave-bench generate ${arguments[*]}' failed"
  # An instance with no resolution may end with an exit code of its own; what was printed is judged.
  "$WEAVE_BENCH" resolve < "$scratch/$seed.json" > "$scratch/$seed.answer" 2> "$scratch/$seed.message" || true
  if [ ! -s "$scratch/$seed.answer" ]; then
    echo "$kind: 'weave-bench generate ${arguments[*]} | weave-bench resolve' printed no answer: $(head -c 300 "$scratch/$seed.message")" >&2
  fi
  printf '%s\t%s\t%s\n' "$kind" "$scratch/$seed.json" "$scratch/$seed.answer" >> "$scratch/list"
  printf '%s\tweave-bench generate %s\n' "$scratch/$seed.json" "${arguments[*]}" >> "$scratch/made-by"
done

status=0
"$python" -B "$root/Benchmarks/peers.py" --judge-all < "$scratch/list" 2> "$scratch/wrong" || status=1
# What is wrong is told with the command that makes the instance again: the files are removed.
awk -F '\t' 'NR == FNR { made[$1] = $2; next } { line = $0; for (at in made) if (i = index(line, at)) { line = substr(line, 1, i - 1) made[at] substr(line, i + length(at)); break } print line }' \
  "$scratch/made-by" "$scratch/wrong" >&2
echo "  seeds $first to $((first + count - 1)), $SECONDS s"
exit $status
