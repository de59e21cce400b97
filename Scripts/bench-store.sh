# Sourced by the benchmarks that need a large store, after bench-setup.sh.

# store DIRECTORY PROJECTS COMMITS EVENTS [FILES]: makes a store of so many projects, whose first is linked with all others.
#
# With FILES each commit has a file of its own, and so a tree of its own. Written as Docs/formats/store.md has it, by
# `git fast-import`: a process for each event would take a day.
store() {
  local store=$1/.weave/.git projects=$2 commits=$3 events=$4 files=${5:-} writer id number name
  quietly "$WEAVE" init "$1"
  for ((number = 0; number < projects; number++)); do
    name=$(printf 'p%03d' "$number")
    quietly "$WEAVE" -C "$1" project add "$name" "https://emerald.city/$name"
    quietly git --git-dir="$store" symbolic-ref "refs/namespaces/$name/HEAD" "refs/namespaces/$name/refs/heads/main"
  done
  awk -v projects="$projects" -v commits="$commits" -v files="$files" '
    function commit(ref, mark, message) {
      printf "commit %s\n", ref
      if (mark) printf "mark :%d\n", mark
      printf "committer Ada <ada@emerald.city> %d +0000\ndata %d\n%s\n", date += 60, length(message), message
    }
    BEGIN {
      for (p = 0; p < projects; p++) {
        name = sprintf("p%03d", p)
        date = 1767258000
        for (i = 1; i <= commits; i++) {
          commit("refs/namespaces/" name "/refs/heads/main", p * commits + i, name ", step " i "\n")
          if (files) printf "M 100644 inline file\ndata %d\n%s\n", length(name i), name i
        }
        # The newest commit holds all others: that is the whole keep chain of what will be linked.
        commit("refs/weave-local/keep/" name, 0, "keep " name "\n")
        commit("refs/weave-local/keep/" name, 0, "keep " name "\n")
        printf "merge :%d\n", p * commits + commits
      }
    }' | git --git-dir="$store" -c fastimport.unpackLimit=1 fast-import --quiet --export-marks="$scratch/marks"
  writer=$(git --git-dir="$store" config weave.writer)
  id=$(git --git-dir="$store" cat-file blob refs/weave/public/manifest:store)
  # First each commit of the first project with those of its age of all others, but for the newest ten; then, as long as
  # there are events left, with those one step newer, one step older, two steps newer and so on.
  awk -v projects="$projects" -v commits="$commits" -v events="$events" -v writer="$writer" -v id="$id" '
    { sha[substr($1, 2) + 0] = $2 }
    END {
      for (turn = 0; made < events; turn++) {
        step = turn % 2 ? (turn + 1) / 2 : -turn / 2
        for (i = 1; i <= commits - 10; i++) for (p = 1; p < projects; p++) {
          if (made == events || i + step < 1 || i + step > commits - 10) continue
          first = sha[i]; second = sha[p * commits + i + step]; name = sprintf("p%03d", p)
          message = "link p000@" substr(first, 1, 7) " " name "@" substr(second, 1, 7) "\n\nGood in step " ++made "\n\nWeave-Event: link\nWeave-Ledger: " id "/" writer "\nWeave-Member: p000 " first "\nWeave-Member: " name " " second "\n"
          printf "commit refs/weave/public/ledger/%s\ncommitter Ada <ada@emerald.city> %d +0000\ndata %d\n%s\n", writer, 1767300000 + made, length(message), message
        }
      }
    }' marks | git --git-dir="$store" -c fastimport.unpackLimit=1 fast-import --quiet
  number=$(git --git-dir="$store" rev-list --count "refs/weave/public/ledger/$writer")
  [ "$number" -eq "$events" ] || fail "the store has $number events, and should have $events"
}

# report DIRECTORY MACHINES DRIFTED NAME...: has every machine of `machine_name` say what `weave lock` wants of it; every
# DRIFTED-th one is a commit behind in its first project. As plain Git pushes would have left it, and packed.
#
# Written as Docs/formats/store.md has it, by `git fast-import`.
report() {
  local store=$1/.weave/.git machines=$2 drifted=$3 lock
  lock=$(git --git-dir="$store" for-each-ref --format='%(refname)' refs/weave/public/locks)
  git --git-dir="$store" ls-tree "$lock" | awk '{ print $3 }' | sort -u | head -1 > blob
  git --git-dir="$store" cat-file blob "$(cat blob)" > lines
  sed "1s/ .*/ $(git --git-dir="$store" rev-parse "$(head -1 lines | cut -d ' ' -f 2)~1")/" lines > lines-behind
  awk -v machines="$machines" -v drifted="$drifted" -v date="$(date +%s)" '
    function commit(kind, name, message) {
      message = kind " " name "\n\nWeave-Machine: " name "\nWeave-Sequence: 1\n"
      printf "commit refs/weave/public/%s/%s\ncommitter Ada <ada@emerald.city> %d +0000\ndata %d\n%s\n", kind, name, date, length(message), message
    }
    BEGIN {
      while ((getline line < "lines") > 0) same = same line "\n"
      while ((getline line < "lines-behind") > 0) behind = behind line "\n"
      for (i = 1; i <= machines; i++) {
        name = sprintf("m%05d.valinor", i)
        text = drifted && i % drifted == 0 ? behind : same
        commit("observed", name)
        printf "M 100644 inline observed\ndata %d\n%s\n", length(text), text
        commit("seen", name)
      }
    }' | git --git-dir="$store" -c fastimport.unpackLimit=1 fast-import --quiet
  git --git-dir="$store" pack-refs --all
}
