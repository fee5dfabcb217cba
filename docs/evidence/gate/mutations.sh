#!/usr/bin/env bash
# Whether gate --selftest sees a gate that is broken: in a scratch clone each
# mutation of the comparison must make it red.
set -euo pipefail
unset $(git rev-parse --local-env-vars) # those of a hook are of another repository
here=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q "$here" "$work/clone"
cd "$work/clone"
missed=0
mutate() { # NAME FILE SED
	git checkout -q .
	sed -i "$3" "$2"
	git diff --quiet && { echo "$1: $2 has nothing to change any more" >&2; exit 1; }
	go build -trimpath -buildvcs=false -o zstdshop .
	local status=0
	XDG_STATE_HOME=$work/state ./zstdshop gate --selftest >"$work/out" 2>/dev/null || status=$?
	echo "$1: exit $status"
	sed 's/^/    /' "$work/out"
	[ $status = 1 ] || missed=1
}
mutate "sides swapped" harness/analyze/pairs.go 's/log := b\[j\].log - a\[i\].log/log := a[i].log - b[j].log/'
mutate "sign dropped" harness/analyze/gate.go 's/outcome(\*v.TimeRatio.Lo, \*v.TimeRatio.Hi, m.Bound/outcome(max(*v.TimeRatio.Lo, 1 \/ *v.TimeRatio.Hi), max(*v.TimeRatio.Hi, 1 \/ *v.TimeRatio.Lo), m.Bound/'
mutate "limit ignored" harness/result/metric.go 's/return 1 + limit$/return 1/'
mutate "verdict always pass" harness/analyze/gate.go 's/return result.OutcomeRegression/return result.OutcomePass/'
exit $missed
