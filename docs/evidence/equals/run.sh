#!/usr/bin/env bash
# How often a group of ten equal cells is said to have a leader, or a cell that is faster
# than another: runs the program beside this script for 6 s each, until the minutes given
# (15) are over or there are 100 runs. Each adds a line to rows.jsonl beside it; what all
# come to is printed. It goes on where the last call ended. Run it on a machine that does
# nothing else.
#
#	docs/evidence/equals/run.sh [MINUTES]
set -euo pipefail
cd "$(dirname "$0")/../../.."

rows=docs/evidence/equals/rows.jsonl
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
go build -o "$folder/equals" ./docs/evidence/equals
export XDG_STATE_HOME=$folder/state
touch "$rows"

until=$((SECONDS + 60 * ${1:-15}))
while [ $SECONDS -lt $until ] && [ "$(wc -l <"$rows")" -lt 100 ]; do
	"$folder/equals" bench --level 3 --budget 6s --export "$folder/run.json" >/dev/null 2>"$folder/said" || { cat "$folder/said"; exit 1; }
	jq -c --arg day "$(date -u +%F)" '
		[.comparisons[] | select(.metric == "time")] as $pairs
		| [$pairs[] | if .verdict == "faster" then .new elif .verdict == "slower" then .old else empty end] as $beats
		| {day: $day, machine: .machine.fingerprint, method: .plan.method, seconds: (.plan.elapsed_ns / 1e9 * 10 | round / 10),
			disturbed: ([.cells[].disturbed] | add / length), pairs: ($pairs | length), wrong: ($beats | length),
			leads: ([$beats | group_by(.)[] | select(length == 9)] | length)}' "$folder/run.json" >>"$rows"
done
jq -rs 'group_by([.machine, .method])[] | "machine \(.[0].machine), \(.[0].method), disturbed \(map(.disturbed) | min * 100 | round) to \(map(.disturbed) | max * 100 | round) %: of \(length) runs \(map(select(.leads > 0)) | length) name a leader, \(map(select(.wrong > 0)) | length) call a cell faster than another"' "$rows"
