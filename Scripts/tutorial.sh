#!/usr/bin/env bash
# Types every command of a tutorial, the blocks marked `sh`, from top to bottom, in an empty directory that it makes
# and removes. Ends with 1 at the first that fails.
#
#   WEAVE=.build/debug/weave Scripts/tutorial.sh Docs/tutorial-sharing.md
set -euo pipefail

page=$(realpath "$1")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
mkdir "$directory/bin" "$directory/empty"
ln -s "$(realpath "${WEAVE:-$(command -v weave)}")" "$directory/bin/weave"
awk '/^```sh$/ { on = 1; next } /^```/ { on = 0 } on' "$page" > "$directory/commands"
test -s "$directory/commands"
cd "$directory/empty"
PATH="$directory/bin:$PATH" bash -euo pipefail -x "$directory/commands"
