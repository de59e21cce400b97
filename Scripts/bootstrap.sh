#!/bin/sh
# Installs what weave needs to build and is missing here: git, pkg-config and libgit2 1.5 or newer.
# So with the tools that the arguments name, whose packages must have the same names: `bootstrap.sh hyperfine jq`.
# Does nothing, and says nothing, when all of it is there.
set -eu

minimum=1.5

fail() {
  echo "bootstrap: $1" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

has_libgit2() { has pkg-config && pkg-config --exists "libgit2 >= $minimum"; }

by_hand="install git, pkg-config and libgit2 $minimum or newer with its headers
(libgit2-dev on Debian and Ubuntu, libgit2-devel on Fedora, libgit2 on Arch, Alpine and Homebrew), then run this again"

has swift || fail "the Swift toolchain is missing (no 'swift' in PATH): install Swift 6.1 or newer, see https://www.swift.org/install"

tools= # those of the arguments that are missing
for tool in "$@"; do has "$tool" || tools="$tools $tool"; done

if has git && has_libgit2 && [ -z "$tools" ]; then exit 0; fi

install_with_apt() {
  packages=
  has git || packages="$packages git ca-certificates"
  has pkg-config || packages="$packages pkg-config"
  has_libgit2 || packages="$packages libgit2-dev"
  packages="$packages$tools"

  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    has sudo || fail "you are not root and there is no sudo. As root, run: apt-get install$packages"
    as_root=sudo
  fi
  echo "bootstrap: installing with ${as_root:+$as_root }apt-get:$packages" >&2

  # shellcheck disable=SC2086 # $packages and $as_root are lists of words
  apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@" >&2; }

  # A fresh image has no package lists; old lists may name versions that are gone.
  # shellcheck disable=SC2086
  if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 \
    || ! apt install -y --no-install-recommends $packages; then
    echo "bootstrap: refreshing the package lists with apt-get update" >&2
    apt update || fail "'apt-get update' failed: see its message above"
    apt install -y --no-install-recommends $packages \
      || fail "apt-get could not install:$packages. See its message above; or $by_hand"
  fi
}

install_with_brew() {
  formulas=
  has git || formulas="$formulas git"
  has pkg-config || formulas="$formulas pkg-config"
  has_libgit2 || formulas="$formulas libgit2"
  formulas="$formulas$tools"
  echo "bootstrap: installing with brew:$formulas" >&2
  # shellcheck disable=SC2086 # a list of words
  brew install $formulas >&2 || fail "brew could not install:$formulas. See its message above; or $by_hand"
}

if has apt-get; then
  install_with_apt
elif has brew; then
  install_with_brew
else
  fail "neither apt-get nor brew is here: $by_hand"
fi

has git || fail "git is still missing: $by_hand"
has_libgit2 || fail "libgit2 here is $(pkg-config --modversion libgit2 2>/dev/null || echo missing), weave needs $minimum or newer: $by_hand"
for tool in $tools; do has "$tool" || fail "$tool is still missing: install it, then run this again"; done
