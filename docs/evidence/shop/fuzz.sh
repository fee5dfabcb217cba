#!/bin/sh
# Runs the fuzz targets of the server up to the numbers of executions that docs/server.md
# asks for, in as many sittings as that takes:
#
#   docs/evidence/shop/fuzz.sh [SECONDS]   goes on for about so long, 60 unless said otherwise
#   docs/evidence/shop/fuzz.sh sums        says how far each target has come
#
# A sitting runs pieces, each of the target that is furthest from its goal.
# A piece appends a row to fuzz.tsv beside this script: when, target, executions,
# seconds, machine, Go, result. What is found Go keeps in the package's testdata; the row
# then says "failed" and the script ends with an error.
set -eu
cd "$(dirname "$0")/../../.."
rows=docs/evidence/shop/fuzz.tsv
piece=${PIECE:-45} # seconds that a piece is to take

targets='server/internal/frame:FuzzCheck 10000000
server/internal/body:FuzzCompress 10000000
server/internal/body:FuzzDecompress 10000000
server/internal/body:FuzzText 10000000
server/internal/body:FuzzAppendString 10000000
server/internal/body:FuzzDecodeBase64 10000000
server:FuzzConnection 1000000
server:FuzzCompress 1000000
server:FuzzDecompress 1000000
server:FuzzRawDecompress 1000000
server:FuzzDictDecompress 1000000
server:FuzzDCZ 1000000'

[ -e "$rows" ] || printf 'date\ttarget\texecutions\tseconds\tmachine\tgo\tresult\n' >"$rows"

# sums prints, for each target, executions, goal, percent, pieces and executions a second.
sums() {
	echo "$targets" | while read -r target goal; do
		awk -F '\t' -v t="$target" -v goal="$goal" '
			$2 == t { n += $3; s += $4; pieces++ }
			END { printf "%s\t%.0f\t%.0f\t%.0f %%\t%d\t%.0f\n", t, n, goal, 100 * n / goal, pieces, s ? n / s : 0 }' "$rows"
	done
}

if [ "${1:-}" = sums ]; then
	printf 'target\texecutions\tgoal\t\tpieces\ta second\n'
	sums
	exit
fi

machine="$(uname -sm | tr ' ' '/'), $(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo 2>/dev/null || true), $(getconf _NPROCESSORS_ONLN) CPUs"
version=$(go env GOVERSION)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
end=$(($(date +%s) + ${1:-60}))

while [ "$(date +%s)" -lt "$end" ]; do
	# The one with the smallest share of its goal that is not there yet.
	next=$(sums | awk -F '\t' '$2 < $3 { share = $2 / $3; if (best == "" || share < least) { best = $0; least = share } } END { print best }')
	[ -n "$next" ] || { echo "fuzz.sh: every target has reached its goal" >&2; break; }
	target=$(echo "$next" | cut -f 1) rate=$(echo "$next" | cut -f 6)
	package=${target%%:*} name=${target##*:}
	go test -list "^$name\$" "./$package" | grep -q "^$name\$" || {
		echo "fuzz.sh: there is no $name in $package" >&2
		exit 1
	}
	more=$((rate > 0 ? rate * piece : 20000))
	result=passed
	go test -run '^$' -fuzz "^$name\$" -fuzztime "${more}x" "./$package" >"$log" 2>&1 || result=failed
	# What Go counted, not what it was asked for.
	executions=$(sed -n 's/.*execs: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
	seconds=$(sed -n 's/^fuzz: elapsed: \(.*\), execs.*/\1/p' "$log" | tail -n 1 |
		awk '{ h = m = 0; s = $0; if (match(s, /h/)) { h = substr(s, 1, RSTART - 1); s = substr(s, RSTART + 1) }
			if (match(s, /m/)) { m = substr(s, 1, RSTART - 1); s = substr(s, RSTART + 1) } print h * 3600 + m * 60 + s + 0 }')
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$(date -u +%Y-%m-%dT%H:%MZ)" "$target" "${executions:-0}" "${seconds:-0}" "$machine" "$version" "$result" >>"$rows"
	if [ "$result" = failed ]; then
		cat "$log" >&2
		exit 1
	fi
done
sums
