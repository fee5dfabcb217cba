#!/usr/bin/env bash
# How often the gate is right, in a scratch clone of this repository, with the built-in
# four cells. Repeats, for the minutes given (30), a trial of each kind in turn until
# there are 20 of each:
#
#	slower    a commit that makes klauspost's wrapper do 5 % more work
#	worse     one that makes it do 15 % more
#	same      one that edits a comment
#	selftest  gate --selftest; every other one beside a burner (docs/evidence/weather)
#
# Each adds a row to rows.tsv beside this script: day, kind, what ran beside it, exit
# status, seconds with building, what the gate said, machine. It goes on where the last
# call ended, and prints what all rows come to. Run it on a machine that does nothing else.
#
#	docs/evidence/gate/run.sh [MINUTES]
set -euo pipefail
unset $(git rev-parse --local-env-vars) # those of a hook are of another repository
here=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
rows=$here/docs/evidence/gate/rows.tsv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache GOCACHE=${GOCACHE:-$(go env GOCACHE)}
git clone -q "$here" "$work/clone"
cd "$work/clone"
git config user.name gate && git config user.email gate@localhost
base=$(git rev-parse HEAD)
file=codecs/klauspost/context.go
go build -trimpath -buildvcs=false -o "$work/zstdshop" .
go build -o "$work/weather" ./docs/evidence/weather
machine="$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo 2>/dev/null || true), $(getconf _NPROCESSORS_ONLN) CPUs"

# With that many of 20 inputs the one before is done again: the same one would be
# cheaper, since all it needs is in the cache.
again() { # TIMES FUNCTION CODEC CALL
	sed -i "s|^func (c \*context) $2(dst, src \[\]byte) (\[\]byte, error) {|&\n\tif c.calls++; c.$3 != nil \&\& c.last != nil \&\& c.calls%20 < $1 {\n\t\tc.$4(c.last, dst[:0])\n\t}\n\tc.last = src|" $file
}
more() { # BRANCH TIMES
	git checkout -q -b "$1" "$base"
	sed -i 's|^type context struct {|type context struct {\n\tcalls int\n\tlast []byte|' $file
	again "$2" Compress enc enc.EncodeAll
	again "$2" Decompress dec dec.DecodeAll
	gofmt -w $file
	git commit -qam "klauspost: $((5 * $2)) % more work"
}
more slower 1
more worse 3
git checkout -q -b same "$base"
sed -i 's|^// context is an encoder|// A context is an encoder|' $file
git diff --quiet && { echo "the comment is not there any more" >&2; exit 1; }
git commit -qam "klauspost: edit a comment"

[ -e "$rows" ] || printf 'day\tkind\tbeside\tstatus\tseconds\tsaid\tmachine\n' >"$rows"
had() { awk -F '\t' -v kind="$1" '$2 == kind' "$rows" | wc -l; }
row() { # KIND BESIDE STATUS SECONDS
	printf '%s\t%s\t%s\t%d\t%d\t%s\t%s\n' "$(date -u +%F)" "$1" "$2" "$3" "$4" \
		"$(tr -s ' \n' ' ' <"$work/text" | grep -oE '(Regression|Undecided|Pass): .{0,160}|The gate .{0,80}' | head -1)" "$machine" | tee -a "$rows"
}
gate() { # KIND
	git checkout -q "$1"
	local begun=$SECONDS status=0
	go build -trimpath -buildvcs=false -o zstdshop . && ./zstdshop gate --base HEAD~1 >"$work/text" 2>/dev/null || status=$?
	row "$1" nothing $status $((SECONDS - begun))
}
selftest() {
	local begun=$SECONDS status=0 beside=quiet
	[ $(($(had selftest) % 2)) = 0 ] || beside=burner
	"$work/weather" $beside -for 10m -- "$work/zstdshop" gate --selftest >"$work/text" 2>/dev/null || status=$?
	row selftest ${beside/quiet/nothing} $status $((SECONDS - begun))
}

until=$((SECONDS + 60 * ${1:-30}))
grew=1
while [ $grew = 1 ]; do
	grew=0
	for kind in slower worse same selftest; do
		[ $SECONDS -lt $until ] && [ "$(had $kind)" -lt 20 ] || continue
		if [ $kind = selftest ]; then selftest; else gate $kind; fi
		grew=1
	done
done
awk -F '\t' 'NR > 1 { key = $2 " beside " $3; n[key]++; of[key, $4]++; most[key] = $5 > most[key] ? $5 : most[key]; all[key] += $5 }
	END { for (key in n) printf "%s: %d runs, status 0 %d, 1 %d, 3 %d, %d s on average, at most %d\n", key, n[key], of[key, 0], of[key, 1], of[key, 3], all[key] / n[key], most[key] }' "$rows" | sort
