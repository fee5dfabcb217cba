#!/usr/bin/env bash
# Whether a comment passes at once, wherever it is, in a scratch clone of this repository:
#
#	docs/evidence/gate/comments.sh OUT [RUNS]
#
# Each of RUNS (20) commits edits the first comment of another file of the program. OUT
# gets a line each: file, exit status, seconds with building, what the gate said.
set -euo pipefail
unset $(git rev-parse --local-env-vars) # those of a hook are of another repository
out=$(realpath -m "$1") runs=${2:-20}
here=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache GOCACHE=${GOCACHE:-$(go env GOCACHE)}
git clone -q "$here" "$work/clone"
cd "$work/clone"
git config user.name gate && git config user.email gate@localhost
go build -trimpath -buildvcs=false -o "$work/zstdshop" .
for file in $(git ls-files 'codecs/*.go' 'runners/*.go' 'scenarios/*.go' 'cli/*.go' 'harness/*.go' | grep -v _test | shuf --random-source=<(yes)); do
	[ "$runs" -gt 0 ] || break
	sed -i '0,/^\/\/ /s//\/\/ Edited: /' "$file"
	if git diff --quiet; then continue; fi
	git commit -qam "edit a comment in $file"
	begun=$SECONDS status=0 runs=$((runs - 1))
	"$work/zstdshop" gate --base HEAD~1 >"$work/text" 2>/dev/null || status=$?
	printf '%s\t%d\t%d\t%s\n' "$file" $status $((SECONDS - begun)) "$(grep '^Pass\|^Undecided\|^Regression' "$work/text")" | tee -a "$out"
done
