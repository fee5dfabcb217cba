#!/usr/bin/env bash
# What a gate says where git or the file system is not as usual, with the situations
# themselves: needs root, git, go and gcc.
#
#	docs/evidence/gate/situations.sh ZSTDSHOP
#
# A line each: the situation, the exit status, what was said in the end. The program
# that is gated is a small one whose sides differ in a comment, so nothing is measured.
set -euo pipefail
unset $(git rev-parse --local-env-vars) # those of a hook are of another repository
zstdshop=$(realpath "$1")
work=$(mktemp -d)
unmount() { ! mountpoint -q "$1" || umount "$1"; }
trap 'unmount "$work/ro"; unmount "$work/noexec"; rm -rf "$work"' EXIT
export HOME=$work/home GOCACHE=${GOCACHE:-$(go env GOCACHE)} GOFLAGS= GOPROXY=off
export XDG_CACHE_HOME=$work/cache XDG_STATE_HOME=$work/state
mkdir -p "$HOME" "$work/ro" "$work/noexec" "$work/bin"
git config --global user.name t && git config --global user.email t@localhost
git config --global init.defaultBranch main
git config --global protocol.file.allow always

# program FOLDER makes a module of two commits there.
program() {
	mkdir -p "$1" && cd "$1"
	git init -q && mkdir -p .git/hooks
	printf 'module example.com/p\n\ngo 1.24\n' >go.mod
	printf 'package main\n\nfunc main() {}\n' >main.go
	git add -A && git commit -q -m one
	edit
}
# edit makes a commit more, in the folder that is the current one.
edit() { echo "// $RANDOM" >>main.go && git commit -q -a -m "a comment"; }

# try SITUATION [ARG...] runs a gate here.
try() {
	local what=$1 status=0
	shift
	"$zstdshop" gate "$@" >"$work/out" 2>"$work/err" || status=$?
	printf '%s\t%d\t%s\n' "$what" $status "$(cat "$work/err" "$work/out" | grep -E '^(zstdshop|Pass|Undecided|Regression): ' | tail -1)"
}

program "$work/plain"
try "the default branch"
git worktree add -q -b work ../linked && cd ../linked && edit
try "a linked worktree"
program "$work/hooked"
printf '#!/bin/sh\n"%s" gate --base HEAD~1 >&2; exit 0\n' "$zstdshop" >.git/hooks/pre-commit
printf '#!/bin/sh\nexit 1\n' >.git/hooks/post-checkout
chmod +x .git/hooks/*
echo "// in a hook" >>main.go && git commit -q -a -m hooked 2>/dev/null
printf 'a commit with a gate in its hook\t-\t%s\n' "$(git show --stat --format= HEAD | tr '\n' ' ')"

for depth in 1 2 3; do
	git clone -q --depth $depth --branch work "file://$work/plain" "$work/depth$depth" && cd "$work/depth$depth"
	try "a shallow clone of a branch, depth $depth"
done
git clone -q --bare "$work/plain" "$work/fork"
cd "$work/plain" && git -c user.email=other@localhost commit -q --allow-empty -m theirs
git clone -q "$work/fork" "$work/ofFork" && cd "$work/ofFork"
git fetch -q "$work/plain" main && git switch -q -c mine FETCH_HEAD && edit
try "a fork whose default branch is old"
git remote add upstream "$work/plain" && git fetch -q upstream
try "the same with its upstream"

program "$work/owned" && chown -R 12345 "$work/owned"
try "another user's checkout"
git config --global --add safe.directory "$work/owned"
try "the same after git's own remedy"
program "$work/unwritable"
if mount --bind "$work/unwritable" "$work/ro" 2>/dev/null && mount -o remount,bind,ro "$work/ro"; then
	cd "$work/ro"
	try "a checkout that is mounted read-only"
fi
cd "$work/plain"
if mount -t tmpfs -o noexec tmpfs "$work/noexec" 2>/dev/null; then
	TMPDIR=$work/noexec try "temporary files mounted noexec"
fi

mkdir "$work/sub" && cd "$work/sub" && git init -q && git commit -q --allow-empty -m sub
program "$work/super" && git submodule add -q "$work/sub" lib && edit && edit
try "a submodule"

# The base says which compiler made it.
mkdir "$work/cgo" && cd "$work/cgo" && git init -q
printf 'module example.com/p\n\ngo 1.24\n' >go.mod
printf 'package main\n\n// static int number(void) { return NUMBER; }\nimport "C"\n\nfunc main() { println("compiler", C.number()) }\n' >main.go
git add -A && git commit -q -m one && echo 'var _ = 1' >>main.go
export CC=$work/bin/cc
for number in 1 2; do
	printf '#!/bin/sh\nexec gcc -DNUMBER=%d "$@"\n' $number >"$CC" && chmod +x "$CC"
	try "compiler $number in the same place"
done
printf 'kept in the cache folder\t-\t%s\n' "$(ls "$XDG_CACHE_HOME/zstdshop" | wc -l) entries"
