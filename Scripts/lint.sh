#!/usr/bin/env bash
# Looks for what no test shows, in sections that say what they look at. The exit code is 1 where one found something.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

found=0

# Every script of the repository, with those that it sources.
shell_scripts() {
  local file first scripts=()
  while IFS= read -r -d '' file; do
    [ -f "$file" ] || continue
    IFS= read -r first < "$file" || true
    case $first in '#!'*sh) scripts+=("$file") ;; esac
  done < <(git ls-files -z --cached --others --exclude-standard)
  shellcheck --norc --external-sources --check-sourced --source-path=. "${scripts[@]}"
}

echo "lint: shell scripts"
shell_scripts || found=1

echo "lint: text of others is bytes or scalars"
Scripts/lint-text.sh || found=1

exit "$found"
