# Sourced by the benchmarks that time whole programs, after bench-setup.sh: makes repositories and workspaces, and
# measures commands beside one another.

mkdir results

# history DIRECTORY COMMITS FILES: makes a repository of so many commits, each of which changes one of its files.
history() {
  git init -q "$1"
  awk -v name="${1##*/}" -v commits="$2" -v files="$3" '
    function put(file, text) { printf "M 100644 inline src/%02d/file-%03d\ndata %d\n%s\n", file % 10, file, length(text), text }
    BEGIN {
      for (i = 1; i <= commits; i++) {
        subject = name ", step " i "\n"
        printf "commit refs/heads/main\ncommitter Ada <ada@emerald.city> %d +0000\ndata %d\n%s\n", 1767258000 + i * 60, length(subject), subject
        if (i == 1) for (file = 0; file < files; file++) put(file, name ", file " file "\n")
        else put(i % files, name ", file " i % files " of step " i "\n")
      }
    }' | git -C "$1" fast-import --quiet
}

# workspace DIRECTORY SOURCE...: makes a store that has fetched each of these as a project.
workspace() {
  local directory=$1 source
  shift
  quietly "$WEAVE" init "$directory"
  for source in "$@"; do quietly "$WEAVE" -C "$directory" project add "${source##*/}" "$scratch/$source"; done
  quietly "$WEAVE" -C "$directory" fetch
}

met=0 missed=0 unsure=0

# measure ROUNDS RUNS [NAME PREPARE COMMAND]...: times the commands in turn, and in the other order every second round,
# so that what else the machine does falls on all of them. Only COMMAND is timed. Leaves the times in results/NAME.
measure() {
  local rounds=$1 runs=$2 round name command prepare arguments
  shift 2
  rm -f results/*
  for ((round = 1; round <= rounds; round++)); do
    local commands=("$@")
    arguments=()
    while [ ${#commands[@]} -gt 0 ]; do
      name=${commands[0]} prepare=${commands[1]} command=${commands[2]}
      commands=("${commands[@]:3}")
      if ((round % 2)); then
        arguments+=(--prepare "$prepare" --command-name "$name" "$command")
      else
        arguments=(--prepare "$prepare" --command-name "$name" "$command" ${arguments[@]+"${arguments[@]}"})
      fi
    done
    quietly hyperfine --shell=none --style=none --warmup=1 --runs="$runs" --export-json="results/$round.json" "${arguments[@]}"
  done
  jq -rs 'def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
    [.[].results[]] | group_by(.command)[] | .[0].command as $name | [.[].times[]] | map(. * 1000)
    | [$name, median, min, max, length] | @tsv' results/*.json > results/table
  while [ $# -gt 0 ]; do
    awk -F '\t' -v name="$1" '$1 == name { printf "  %-32s %8.2f ms  (%.2f .. %.2f, %d runs)\n", $1, $2, $3, $4, $5 }' results/table
    shift 3
  done
}

median() { awk -F '\t' -v name="$1" '$1 == name { print $2 }' results/table; }

# ratio WEAVE REFERENCE [AIM]: the ratio of the medians, the noise, and whether the ratio is at most AIM.
#
# The noise is how far apart WEAVE and "WEAVE (again)" are, which are one command.
ratio() {
  local line
  line=$(awk -v a="$(median "$1")" -v again="$(median "$1 (again)")" -v b="$(median "$2")" -v aim="${3:-}" -v names="$1 / $2" 'BEGIN {
      noise = again / a; if (noise < 1) noise = 1 / noise
      printf "  %s = %.2f, noise %.0f%%", names, a / b, (noise - 1) * 100
      if (aim == "") exit
      verdict = a / b <= aim ? "met" : "missed"
      off = a / b / aim; if (off < 1) off = 1 / off
      if (off <= noise) verdict = "within the noise"
      printf ", aim at most %.2f: %s", aim, verdict
    }')
  echo "$line"
  case $line in *": met") met=$((met + 1)) ;; *": missed") missed=$((missed + 1)) ;; *noise) unsure=$((unsure + 1)) ;; esac
}
