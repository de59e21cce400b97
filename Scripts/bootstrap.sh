#!/bin/sh
# Installs what weave needs to build and is missing here: git, pkg-config and libgit2 1.5 or newer.
# So with the tools that the arguments name: `bootstrap.sh hyperfine jq`. It goes on without those that follow
# `--if-possible`, with a note, where they cannot be installed, or not without asking for a password.
# Does nothing, and says nothing, when all of it is there.
set -eu

minimum=1.5

fail() {
  echo "bootstrap: $1" >&2
  exit 1
}

# Servers are often where the PATH of an ordinary user does not lead.
PATH=$PATH:/usr/sbin:/sbin

# Of Python a module is had, not a program.
has() {
  case $1 in
    python3-*) python3 -c "import $(module "$1")" >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

module() { echo "${1#python3-}" | tr - _; }

has_libgit2() { has pkg-config && pkg-config --exists "libgit2 >= $minimum"; }

by_hand="install git, pkg-config and libgit2 $minimum or newer with its headers
(libgit2-dev on Debian and Ubuntu, libgit2-devel on Fedora, libgit2 on Arch, Alpine and Homebrew) and zlib with its headers, then run this again"

has swift || fail "the Swift toolchain is missing (no 'swift' in PATH): install Swift 6.1 or newer, see https://www.swift.org/install"

# Those of the arguments that are missing, and those of them that are not necessary.
tools='' optional='' is_optional=''
for tool in "$@"; do
  if [ "$tool" = --if-possible ]; then is_optional=yes
  elif has "$tool"; then :
  elif [ "$is_optional" ]; then optional="$optional $tool"
  else tools="$tools $tool"; fi
done

if has git && has_libgit2 && [ -z "$tools$optional" ]; then exit 0; fi

# packages TOOL...: the names of the packages that hold these tools.
packages() {
  for tool in "$@"; do
    case $installer/$tool in
      apt-get/git) echo git ca-certificates ;;
      apt-get/libgit2) echo libgit2-dev ;;
      apt-get/ssh) echo openssh-client ;;
      apt-get/sshd) echo openssh-server ;;
      apt-get/vcs) echo vcstool ;;
      apt-get/nix) echo nix-bin ;;
      apt-get/systemd-analyze) echo systemd ;;
      apt-get/ansible-inventory) echo ansible-core ;;
      brew/ansible-inventory) echo ansible ;;
      */promtool) echo prometheus ;;
      # No distribution has it: pip installs it, below.
      apt-get/west | apt-get/python3-*) echo python3 python3-pip ;;
      apt-get/nix-instantiate) echo nix-bin ;;
      apt-get/dot) echo graphviz ;;
      brew/dot) echo graphviz ;;
      brew/ssh | brew/sshd) echo openssh ;;
      */gpg) echo gnupg ;;
      *) echo "$tool" ;;
    esac
  done | sort -u | paste -s -d ' ' -
}

as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo

# With the packages as arguments; says what it does, and fails where it could not.
install_with_apt() {
  # A server that a test needs is started by the test: none of the system's own is to be.
  # shellcheck disable=SC2086 # $as_root is a list of words
  apt() { $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=120 "$@" >&2; }

  # A fresh image has no package lists; old lists may name versions that are gone.
  if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 \
    || ! apt install -y --no-install-recommends "$@"; then
    echo "bootstrap: refreshing the package lists with apt-get update" >&2
    apt update && apt install -y --no-install-recommends "$@"
  fi
}

install_with_brew() { brew install "$@" >&2; }

if has apt-get; then
  installer=apt-get install=install_with_apt
elif has brew; then
  installer=brew as_root='' install=install_with_brew
else
  installer='' install=
fi

has_libgit2 || tools="libgit2 $tools"
has pkg-config || tools="pkg-config $tools"
has git || tools="git $tools"

# shellcheck disable=SC2086 # lists of words, below too
if [ "$tools" ]; then
  [ "$installer" ] || fail "neither apt-get nor brew is here: $by_hand"
  needed=$(packages $tools)
  if [ "$as_root" ]; then
    has sudo || fail "you are not root and there is no sudo. As root, run: apt-get install $needed"
  fi
  echo "bootstrap: installing with ${as_root:+$as_root }$installer: $needed" >&2
  $install $needed || fail "$installer could not install: $needed. See its message above; or $by_hand"
fi

for tool in $tools; do
  case $tool in
    west) package=west ;;
    python3-hcl2) package=python-hcl2 ;;
    python3-yaml) package=PyYAML ;;
    python3-prometheus-client) package=prometheus-client ;;
    *) continue ;;
  esac
  $as_root env PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --quiet "$package" >&2 || fail "pip could not install $package"
done

has git || fail "git is still missing: $by_hand"
has_libgit2 || fail "libgit2 here is $(pkg-config --modversion libgit2 2>/dev/null || echo missing), weave needs $minimum or newer: $by_hand"
for tool in $tools; do
  [ "$tool" = libgit2 ] || has "$tool" || fail "$tool is still missing: install it, then run this again"
done

# shellcheck disable=SC2086
if [ "$optional" ]; then
  without() { echo "bootstrap: going on without$optional: $1" >&2; exit 0; }

  [ "$installer" ] || without "neither apt-get nor brew is here"
  needed=$(packages $optional)
  if [ "$as_root" ] && ! sudo -n true 2>/dev/null; then
    without "as root, run: $installer install $needed"
  fi
  echo "bootstrap: installing with ${as_root:+$as_root }$installer: $needed" >&2
  $install $needed || without "$installer could not install: $needed. See its message above"
  for tool in $optional; do has "$tool" || echo "bootstrap: going on without $tool" >&2; done
fi
