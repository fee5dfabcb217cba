#!/usr/bin/env bash
# What the program does where git, the file system, the clock or the database is not as
# usual, with the situations themselves:
#
#	docs/evidence/faults/situations.sh ZSTDSHOP
#
# It needs root, git, go and gcc; of PostgreSQL initdb and pg_ctl, and the user postgres.
# All mounts are in a mount namespace of its own. A line each: right, wrong, or cannot
# where a situation cannot be made here; the situation; the exit status; what was said in
# the end. It ends with 1 where a line is wrong. The program that is gated is a small one
# whose sides differ in a comment, so nothing is measured.
set -euo pipefail
if [ "${2:-}" != --inside ]; then
	unshare -m true 2>/dev/null && exec unshare -m --propagation private "$0" "$1" --inside
	# Where that is not allowed mounts are tried all the same, and taken off at the end.
fi
unset $(git rev-parse --local-env-vars) # those of a hook are of another repository
zstdshop=$(realpath "$1")
work=$(mktemp -d)
chmod 755 "$work" # others run in it, too
server=
finish() {
	[ -z "$server" ] || as_postgres "$server/pg_ctl" -D "$work/db/data" -m immediate stop >/dev/null || true
	cd /
	for at in ro noexec; do ! mountpoint -q "$work/$at" || umount "$work/$at"; done
	rm -rf "$work"
}
trap finish EXIT
export HOME=$work/home GOCACHE=${GOCACHE:-$(go env GOCACHE)} GOFLAGS= GOPROXY=off
export XDG_CACHE_HOME=$work/cache XDG_STATE_HOME=$work/state
mkdir -p "$HOME" "$work/ro" "$work/noexec" "$work/bin" "$work/db"
git config --global user.name t && git config --global user.email t@localhost
git config --global init.defaultBranch main
git config --global protocol.file.allow always
wrong=0

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

# said VERDICT SITUATION STATUS TEXT prints a line.
said() {
	[ "$1" != wrong ] || wrong=1
	printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4//"$work"/DIR}"
}
# try SITUATION STATUS PATTERN COMMAND [ARG...] runs a command here. It must end with that
# status and say what fits.
try() {
	local what=$1 want=$2 pattern=$3 status=0 verdict=right text
	shift 3
	"$@" >"$work/out" 2>"$work/err" || status=$?
	text=$(cat "$work/err" "$work/out")
	[ "$status" = "$want" ] && grep -qE -e "$pattern" <<<"$text" || verdict=wrong
	said $verdict "$what" $status "$(grep -E -e "$pattern" <<<"$text" | tail -1 | cut -c1-150 || tail -1 <<<"$text")"
}
gate() { "$zstdshop" gate "$@"; }
as() { # UID COMMAND [ARG...]
	local uid=$1
	shift
	setpriv --reuid "$uid" --regid "$uid" --clear-groups "$@"
}
as_postgres() { as "$(id -u postgres)" "$@"; }

# Hooks, linked worktrees, clones.
program "$work/plain"
try "the default branch" 0 '^Pass: both' gate
git worktree add -q -b work ../linked && cd ../linked && edit
try "a linked worktree" 0 '^Pass: both' gate
try "the same from a hook, whose variables name another repository" 0 '^Pass: both' \
	env GIT_DIR="$work/plain/.git" GIT_INDEX_FILE="$work/plain/.git/index" GIT_WORK_TREE="$work/plain" "$zstdshop" gate
try "what version says there" 0 'zstdshop' env GIT_DIR=/nowhere "$zstdshop" version
for hook in pre-commit commit-msg pre-push; do
	program "$work/$hook"
	printf '#!/bin/sh\n"%s" gate --base HEAD~1 >"%s/hook" 2>&1; exit 0\n' "$zstdshop" "$work" >.git/hooks/$hook
	printf '#!/bin/sh\nexit 1\n' >.git/hooks/post-checkout
	chmod +x .git/hooks/*
	echo "// in a hook" >>main.go && git commit -q -a -m hooked 2>/dev/null
	git init -q --bare "$work/$hook.git" && git push -q "$work/$hook.git" main 2>/dev/null
	verdict=right
	[ "$(git show --numstat --format= HEAD)" = $'1\t0\tmain.go' ] && [ -z "$(git status --porcelain)" ] && grep -q '^Pass: both' "$work/hook" || verdict=wrong
	said $verdict "a commit with a gate in its $hook hook" - "$(git show --stat --format= HEAD | tr '\n' ' ')"
done
for depth in 1 2 3; do
	git clone -q --depth $depth --branch work "file://$work/plain" "$work/depth$depth" && cd "$work/depth$depth"
	try "a shallow clone of a branch, depth $depth" 2 'git fetch --unshallow' gate
done
git clone -q --depth 1 "file://$work/plain" "$work/shallowMain" && cd "$work/shallowMain"
try "a shallow clone of the default branch, depth 1" 2 'git fetch' gate
git clone -q --bare "$work/plain" "$work/fork"
cd "$work/plain" && git -c user.email=other@localhost commit -q --allow-empty -m theirs
git clone -q "$work/fork" "$work/ofFork" && cd "$work/ofFork"
git fetch -q "$work/plain" main && git switch -q -c mine FETCH_HEAD && edit
try "a fork whose default branch is old" 2 'git fetch --all' gate
git remote add upstream "$work/plain" && git fetch -q upstream
try "the same with its upstream" 0 '^Pass: both' gate
git checkout -q --orphan alone && git commit -q -m alone && edit
try "a history that has nothing in common with the default branch" 2 '(no|nothing in) common|--base' gate

# Another owner.
program "$work/owned" && chown -R 12345 "$work/owned"
try "another user's checkout" 2 'dubious ownership.*safe.directory' gate
try "the same as its owner" 0 '^Pass: both' as 12345 env HOME="$work/owned" XDG_CACHE_HOME=/tmp/faults-$$ GOCACHE=/tmp/faults-$$/go XDG_STATE_HOME=/tmp/faults-$$ GIT_CONFIG_GLOBAL="$HOME/.gitconfig" "$zstdshop" gate
rm -rf "/tmp/faults-$$"
git config --global --add safe.directory "$work/owned"
try "the same after git's own remedy" 0 '^Pass: both' gate

# Mounts.
measure() { "$zstdshop" bench --scenario cpuburn --runner single --iters 1000 --budget 1s "$@"; }
program "$work/unwritable"
measure --export "$work/db/result.json" >/dev/null 2>&1
"$zstdshop" history add "$work/db/result.json" --db "$work/unwritable/history.db" >/dev/null
if mount --bind "$work/unwritable" "$work/ro" 2>/dev/null && mount -o remount,bind,ro "$work/ro"; then
	cd "$work/ro"
	try "a checkout that is mounted read-only" 0 '^Pass: both' gate
	cd "$work"
	try "a history that is mounted read-only, shown" 0 'cpuburn' "$zstdshop" history show --db "$work/ro/history.db"
	try "the same, added to" 2 'cannot be written: read-only file system' "$zstdshop" history add "$work/db/result.json" --db "$work/ro/history.db"
	try "runs saved in a folder that is mounted read-only" 2 'read-only file system .set XDG_STATE_HOME' env XDG_STATE_HOME="$work/ro/state" "$zstdshop" bench --scenario cpuburn --runner single --iters 1000 --budget 1s
	umount "$work/ro"
else
	said cannot "folders mounted read-only" - "mount is not allowed here"
fi
cd "$work/plain"
if mount -t tmpfs -o noexec tmpfs "$work/noexec" 2>/dev/null; then
	try "temporary files mounted noexec" 0 '^Pass: both' env TMPDIR="$work/noexec" "$zstdshop" gate
	try "the same, and the cache" 0 '^Pass: both' env TMPDIR="$work/noexec" XDG_CACHE_HOME="$work/noexec/cache" "$zstdshop" gate
	try "a Python worker with all of its folders mounted noexec" 0 'python' env TMPDIR="$work/noexec" XDG_CACHE_HOME="$work/noexec" XDG_STATE_HOME="$work/noexec" \
		"$zstdshop" bench --worker python=python3 --scenario cpuburn --runner single --iters 1000 --budget 3s
	umount "$work/noexec"
else
	said cannot "folders mounted noexec" - "mount is not allowed here"
fi

# Submodules.
mkdir "$work/sub" && cd "$work/sub" && git init -q && git commit -q --allow-empty -m sub
program "$work/super" && git submodule add -q "$work/sub" lib && edit && edit
try "a submodule" 0 '^Pass: both' gate

# The base says which compiler made it.
mkdir "$work/cgo" && cd "$work/cgo" && git init -q
printf 'module example.com/p\n\ngo 1.24\n' >go.mod
printf 'package main\n\n// static int number(void) { return NUMBER; }\nimport "C"\n\nfunc main() { println("compiler", C.number()) }\n' >main.go
git add -A && git commit -q -m one && echo 'var _ = 1' >>main.go
for number in 1 2; do
	printf '#!/bin/sh\nexec gcc -DNUMBER=%d "$@"\n' $number >"$work/bin/cc" && chmod +x "$work/bin/cc"
	try "a base by compiler $number in the same place" 2 "it said: compiler $number" env CC="$work/bin/cc" "$zstdshop" gate
done
left=$(find "$XDG_CACHE_HOME/zstdshop" -type f -size +1M 2>/dev/null | wc -l)
said "$([ "$left" = 0 ] && echo right || echo wrong)" "programs of bases that are left in the cache" - "$left"

# A controller that does not run for longer than its workers may be silent.
cd "$work"
for run in 1 2 3; do
	measure --budget 4s --timeout 1s --export "stopped$run.json" >out 2>err &
	pid=$!
	until [ -n "$(pgrep -P $pid)" ] || ! kill -0 $pid 2>/dev/null; do :; done
	kill -STOP $pid && sleep 3 && kill -CONT $pid
	status=0 && wait $pid || status=$?
	said "$([ $status = 0 ] && ! grep -q hangs out err && echo right || echo wrong)" "a controller stopped for 3 s, with a timeout of 1 s" $status "$(grep -c hangs out err | tr '\n' ' ')"
done

# The program is built anew while it measures.
cp "$zstdshop" replaced
./replaced bench --scenario cpuburn --runner single --iters 1000 --budget 4s --export replaced.json >out 2>err &
pid=$!
until [ -n "$(pgrep -P $pid)" ] || ! kill -0 $pid 2>/dev/null; do :; done
printf '#!/bin/sh\nexit 1\n' >other && chmod +x other && mv other replaced
status=0 && wait $pid || status=$?
said "$([ $status = 0 ] && echo right || echo wrong)" "a program replaced while it measures" $status "$(tail -1 err)"

# PostgreSQL in each notation, and a role that may only read.
server=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
if [ -n "$server" ] && id postgres >/dev/null 2>&1; then
	chown postgres "$work/db" && cd "$work/db"
	echo "s3cret word" >password && chown postgres password
	as_postgres "$server/initdb" -D "$work/db/data" -U ci --pwfile=password -A scram-sha-256 >/dev/null
	as_postgres "$server/pg_ctl" -D "$work/db/data" -w -o "-k $work/db -c listen_addresses=" start >/dev/null
	chmod 755 "$work/db"
	enc=${work//\//%2F}%2Fdb
	printf '*:*:*:ci:s3cret word\n' >pass && chmod 600 pass
	printf '[shared]\nhost=%s\nuser=ci\npassword=s3cret word\ndbname=postgres\n' "$work/db" >services
	try "a result into PostgreSQL, by keywords" 0 'saved|already' "$zstdshop" history add result.json --db "host=$work/db user=ci password='s3cret word' dbname=postgres"
	show() { # SITUATION LOCATION [VARIABLE=VALUE...]
		local what=$1 db=$2
		shift 2
		try "PostgreSQL by $what" 0 cpuburn env "$@" "$zstdshop" history show --db "$db"
	}
	show "a URL with an encoded host" "postgres://ci:s3cret%20word@$enc/postgres"
	show "a URL with parameters" "postgresql:///postgres?host=$work/db&user=ci&password=s3cret%20word"
	show "a URL in capitals" "POSTGRES://ci:s3cret%20word@/postgres?host=$work/db"
	show "keywords with spaces around =" "host = $work/db user = ci password = 's3cret word' dbname = postgres"
	show "keywords, password in PGPASSWORD" "host=$work/db user=ci dbname=postgres" PGPASSWORD="s3cret word"
	show "keywords, password in a file" "host=$work/db user=ci dbname=postgres passfile=$work/db/pass"
	show "a URL, password in PGPASSFILE" "postgres://ci@/postgres?host=$work/db" PGPASSFILE="$work/db/pass"
	show "a service" "service=shared servicefile=$work/db/services"
	show "a service of the environment" "postgres://" PGSERVICE=shared PGSERVICEFILE="$work/db/services"
	show "the environment alone" "postgres://" PGHOST="$work/db" PGUSER=ci PGPASSWORD="s3cret word" PGDATABASE=postgres
	try "PostgreSQL by \$ZSTDSHOP_HISTORY" 0 cpuburn env ZSTDSHOP_HISTORY="postgres://ci:s3cret%20word@$enc/postgres" "$zstdshop" history show
	PGPASSWORD="s3cret word" "$server/psql" -q -h "$work/db" -U ci postgres -c "CREATE ROLE reader LOGIN PASSWORD 'read'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; ALTER ROLE reader SET default_transaction_read_only = on"
	try "a role that may only read, shown" 0 cpuburn "$zstdshop" history show --db "host=$work/db user=reader password=read dbname=postgres"
	try "a role that may only read, exported" 0 cpuburn "$zstdshop" history export --db "host=$work/db user=reader password=read dbname=postgres"
	try "the same, added to" 2 'read-only|permission denied' "$zstdshop" history add result.json --db "host=$work/db user=reader password=read dbname=postgres"
	try "a wrong password" 2 'password authentication failed' "$zstdshop" history show --db "host=$work/db user=ci password=s3cret dbname=postgres"
	said "$(grep -q s3cret "$work/out" "$work/err" && echo wrong || echo right)" "the password in what was said of that" - ""
	said "$(find . -maxdepth 1 -name '*s3cret*' | grep -q . && echo wrong || echo right)" "files named by a location" - ""
else
	said cannot "PostgreSQL" - "initdb or the user postgres is not here"
fi
exit $wrong
