#!/usr/bin/env bash
# Prints the path of a python3 that has what Benchmarks/requirements.txt names. Makes it in .build/peers where it is
# missing, from PyPI or whatever index pip is set up for. PEERS_PYTHON names one that has it already.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
environment=$root/.build/peers

fail() {
  echo "peers-python: $1" >&2
  exit 1
}

has_peers() { "$1" -c 'import clingo, gita, resolvelib, vcstool, west' 2>/dev/null; }

if [ -n "${PEERS_PYTHON:-}" ]; then
  has_peers "$PEERS_PYTHON" || fail "PEERS_PYTHON=$PEERS_PYTHON lacks a peer: run '$PEERS_PYTHON -m pip install -r Benchmarks/requirements.txt'"
  echo "$PEERS_PYTHON"
  exit
fi

if ! has_peers "$environment/bin/python"; then
  command -v python3 >/dev/null || fail "python3 is missing: run 'Scripts/bootstrap.sh python3'"
  echo "peers-python: installing the peers in .build/peers" >&2
  python3 -m venv "$environment" >&2 || fail "'python3 -m venv' failed: on Debian and Ubuntu install python3-venv"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r "$root/Benchmarks/requirements.txt" >&2 \
    || fail "pip could not install the peers: see its message above; or set PEERS_PYTHON to a python3 that has them"
fi
echo "$environment/bin/python"
