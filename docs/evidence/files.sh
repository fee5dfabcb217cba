#!/usr/bin/env bash
# What runs say of a folder of small files, measured whole, again and again with other
# seeds: speeds must agree, ratios be one number, and no verdict contradict another.
# Adds a line for each cell of each run to docs/evidence/files.jsonl, with machine and day,
# and prints what all of them come to. Run it on a machine that does nothing else.
#
#   docs/evidence/files.sh FOLDER [RUNS]
set -euo pipefail
folder=$(realpath "$1")
runs=${2:-10}
cd "$(dirname "$0")/../.."

rows=${ROWS:-docs/evidence/files.jsonl}
temporary=$(mktemp -d)
trap 'rm -r "$temporary"' EXIT
zstdshop=${ZSTDSHOP:-$temporary/zstdshop}
[ -x "$zstdshop" ] || go build -o "$zstdshop" .

day=$(date -u +%F)
for run in $(seq "$runs"); do
	seed=$(((run - 1) / 2 + 1))
	"$zstdshop" bench --corpus "$folder" --scenario compress --codec klauspost@3,datadog@3,datadog@19 --runner single \
		--budget 10s --seed $seed --export "$temporary/run.json" >/dev/null 2>&1
	jq -c --arg day "$day" --argjson seed $seed '
		.machine.fingerprint as $machine | .plan.method as $method
		| (.comparisons | map(select(.metric == "time")) | .[0]) as $verdict
		| .cells[] | {day: $day, machine: $machine, method: $method, seed: $seed, cell: "\(.codec)@\(.level)", files: .corpus_items,
			mb_per_s: .mb_per_s.est, lo: .mb_per_s.lo, hi: .mb_per_s.hi, ratio: .corpus_ratio.est, vs_best: .vs_best.est,
			verdict: (if .name == $verdict.new then $verdict.verdict else null end)}' "$temporary/run.json" >>"$rows"
done
jq -rs 'group_by(.machine, .day, .files)[] | "\(.[0].machine) \(.[0].day), \(.[0].files) files:",
	(group_by(.cell)[] | (map(.mb_per_s) | add / length) as $mean
		| "  \(.[0].cell): \(length) runs, \($mean * 10 | round / 10) MB/s (\(map(.mb_per_s) | min * 10 | round / 10) to \(map(.mb_per_s) | max * 10 | round / 10)), ratio \(map(.ratio * 1000 | round / 1000) | unique | map(tostring) | join(", ")), verdicts \(map(.verdict // empty) | group_by(.) | map("\(length) \(.[0])") | join(", "))")' "$rows"
