#!/bin/sh
# Asks the shop for everything once, with curl: sh shop.sh [URL]
set -eu
url=${1:-http://127.0.0.1:8000}

# ask PATH [BODY] prints the answer; what is wrong goes to standard error.
ask() {
	if [ $# -gt 1 ]; then
		set -- "$1" -H 'Content-Type: application/json' --data-binary "$2"
	fi
	path=$1
	shift
	answer=$(curl -sS --max-time 60 -w '\n%{http_code}' "$@" "$url$path")
	status=${answer##*
}
	answer=${answer%
*}
	if [ "$status" != 200 ]; then
		echo "$path: $status: $(printf %s "$answer" | field detail)" >&2
		return 1
	fi
	printf '%s\n' "$answer"
}

# field NAME prints that member of the JSON on standard input. It knows numbers,
# and strings without escapes; for others there is jq.
field() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p'; }

ping=$(ask /ping)
codecs=$(printf %s "$ping" | sed 's/.*"codecs":\[\([^]]*\)\].*/\1/; s/"//g; s/,/ /g')
echo "ping: $(printf %s "$ping" | field go), codecs $codecs"

text=
i=0
while [ $i -lt 100 ]; do
	text="${text}compress 压缩 "
	i=$((i + 1))
done
packed=$(ask /compress "{\"text\":\"$text\",\"level\":3}")
echo "compress: $(printf %s "$packed" | field bytes_in) bytes to $(printf %s "$packed" | field bytes_out), ratio $(printf %s "$packed" | field ratio)"

b64=$(printf %s "$packed" | field b64)
back=$(ask /decompress "{\"b64\":\"$b64\"}")
if [ "$(printf %s "$back" | field text)" != "$text" ]; then
	echo "decompress: another text" >&2
	exit 1
fi
echo "decompress: the same text"

bench=$(ask '/bench?workers=4&iters=100000')
echo "bench: $(printf %s "$bench" | field workers) workers in $(printf %s "$bench" | field seconds) s, checksum $(printf %s "$bench" | field checksum)"
