#!/usr/bin/env bash
# Whether runs answer what people ask first. Repeats, for the minutes given (30),
#
#   bench   the flagless `zstdshop bench`: which cell leads, of two scenarios at two levels
#   pair    klauspost against datadog at level 3, one goroutine, in 6 s
#
# in turn until there are 20 of each by the present method, adds a line for each run to
# docs/evidence/answers.jsonl, and prints what all lines come to. It goes on where the last
# call ended. Run it on a machine that does nothing else.
#
#   docs/evidence/answers.sh [MINUTES]
#   ZSTDSHOP=/path/to/zstdshop NOTE=before docs/evidence/answers.sh 5
#
# A question is answered where the leader has a verdict against every other cell of its
# group: it is faster, or equivalent. Two runs contradict each other where one calls faster
# what the other calls slower. An interval of 95 % is held against the mean of the other
# runs' figures of that cell.
set -euo pipefail
cd "$(dirname "$0")/../.."

minutes=${1:-30}
rows=${ROWS:-docs/evidence/answers.jsonl}
note=${NOTE:-quiet}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
zstdshop=${ZSTDSHOP:-$folder/zstdshop}
[ -x "$zstdshop" ] || go build -o "$zstdshop" .
touch "$rows"
"$zstdshop" bench --codec memcpy --runner single --scenario compress --budget 1s --export "$folder/run.json" >/dev/null 2>&1 || true
method=$(jq -r .plan.method "$folder/run.json")

# run KIND [ARG...] adds a line, of which had tells how many there are.
had() {
	jq -s --arg note "$note" --arg kind "$1" --arg method "$method" 'map(select(.note == $note and .kind == $kind and .method == $method)) | length' "$rows"
}
run() {
	local kind=$1
	shift
	"$zstdshop" bench "$@" --export "$folder/run.json" >/dev/null 2>"$folder/said" || { cat "$folder/said"; exit 1; }
	jq -c --arg kind "$kind" --arg note "$note" --arg day "$(date -u +%F)" '
		def short: sub("/corpus=.*?/codec="; " ") | sub("scenario="; "") | gsub("/(level|runner)="; " ") | sub("/workers.*"; "");
		(.comparisons | map(select(.metric == "time"))) as $pairs
		| [.cells[] | select(.vs_best.est == 1 and .level != null)] as $best
		| {kind: $kind, note: $note, day: $day, machine: .machine.fingerprint, method: .plan.method,
			seconds: (.plan.elapsed_ns / 1e9 * 10 | round / 10), on_clock: (.plan.spent.slices_ns / .plan.elapsed_ns), disturbed: ([.cells[].disturbed] | add / length),
			questions: [$best[] | .name as $name | {
				leader: ($name | short),
				open: [$pairs[] | select((.old == $name or .new == $name) and .verdict == "undecided") | (if .old == $name then .new else .old end) | short]}],
			verdicts: ([$pairs[] | {key: "\(.old | short) : \(.new | short)", value: .verdict}] | from_entries),
			cells: [.cells[] | {name: (.name | short), vs_best: [.vs_best | .est, .lo, .hi], mb_per_s: [.mb_per_s | .est, .lo, .hi]}]}' "$folder/run.json" >>"$rows"
}

until=$((SECONDS + 60 * minutes))
while [ $SECONDS -lt $until ] && { [ "$(had bench)" -lt 20 ] || [ "$(had pair)" -lt 20 ]; }; do
	[ "$(had bench)" -ge 20 ] || run bench
	[ "$(had pair)" -ge 20 ] || run pair --codec klauspost@3,datadog@3 --runner single --budget 6s
done

jq -rs '
	def percent(a; b): "\(a) of \(b)";
	def rank(p): sort | .[(length * p | floor)];
	# of all runs of a group: how many intervals hold the mean of the same figure of the others
	def covered(figure): [.[].cells[] | {name, f: (figure)} | select(.f[0] != null and .f[1] != null and .f[1] != .f[2])] | group_by(.name)
		| map(select(length > 1) | (map(.f[0]) | add) as $sum | length as $n | .[] | (($sum - .f[0]) / ($n - 1)) as $others | .f[1] <= $others and $others <= .f[2])
		| percent(map(select(.)) | length; length);
	def rms: (map(. * .) | add / length | sqrt * 1000 | round / 10);
	# how far speeds are from the mean of their cell over all runs: of a run as a whole, and
	# of its cells around that
	def scatter: [to_entries[] | .key as $run | .value.cells[] | select(.mb_per_s[0] != null) | {$run, name, off: (.mb_per_s[0] | log)}]
		| group_by(.name) | map((map(.off) | add / length) as $mean | .[] | .off -= $mean)
		| group_by(.run) | map((map(.off) | add / length) as $run | {$run, around: map(.off - $run)})
		| "\(map(.run) | rms) % all cells of a run together, \(map(.around[]) | rms) % each of them around that";
	group_by(.kind, .note, .method, .machine)[] | . as $runs
	| "\(.[0].kind), \(.[0].note), \(.[0].method), machine \(.[0].machine), disturbed \(map(.disturbed) | min * 100 | round) to \(map(.disturbed) | max * 100 | round) %: \(length) runs of at most \(map(.seconds) | max) s, \(map(.on_clock) | add / length * 100 | round) % on the clock",
	"  answered: \([.[].questions[]] | percent(map(select(.open == [])) | length; length))",
	([.[].questions[] | select(.open != [])] | group_by(.leader)[] | "    open \(length) times: \(.[0].leader), with \(map(.open[]) | unique | join(", "))"),
	"  contradictions: \([.[].verdicts | to_entries[]] | group_by(.key) | map(map(.value) | select(index("faster") and index("slower"))) | length)",
	([.[].cells[].vs_best | select(.[2] != null and .[1] != .[2]) | (.[2] - .[1]) / 2 / .[0] * 100] | "  half widths of vs best: median \(rank(0.5) * 10 | round / 10) %, nine of ten at most \(rank(0.9) * 10 | round / 10) %"),
	"  intervals that hold the mean of the other runs: vs best \(covered(.vs_best)), MB/s \(covered(.mb_per_s))",
	"  MB/s scatters by \(scatter)"' "$rows"
