#!/usr/bin/env bash
# How often the gate is right, in a scratch clone of this repository:
#
#	docs/evidence/gate/run.sh OUT [SLOWER-RUNS [SAME-RUNS]]
#
# SLOWER-RUNS gates (12) of a commit that makes klauspost's wrapper do 5 % more
# work, then SAME-RUNS (15) of one that edits a comment. OUT gets a line each:
# kind, exit status, seconds with building, what the gate said.
set -euo pipefail
unset $(git rev-parse --local-env-vars) # those of a hook are of another repository
out=$(realpath -m "$1") slower=${2:-12} same=${3:-15}
here=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache GOCACHE=${GOCACHE:-$(go env GOCACHE)}
git clone -q "$here" "$work/clone"
cd "$work/clone"
git config user.name gate && git config user.email gate@localhost
base=$(git rev-parse HEAD)
file=codecs/klauspost/context.go

# With every 20th input the one before is done again: the same one would be
# cheaper, since all it needs is in the cache.
git checkout -q -b slower
again() { # FUNCTION CODEC CALL
	sed -i "s|^func (c \*context) $1(dst, src \[\]byte) (\[\]byte, error) {|&\n\tif c.calls++; c.$2 != nil \&\& c.last != nil \&\& c.calls%20 == 0 {\n\t\tc.$3(c.last, dst[:0])\n\t}\n\tc.last = src|" $file
}
sed -i 's|^type context struct {|type context struct {\n\tcalls int\n\tlast []byte|' $file
again Compress enc enc.EncodeAll
again Decompress dec dec.DecodeAll
gofmt -w $file
git commit -qam "klauspost: 5 % more work"
git checkout -q -b same "$base"
sed -i 's|^// context is an encoder|// A context is an encoder|' $file
git diff --quiet && { echo "the comment is not there any more" >&2; exit 1; }
git commit -qam "klauspost: edit a comment"

gate() { # KIND RUN
	git checkout -q "$1"
	local begun=$SECONDS status=0
	go build -trimpath -buildvcs=false -o zstdshop . && ./zstdshop gate --base HEAD~1 --export "$work/$1-$2.json" >"$work/text" 2>/dev/null || status=$?
	printf '%s\t%d\t%d\t%s\n' "$1" $status $((SECONDS - begun)) "$(tr '\n' ' ' <"$work/text" | grep -o '\(Regression\|Undecided\|Pass\): .*')" | tee -a "$out"
}
for ((i = 1; i <= slower; i++)); do gate slower "$i"; done
for ((i = 1; i <= same; i++)); do gate same "$i"; done
