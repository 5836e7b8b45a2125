#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Fuzzes: run.sh SECONDS [NAME...], for each of ini, template, json, encode, world and call, with clang's
# libFuzzer and its sanitizers. What is found is left beside the build, in build/fuzz/. New inputs go to
# build/fuzz/NAME.found; run.sh --merge adds what is worth keeping of them to the corpus.
# Needs clang and libclang-rt-14-dev.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=build/fuzz
names=(ini template json encode world call)

compile() {
  local flags object source newest objects=()
  newest=$(find include -type f -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-)
  mkdir -p "$build/o"
  sh src/embed.sh . $(find templates -type f | sort) >"$build/builtin_data.c"
  flags=(-g -O1 -std=gnu11 -D_GNU_SOURCE -DPACKAGE_VERSION='"fuzz"' -DINI_SOURCE_SWITCHES=1 -Iinclude -Itests/fuzz
    -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all)
  for source in $(find src -name '*.c' ! -name main.c ! -name docgen.c ! -name builtin_data.c \
    ! -name without_simulator.c) "$build/builtin_data.c"; do
    object=$build/o/$(tr / _ <<<"${source%.c}").o
    objects+=("$object")
    { [ "$object" -nt "$source" ] && [ "$object" -nt "$newest" ]; } || clang "${flags[@]}" -c -o "$object" "$source"
  done
  for name in "${names[@]}"; do
    clang "${flags[@]}" -fsanitize=fuzzer -o "$build/fuzz_$name" "tests/fuzz/fuzz_$name.c" "${objects[@]}" \
      -lcjson -linih -lnettle -lgnutls -lmicrohttpd -lcurl -lpthread
  done
}

merge() {
  for name in "${names[@]}"; do
    mkdir -p "$build/$name.found" "$build/$name.small" "tests/fuzz/corpus/$name"
    rm -f "$build/$name.small"/*
    "$build/fuzz_$name" -merge=1 -max_len=2048 "$build/$name.small" "tests/fuzz/corpus/$name" "$build/$name.found" \
      >/dev/null 2>&1
    # the smallest first: a corpus is replayed in every test run
    find "$build/$name.small" -type f -printf '%s %p\n' | sort -n | head -n 200 | while read -r _ file; do
      cp "$file" "tests/fuzz/corpus/$name/$(basename "$file" | cut -c1-16)"
    done
  done
}

compile
if [ "${1-}" = --merge ]; then
  merge
  exit
fi
seconds=$1
shift
[ $# = 0 ] || names=("$@")
for name in "${names[@]}"; do
  mkdir -p "$build/$name.found"
  dictionary=()
  [ ! -f "tests/fuzz/$name.dict" ] || dictionary=("-dict=tests/fuzz/$name.dict")
  echo "== $name"
  "$build/fuzz_$name" "-max_total_time=$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=4096 \
    "-artifact_prefix=$build/$name-" -print_final_stats=1 "${dictionary[@]}" "$build/$name.found" \
    "tests/fuzz/corpus/$name" >"$build/$name.log" 2>&1 || {
    tail -40 "$build/$name.log"
    exit 1
  }
  grep -E 'stat::|^Done' "$build/$name.log"
done
