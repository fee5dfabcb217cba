#!/bin/sh
# Runs the fuzz targets of the server for a number of executions each, and counts them
# over all sittings:
#
#   docs/evidence/shop/fuzz.sh [EXECUTIONS]     more of each, 100000 unless said otherwise
#
# fuzz.txt beside it has the sum for each target; what is found is kept by Go in the
# package's testdata, and ends the script.
set -eu
cd "$(dirname "$0")/../../.."
more=${1:-100000}
counts=docs/evidence/shop/fuzz.txt
touch "$counts"

for target in \
  server/internal/frame:FuzzCheck \
  server/internal/body:FuzzCompress server/internal/body:FuzzDecompress server/internal/body:FuzzText server/internal/body:FuzzAppendString server/internal/body:FuzzDecodeBase64 \
  server:FuzzConnection server:FuzzCompress server:FuzzDecompress server:FuzzRawDecompress
do
  package=${target%%:*} name=${target##*:}
  if ! go test -list "^$name\$" "./$package" | grep -q "^$name\$"; then
    echo "fuzz.sh: there is no $name in $package" >&2
    exit 1
  fi
  go test -run xxx -fuzz "^$name\$" -fuzztime "${more}x" "./$package"
  before=$(awk -v t="$target" '$1 == t { print $2 }' "$counts")
  { grep -v "^$target " "$counts" || true; echo "$target $((${before:-0} + more))"; } | sort > "$counts.new"
  mv "$counts.new" "$counts"
done
cat "$counts"
