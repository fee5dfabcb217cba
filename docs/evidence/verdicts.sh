#!/usr/bin/env bash
# Adds verdicts to docs/evidence/verdicts.jsonl, one line each, for at most the
# minutes given (30), and prints the table of all there are. It goes on where the
# last call ended; what is complete takes no time. Run it on a machine that does
# nothing else.
#
#   docs/evidence/verdicts.sh [MINUTES]
#   ZSTDSHOP=/path/to/zstdshop docs/evidence/verdicts.sh 60
set -euo pipefail
cd "$(dirname "$0")/../.."

minutes=${1:-30}
rows=${ROWS:-docs/evidence/verdicts.jsonl}
if [ -z "${ZSTDSHOP:-}" ]; then
	ZSTDSHOP=$(mktemp -d)/zstdshop
	go build -o "$ZSTDSHOP" .
fi
chunk=${CHUNK:-75} # seconds of one kind before the next one's turn

# Each kind: what is planted (permille), most seconds of a verdict, what counts
# as equivalent, verdicts of each of the five workloads, of how many the slices
# are kept, conditions.
kinds=(
	"0 5 2% 120 4 quiet"
	"50 10 2% 12 0 quiet"
	"20 10 2% 12 0 quiet"
	"0 5 2% 40 0 burner"
	"0 20 2% 12 0 quiet"
	"10 30 0.5% 12 0 quiet"
	"50 20 2% 12 0 burner"
	"100 10 2% 12 0 quiet"
)

# burn keeps one CPU busy for two seconds of every four.
burn() {
	while :; do
		timeout 2 bash -c 'while :; do :; done' || true
		sleep 2
	done
}
burner=
stop_burner() {
	[ -z "$burner" ] || kill "$burner" 2>/dev/null || true
	burner=
}
trap stop_burner EXIT

lines() { if [ -e "$rows" ]; then wc -l <"$rows"; else echo 0; fi; }

until=$((SECONDS + 60 * minutes))
grew=1
while [ $SECONDS -lt $until ] && [ "$grew" = 1 ]; do
	grew=0
	for kind in "${kinds[@]}"; do
		read -r planted per delta trials raw note <<<"$kind"
		left=$((until - SECONDS))
		[ $left -gt "$per" ] || continue
		before=$(lines)
		flags=()
		if [ "$note" = burner ]; then
			burn &
			burner=$!
			flags=(--note burner)
		fi
		$ZSTDSHOP calibrate --rows "$rows" --planted "$planted" --per "${per}s" --delta "$delta" --trials "$trials" --raw "$raw" \
			--budget $((left < chunk ? left : chunk))s "${flags[@]}" >/dev/null
		stop_burner
		[ "$(lines)" = "$before" ] || grew=1
	done
done
$ZSTDSHOP calibrate --rows "$rows" --budget 1s
