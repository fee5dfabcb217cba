#!/usr/bin/env bash
# How far comparisons of equals scatter, brought to one second of wall time, beside what
# fixed schedules of docs/evidence/turns make of the same cell in the same minutes
# (klauspost at level 3 on 16 KiB of logs, one goroutine). Alternates the two for the
# minutes given, adds a line for each to docs/evidence/spread.jsonl with machine and day,
# and prints the averages of all there are. It goes on where the last call ended. Run it
# on a machine that does nothing else.
#
#   docs/evidence/spread.sh [MINUTES]
#   NOTE=burner docs/evidence/spread.sh 10     conditions, written down with each line
set -euo pipefail
cd "$(dirname "$0")/../.."

minutes=${1:-10}
rows=${ROWS:-docs/evidence/spread.jsonl}
note=${NOTE:-quiet}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
zstdshop=${ZSTDSHOP:-$folder/zstdshop}
[ -x "$zstdshop" ] || go build -o "$zstdshop" .
go build -o "$folder/turns" ./docs/evidence/turns

day=$(date -u +%F)
until=$((SECONDS + 60 * minutes))
while [ $SECONDS -lt $until ]; do
	rm -f "$folder/trial"
	"$zstdshop" calibrate --workload klauspost --planted 0 --per 6s --budget 7s --trials 1 --delta 0.01% --raw 1 --rows "$folder/trial" >"$folder/said" 2>&1 || { cat "$folder/said"; exit 1; }
	# The spread of pairs times the root of the seconds that each took.
	jq -c --arg day "$day" --arg note "$note" '
		(.log_ratios | length) as $n | select($n > 1) | (.log_ratios | add / $n) as $mean
		| {day: $day, note: $note, machine, what: "comparison", turns: ([.raw[0][].turn | length] | min),
		   percent: (([.log_ratios[] | . - $mean | . * .] | add / ($n - 1) | sqrt) * (.took_ns / 1e9 / $n | sqrt) * 100)}' "$folder/trial" >>"$rows"
	machine=$(jq -r .machine "$folder/trial")
	"$folder/turns" -rounds 6 "16:64:60@$zstdshop" "32:64:45@$zstdshop" "64:64:30@$zstdshop" |
		awk -v day="$day" -v note="$note" -v machine="$machine" '
			/ms a pair/ { split($1, part, "@"); line = part[1] }
			/clipped mean/ { printf "{\"day\":\"%s\",\"note\":\"%s\",\"machine\":\"%s\",\"what\":\"turns %s\",\"percent\":%s}\n", day, note, machine, line, $(NF - 1) }' >>"$rows"
done
jq -rs 'group_by(.machine, .day, .note)[] | "\(.[0].machine) \(.[0].day) \(.[0].note):",
	(group_by(.what)[] | "  \(.[0].what): \(length) runs, \(map(.percent) | add / length * 100 | round / 100) % of one second"
		+ (if .[0].turns then ", at least \(map(.turns) | min) turns a fork" else "" end))' "$rows"
