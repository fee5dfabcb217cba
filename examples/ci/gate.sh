#!/usr/bin/env bash
# A gate for any other CI, and for yourself before you push. A regression counts
# when a second run finds it again.
set -uo pipefail
base=${1:-origin/main}
go build -trimpath -buildvcs=false -o zstdshop . || exit 2 # as the gate builds both sides
./zstdshop gate --base "$base" --junit gate.xml --summary gate.md
status=$?
if [ $status = 1 ]; then
	echo "once more, to be sure" >&2
	./zstdshop gate --base "$base" --junit gate.xml --summary gate.md
	status=$?
fi
exit $status
