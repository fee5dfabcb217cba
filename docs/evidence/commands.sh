#!/bin/sh
# What the commands of the formats make of a file in blocks of 64 KiB, each block a
# frame of its own: bytes of all, by command.
#
#     docs/evidence/commands.sh FILE
#
# It is evidence for docs/codecs.md, beside `zstdshop report RESULT --format csv`, whose
# column corpus_bytes_out has the same of the codecs.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
split -b 65536 -a 5 "$1" "$dir/"
sum() {
	for block in "$dir"/*; do "$@" <"$block"; done | wc -c
}
# zstd and brotli are told the size of each block, as the libraries are.
zstd1() { zstd -q -c "-$1" --no-check --stream-size="$(wc -c <"$2")" <"$2"; }
of() {
	for block in "$dir"/*; do "$1" "$2" "$block"; done | wc -c
}
printf 'command\tbytes\n'
for level in 1 3; do printf 'zstd -%s --no-check\t%d\n' $level "$(of zstd1 $level)"; done
printf 'brotli -q 6 -w 22\t%d\n' "$(sum brotli -c -q 6 -w 22)"
printf 'gzip -6\t%d\n' "$(sum gzip -c -n -6)"
printf 'lz4 -1 --no-frame-crc\t%d\n' "$(sum lz4 -q -c -1 --no-frame-crc)"
