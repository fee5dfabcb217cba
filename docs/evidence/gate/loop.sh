#!/usr/bin/env bash
# Whether the gates of .ci/run are ever red for noise: runs them so many times (20) beside
# a busy loop, against the commit before the last one that changed the harness, a codec, a
# runner or a scenario. That one should be no faster.
#
#	docs/evidence/gate/loop.sh [TIMES]
#
# Each time appends a row to loop.tsv beside this script: when, exit status (0 is green),
# how the selftest and the gate ended, how often one was asked again, seconds, load
# afterwards, machine.
set -euo pipefail
cd "$(dirname "$0")/../../.."
unset $(git rev-parse --local-env-vars)
rows=docs/evidence/gate/loop.tsv
work=$(mktemp -d)
loop=
trap 'kill $loop 2>/dev/null || true; rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work/state
go build -o "$work/zstdshop" .

[ -e "$rows" ] || printf 'date\tstatus\tgates\tagain\tseconds\tload\tmachine\n' >"$rows"
machine="$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo 2>/dev/null || true), $(getconf _NPROCESSORS_ONLN) CPUs"
base=$(git log -1 --format=%h -- codecs harness runners scenarios ':!*_test.go')~1
timeout $((${1:-20} * 600)) sh -c 'while :; do :; done' &
loop=$!
for ((i = 0; i < ${1:-20}; i++)); do
	begun=$SECONDS status=0
	.ci/gates "$work/zstdshop" "$base" >"$work/said" 2>"$work/progress" || status=$?
	printf '%s\t%d\t%s\t%d\t%d\t%s\t%s\n' "$(date -u +%Y-%m-%dT%H:%MZ)" $status \
		"$(sed -n 's/^ended with status //p' "$work/said" | paste -sd ' ')" "$(grep -c '^once more' "$work/said" || true)" \
		$((SECONDS - begun)) "$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || true)" "$machine" | tee -a "$rows"
	[ $status = 0 ] || cat "$work/said" "$work/progress" >&2
done
