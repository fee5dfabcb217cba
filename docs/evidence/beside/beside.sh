#!/bin/sh
# Asks zstdshop and a server in Python the same with wrk, in turns:
#
#   docs/evidence/beside/beside.sh ZSTDSHOP [FOLDER MODULE:APP]
#
# FOLDER MODULE:APP is the original program: it takes CPython 3.14 with compression.zstd,
# FastAPI and uvicorn (python3.14, or PYTHON=...). Where those are missing that is said and
# the exit status is 0. Without it standin.py beside this script is asked, which has the
# same routes and answers on FastAPI and uvicorn: with compression.zstd where PYTHON is 3.14
# or later, which is the original's platform, else with the module zstandard.
#
# Each load runs ROUNDS times (3) for SECONDS (2) on each server, one after the other.
# Medians of requests a second; wrk -t1 -c16, one uvicorn process, no CPU of its own for
# any of them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || [ $# = 3 ] || { echo "usage: beside.sh ZSTDSHOP [FOLDER MODULE:APP]" >&2; exit 2; }
shop=$1 folder=${2:-$here} app=${3:-standin:app} rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-2}

skip() { echo "beside.sh: skipped: $1" >&2; exit 0; }
command -v wrk >/dev/null || skip "wrk is not installed"
command -v curl >/dev/null || skip "curl is not installed"
if [ $# = 3 ]; then
	python=${PYTHON:-python3.14} needed='sys, fastapi, uvicorn, compression.zstd'
else
	python=${PYTHON:-python3} needed='sys, fastapi, uvicorn, standin'
fi
command -v "$python" >/dev/null || skip "$python is not installed"
(cd "$folder" && PYTHONDONTWRITEBYTECODE=1 "$python" -c "import $needed") 2>/dev/null || skip "$python has not all of: $needed"

work=$(mktemp -d)
trap 'kill $ours $theirs 2>/dev/null || true; rm -rf "$work"' EXIT
ours= theirs=

"$shop" serve --addr 127.0.0.1:0 >"$work/ours" 2>"$work/ours.log" &
ours=$!
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(cd "$folder" && export PYTHONDONTWRITEBYTECODE=1 && exec "$python" -m uvicorn --no-access-log --log-level warning --host 127.0.0.1 --port "$port" "$app") &
theirs=$!
waits=0
until curl -fs "http://127.0.0.1:$port/ping" >"$work/ping" && grep -q http "$work/ours"; do
	waits=$((waits + 1))
	[ $waits -lt 100 ] || { echo "beside.sh: a server does not answer" >&2; exit 1; }
	sleep 0.1
done
ours_at=$(sed -n 's|.*http://\([^/]*\)/.*|\1|p' "$work/ours" | head -n 1)

cat >"$work/post.lua" <<'LUA'
local path = os.getenv("BODY")
if path ~= "" then
	wrk.method, wrk.body = "POST", io.open(path):read("*a")
	wrk.headers["Content-Type"] = "application/json"
end
LUA

# prose prints so many bytes of words in lines.
prose() {
	awk -v n="$1" 'BEGIN {
		words = split("the of and to in is you that it he was for on are as with his they at be this have from or one had by word but not what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see number no way could people my than first water been call who oil its now find long down day did get come made may part", w, " ")
		state = 7
		while (made < n) {
			state = (state * 16807) % 2147483647
			line = line w[1 + state % words] " "
			made += length(w[1 + state % words]) + 1
			if (length(line) > 70) { text = text line "\\n"; made++; line = "" }
		}
		print substr(text line, 1, n)
	}' | tr -d '\n' | sed 's/\\*$//'
}

# rate prints the requests a second of one run; a run with any other answer than 2xx fails.
rate() { # address, path, body
	BODY=$3 wrk -t1 -c16 -d"${seconds}s" -s "$work/post.lua" "http://$1$2" >"$work/wrk"
	if grep -q 'Non-2xx\|Socket errors' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
	sed -n 's/^Requests\/sec: *//p' "$work/wrk"
}

compare() { # name, path, body
	: >"$work/a"; : >"$work/b"
	for _ in $(seq "$rounds"); do
		rate "$ours_at" "$2" "$3" >>"$work/a"
		rate "127.0.0.1:$port" "$2" "$3" >>"$work/b"
	done
	a=$(sort -n "$work/a" | sed -n "$(((rounds + 1) / 2))p") b=$(sort -n "$work/b" | sed -n "$(((rounds + 1) / 2))p")
	awk -v name="$1" -v a="$a" -v b="$b" 'BEGIN { printf "| %s | %.0f | %.0f | %.1fx |\n", name, a, b, a / b }'
}

"$python" -c 'import sys, fastapi, uvicorn; print("Python", sys.version.split()[0], "FastAPI", fastapi.__version__, "uvicorn", uvicorn.__version__)'
echo "$app says $(cat "$work/ping")"
echo
echo "| requests a second | zstdshop | $app | |"
echo "|---|---|---|---|"
compare '`/ping`' /ping ""
for size in 1000 10000 100000 1000000; do
	printf '{"text":"%s","level":3}' "$(prose "$size")" >"$work/$size"
	compare "\`/compress\`, $size bytes" /compress "$work/$size"
	curl -fs -H 'Content-Type: application/json' --data-binary @"$work/$size" "http://$ours_at/compress" |
		sed 's/.*"b64":"\([^"]*\)".*/{"b64":"\1"}/' >"$work/$size.zst"
	compare "\`/decompress\`, $size bytes" /decompress "$work/$size.zst"
done
