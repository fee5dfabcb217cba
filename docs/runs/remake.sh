#!/bin/sh
# Makes the tables and pictures of README.md and docs/ again from the runs recorded
# in this folder; with `measure` it records them first, about seven minutes on a
# machine that does nothing else. Pictures take a Chromium.
#
#     docs/runs/remake.sh [measure]
set -eu
cd "$(dirname "$0")/../.."
# The runs codecs-*.json.zst are of files that are not here; docs/codecs.md has the commands.
# The run switch-python.json.zst takes a CPython 3.14; docs/models.md has the command.
if [ "${1:-}" = measure ]; then
	go build -o docs/runs/zstdshop .
	trap 'rm -f docs/runs/zstdshop' EXIT
	docs/runs/zstdshop bench --export docs/runs/default.json.zst >/dev/null
	docs/runs/zstdshop bench --scenario compress --level 3 --export docs/runs/level3.json.zst >/dev/null
	docs/runs/zstdshop bench --preset gil --export docs/runs/gil.json.zst >/dev/null
	docs/runs/zstdshop bench --preset switch --budget 60s --export docs/runs/switch.json.zst >/dev/null
	docs/runs/zstdshop bench --scenario compress --corpus source --codec klauspost,datadog --level 1,3,5,7,9,11,13,15,17,19 \
		--runner single --budget 60s --recommend balanced --export docs/runs/levels.json.zst >/dev/null
fi
go test ./reports -run TestRecordedRuns -update
go test ./reports -run TestReportScreens -screens
