#!/usr/bin/env bash
# Lets libFuzzer search for bytes that break the readers of events, constellations, observations, other records, the index, the files
# of other tools, the reports of machines and what Git prints, the writers of text for other programs, and the decoder of
# loose objects.
#
#   Scripts/fuzz.sh [RUNS [READER...]]      RUNS executions of each reader (1,000,000; all of them)
#   Scripts/fuzz.sh --keep [READER...]      take what was found to reach more into Tests/Corpus
#   Scripts/fuzz.sh --try READER FILE...    execute these inputs only
#   Scripts/fuzz.sh --sanitized [RUNS]      RUNS executions of the C code, with AddressSanitizer, beside zlib's own
#
# What a search finds stays in .build-fuzz/found, and is where the next one goes on from. An input that breaks a reader
# is put into .build-fuzz/crashes; the exit code is then 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly scratch=.build-fuzz
all=(event constellation observation record index gitmodules west repo vcs mani jiri flake deps trailers report quoted flakesource gitoutput name loose)
# More memory or time for one input is a finding too.
limits=(-rss_limit_mb=1024 -timeout=30)
# Swift's own backtraces would come before libFuzzer could write the input down.
export SWIFT_BACKTRACE=enable=no

build() {
  WEAVE_FUZZ=1 "${SWIFT:-swift}" build -c release --sanitize fuzzer --scratch-path "$scratch" \
    -Xswiftc -enable-testing --product weave-fuzz
  program="$(WEAVE_FUZZ=1 "${SWIFT:-swift}" build -c release --scratch-path "$scratch" --show-bin-path)/weave-fuzz"
}

# The longest input, in bytes: some times the longest seed.
longest() {
  case $1 in
    event) echo 512 ;;
    constellation) echo 4096 ;;
    observation | record) echo 1024 ;;
    index) echo 6144 ;;
    gitmodules | trailers) echo 512 ;;
    loose) echo 256 ;;
    quoted | name) echo 96 ;;
    west | repo | vcs | mani | jiri | flake | deps | report | flakesource | gitoutput) echo 1024 ;;
    *) echo "fuzz.sh: no reader is called '$1'; there are: ${all[*]}" >&2; exit 2 ;;
  esac
}

run() {
  local reader=$1
  shift
  WEAVE_FUZZ_READER=$reader "$program" "${limits[@]}" -max_len="$(longest "$reader")" \
    -dict="Tests/FuzzTests/Dictionaries/$reader.dict" -artifact_prefix="$scratch/crashes/$reader/" "$@"
}

# How many inputs have broken it so far.
crashes() { find "$scratch/crashes/$1" -mindepth 1 | wc -l; }

search() {
  local reader=$1 runs=$2 log="$scratch/$1.log"
  mkdir -p "$scratch/found/$reader" "$scratch/crashes/$reader"
  local before after
  before=$(crashes "$reader")
  run "$reader" -runs="$runs" -print_final_stats=1 "$scratch/found/$reader" "Tests/Corpus/$reader" \
    >"$log" 2>&1 || true
  after=$(crashes "$reader")
  printf '%-14s %12s %9s %8s %9s\n' "$reader" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)" \
    "$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")" "$((after - before))"
  grep -a 'Fatal error:\|ERROR: libFuzzer\|Test unit written to' "$log" || true
  broken=$((broken + after - before))
}

keep() {
  # Edges only: how often each is taken would keep a thousand inputs more.
  run "$1" -merge=1 -use_counters=0 "Tests/Corpus/$1" "$scratch/found/$1" 2>&1 | tail -n 1
}

program=
broken=0
case ${1-} in
  --keep)
    shift
    build
    for reader in "${@:-${all[@]}}"; do longest "$reader" >/dev/null; keep "$reader"; done
    ;;
  --try)
    reader=${2:?}
    shift 2
    build
    mkdir -p "$scratch/crashes/$reader"
    run "$reader" "$@"
    ;;
  --sanitized)
    mkdir -p "$scratch/found/loose" "$scratch/crashes/loose"
    # shellcheck disable=SC2046 # flags are words
    clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -ISources/CLooseObjects \
      -ISources/CLooseObjects/include $(pkg-config --cflags libgit2) Tests/FuzzTests/Sanitized/loose.c \
      -o "$scratch/loose-sanitized" $(pkg-config --libs libgit2) -lz
    "$scratch/loose-sanitized" "${limits[@]}" -max_len="$(longest loose)" -runs="${2:-1000000}" -print_final_stats=1 \
      -dict=Tests/FuzzTests/Dictionaries/loose.dict -artifact_prefix="$scratch/crashes/loose/" \
      "$scratch/found/loose" Tests/Corpus/loose
    ;;
  -*) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 2 ;;
  *)
    runs=${1:-1000000}
    [ $# -eq 0 ] || shift
    readers=("${@:-${all[@]}}")
    for reader in "${readers[@]}"; do longest "$reader" >/dev/null; done
    build
    printf '%-14s %12s %9s %8s %9s\n' reader executions edges MiB crashes
    for reader in "${readers[@]}"; do search "$reader" "$runs"; done
    [ "$broken" -eq 0 ] || { echo "the inputs are in $scratch/crashes" >&2; exit 1; }
    ;;
esac
