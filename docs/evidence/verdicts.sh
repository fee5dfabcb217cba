#!/usr/bin/env bash
# Adds verdicts to docs/evidence/verdicts.jsonl, one line each, for at most the
# minutes given (30), and prints the table of all there are. It goes on where the
# last call ended; what is complete takes no time. Run it on a machine that does
# nothing else.
#
#   docs/evidence/verdicts.sh [MINUTES]
#   POWER=yes MOST=10 ZSTDSHOP=/path/to/zstdshop ROWS=docs/evidence/before.jsonl docs/evidence/verdicts.sh 60
#                               another program, where something is planted alone, at
#                               most ten verdicts of each
set -euo pipefail
cd "$(dirname "$0")/../.."

minutes=${1:-30}
rows=${ROWS:-docs/evidence/verdicts.jsonl}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
zstdshop=${ZSTDSHOP:-$folder/zstdshop}
[ -x "$zstdshop" ] || go build -o "$zstdshop" .
go build -o "$folder/weather" ./docs/evidence/weather
most=${MOST:-1000} # verdicts of each workload
chunk=${CHUNK:-60} # seconds of one kind before the next one's turn

# Each kind: what is planted (permille), most seconds of a verdict, what counts as
# equivalent, verdicts of each workload, of how many the slices are kept, the weather
# (docs/evidence/weather), workloads. What is equivalent is less than what is planted, or
# the run stops where neither answer is wrong.
every=klauspost,datadog,pool,garbage,cpuburn
three=klauspost,datadog,pool
kinds=(
	"0 5 2% 40 4 quiet $every"
	"50 10 2% 40 0 quiet $three"
	"20 20 1% 40 0 quiet $three"
	"0 5 2% 12 0 burner $every"
	"0 5 2% 12 0 bursts $every"
	"0 5 2% 12 0 stream $every"
	"0 5 2% 12 0 cache $every"
	"0 5 2% 12 0 quota $every"
	"50 20 2% 20 0 burner $three"
	"50 20 2% 20 0 bursts $three"
	"50 20 2% 20 0 stream $three"
	"50 20 2% 20 0 cache $three"
	"20 60 1% 10 0 stream $three"
	"20 60 1% 10 0 cache $three"
	"50 10 2% 10 0 quiet garbage,cpuburn"
)

lines() { if [ -e "$rows" ]; then wc -l <"$rows"; else echo 0; fi; }

until=$((SECONDS + 60 * minutes))
grew=1
while [ $SECONDS -lt $until ] && [ "$grew" = 1 ]; do
	grew=0
	for kind in "${kinds[@]}"; do
		read -r planted per delta trials raw weather workloads <<<"$kind"
		[ -z "${POWER:-}" ] || [ "$planted" != 0 ] || continue
		trials=$((trials < most ? trials : most))
		left=$((until - SECONDS))
		[ $left -gt "$per" ] || continue
		before=$(lines)
		note=()
		[ "$weather" = quiet ] || note=(--note "$weather")
		seconds=$((left < chunk ? left : chunk))
		"$folder/weather" "$weather" -for $((seconds + per))s -- \
			"$zstdshop" calibrate --rows "$rows" --planted "$planted" --per "${per}s" --delta "$delta" --trials "$trials" --raw "$raw" \
			--workload "$workloads" --budget "${seconds}s" "${note[@]}" >/dev/null || echo "$weather: not here" >&2
		[ "$(lines)" = "$before" ] || grew=1
	done
done
"$zstdshop" calibrate --rows "$rows" --budget 1s
