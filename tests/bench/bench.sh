#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# bench.sh AZDO-WIF: what generate takes for 1, 100 and 10,000 connections, beside cp -r of its output, and
# render beside mustache.js. Prints ratios and never fails on a time. Best of three; each output is
# synced before the clock stops, since generate does that itself.
# Needs GNU time, python3, and for the second table node and npm (npm ci in tests/bench).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tool=$1
sizes=${BENCH_SIZES:-1 100 10000}
work=$(mktemp -d "${BENCH_DIR:-/tmp}/azdo-wif-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

# measure COMMAND...: the best seconds of three runs, and the most memory in MB, in $seconds and $memory.
measure() {
  seconds='' memory=0
  for _ in 1 2 3; do
    [ ! -e "$work/out" ] || rm -rf "$work/out"
    sync -f "$work"
    /usr/bin/time -o "$work/time" -f '%e %M' "$@" >/dev/null
    read -r took most <"$work/time"
    seconds=$(awk -v a="${seconds:-$took}" -v b="$took" 'BEGIN { print (b < a ? b : a) }')
    memory=$(awk -v a="$memory" -v b="$most" 'BEGIN { b /= 1024; print (b > a ? b : a) }')
  done
}

printf '%-12s %8s %10s %9s %8s %12s %12s %7s\n' connections files bytes seconds ms-each 'peak MB' 'cp+sync s' ratio
for count in $sizes; do
  python3 "$here/fleet.py" "$count" >"$work/fleet.ini"
  measure "$tool" generate -q "$work/fleet.ini" -o "$work/out"
  mine=$seconds peak=$memory
  mv "$work/out" "$work/made"
  files=$(find "$work/made" -type f | wc -l)
  bytes=$(find "$work/made" -type f -printf '%s\n' | awk '{ n += $1 } END { printf "%.0f", n }')
  # shellcheck disable=SC2016
  measure sh -c 'cp -r "$1" "$2" && sync -f "$2"' sh "$work/made" "$work/out"
  awk -v c="$count" -v f="$files" -v b="$bytes" -v s="$mine" -v p="$peak" -v t="$seconds" 'BEGIN {
    printf "%-12d %8d %10.0f %9.2f %8.2f %12.1f %12.2f %7.2f\n", c, f, b, s, 1000 * s / c, p, t, s / (t > 0 ? t : 0.01) }'
  rm -rf "$work/made" "$work/out"
done

if [ ! -d "$here/node_modules/mustache" ]; then
  echo 'mustache.js is not installed: npm ci in tests/bench'
  exit 0
fi
python3 - "$work" <<'END'
import json, sys
rows = [{"name": f"connection {i}", "id": i, "value": f"a & b < {i}"} for i in range(100000)]
json.dump({"title": "Bench", "rows": rows}, open(sys.argv[1] + "/data.json", "w"))
json.dump({"title": "Bench", "rows": rows[:10]}, open(sys.argv[1] + "/small.json", "w"))
open(sys.argv[1] + "/flat.html", "w").write(
    "<h1>{{title}}</h1>\n{{#rows}}\n<tr><td>{{id}}</td><td>{{name}}</td><td>{{value}}</td></tr>\n{{/rows}}\n")
END
echo
printf '%-24s %12s %14s %7s\n' 'flat template' 'azdo-wif s' 'mustache.js s' ratio
for data in small data; do
  "$tool" render "$work/flat.html" --data "$work/$data.json" --language html --lenient >"$work/a"
  node "$here/mustache.js" "$work/flat.html" "$work/$data.json" >"$work/b" 2>"$work/inner"
  cmp "$work/a" "$work/b"
  measure "$tool" render "$work/flat.html" --data "$work/$data.json" --language html --lenient
  mine=$seconds
  measure node "$here/mustache.js" "$work/flat.html" "$work/$data.json" 2>/dev/null
  awk -v n="$(jq '.rows | length' "$work/$data.json") rows" -v a="$mine" -v b="$seconds" 'BEGIN {
    printf "%-24s %12.3f %14.3f %7.1f\n", n, a, b, b / (a > 0 ? a : 0.005) }'
done
# What is left when the same data is read for an empty template.
full=$mine
: >"$work/empty.html"
measure "$tool" render "$work/empty.html" --data "$work/data.json" --language html --lenient
awk -v f="$full" -v e="$seconds" -v m="$(cat "$work/inner")" 'BEGIN {
  a = f - e
  printf "%-24s %12.3f %14.3f %7.1f\n", "rendering alone", a, m / 1000, m / 1000 / (a > 0 ? a : 0.005) }'
