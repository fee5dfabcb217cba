#!/usr/bin/env bash
# What `bench --fleet local` takes beside measuring, and how much more that is than for the
# same units in one process (`bench --shard 1/1`, a budget each): the server, the agent and
# what is sent between them. The time is that of the command without what its units say
# that they took: bench ends before its budget, to have time for its report, and a unit of a
# fleet does not. Alternates the two over a matrix of one unit and one of five, adds a line
# for each pair to docs/evidence/fleet/local.tsv (day, units, seconds of each), and prints
# the differences of all there are: their medians, and what they make of a fleet and of a
# unit.
#
#   docs/evidence/fleet/local.sh [TIMES]
set -euo pipefail
cd "$(dirname "$0")/../../.."

times=${1:-10}
rows=docs/evidence/fleet/local.tsv
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
programs=${PROGRAMS:-$folder} # a folder with both programs
[ -x "$programs/zstdshop" ] || go build -o "$programs" . ./cmd/zstdshop-nats
export XDG_STATE_HOME=$folder/state

# measure UNITS FLAG... prints the seconds that bench takes beside measuring.
measure() {
	local iters=1000 begun
	for ((i = 2; i <= $1; i++)); do iters+=,${i}000; done
	begun=$EPOCHREALTIME
	"$programs/zstdshop" bench "${@:2}" --scenario cpuburn --runner single --workers 1 --iters "$iters" --precision 0.01% --budget 500ms --format json >"$folder/json" 2>"$folder/said" || { cat "$folder/said" >&2; return 1; }
	awk -v a="$begun" -v b="$EPOCHREALTIME" -v took="$(jq .plan.elapsed_ns "$folder/json")" 'BEGIN { printf "%.3f\n", b - a - took / 1e9 }'
}

day=$(date -u +%F)
for ((time = 0; time < times; time++)); do
	for units in 1 5; do
		shard=$(measure $units --shard 1/1)
		local=$(measure $units --fleet local)
		printf '%s\t%d\t%s\t%s\n' "$day" $units "$shard" "$local" >>"$rows"
	done
done
for units in 1 5; do
	awk -v units=$units '$2 == units { print $4 - $3 }' "$rows" | sort -n |
		awk -v units=$units '{ v[NR] = $1 } END { printf "%d\t%d\t%.3f\t%.3f\t%.3f\n", units, NR, (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2, v[1], v[NR] }'
done | awk '{ printf "%d units, %d runs: %.2f s more, %.2f to %.2f\n", $1, $2, $3, $4, $5; m[$1] = $3 }
	END { unit = (m[5] - m[1]) / 4; printf "a unit: %.3f s; a fleet without units: %.2f s\n", unit, m[1] - unit }'
