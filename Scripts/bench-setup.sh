# Sourced by the benchmarks, which define `fail`: goes to a new temporary directory that is removed at the end, in which
# nothing depends on who runs it. Defines `say` and `quietly`.

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
case $scratch in *[!A-Za-z0-9_./-]*) fail "TMPDIR must be plain, without blanks: $scratch" ;; esac
cd "$scratch"

# Nothing here depends on who runs it: no Git configuration, variable or repository from outside.
while IFS= read -r variable; do unset "$variable"; done < <(compgen -e | grep '^GIT_' || true)
export HOME=$scratch/home XDG_CONFIG_HOME=$scratch/home/.config USER=ada LC_ALL=C
export GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_CEILING_DIRECTORIES=$scratch
mkdir -p "$HOME"
cat > "$HOME/.gitconfig" <<'CONFIG'
[user]
	name = Ada
	email = ada@emerald.city
[init]
	defaultBranch = main
CONFIG

say() { printf '\n# %s\n' "$1"; }

# Runs what only makes the material; its output is shown when it fails.
quietly() { "$@" > quiet.log 2>&1 || { cat quiet.log >&2; fail "'$*' failed"; }; }
