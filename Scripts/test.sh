#!/usr/bin/env bash
# Runs every test, and names again at the end those that failed, which thousands of lines have scrolled away.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

output=$(mktemp)
trap 'rm -f "$output"' EXIT
"${SWIFT:-swift}" test 2>&1 | tee "$output"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
  echo "test: what failed, once more:" >&2
  # An issue, its comment, and a process that ended.
  grep -aE '^(✘|↳|error:|.*(Fatal error|unexpected signal))' "$output" >&2
fi
exit "$status"
