#!/bin/sh
# Measures levels 1 to 19 of both codecs on each FILE, RUNS times (10 unless told),
# BUDGET each (60s unless told), and tells how alike the fronts are.
#
#     docs/evidence/fronts/run.sh DIR FILE ...
set -eu
dir=$1
shift
mkdir -p "$dir"
go build -o "$dir/zstdshop" .
levels=$(seq -s, 1 19)
for run in $(seq 1 "${RUNS:-10}"); do
	for file in "$@"; do
		out="$dir/$(basename "$file").$run.json"
		[ -e "$out" ] || ${WITH:-} "$dir/zstdshop" bench --scenario compress --corpus "$file" --codec klauspost,datadog --level "$levels" \
			--runner single --budget "${BUDGET:-60s}" --export "$out" >/dev/null 2>&1
	done
done
go run ./docs/evidence/fronts "$dir"/*.json
