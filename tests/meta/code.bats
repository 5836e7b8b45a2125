#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Rules that hold for every source file.
bats_require_minimum_version 1.5.0

setup() {
  cd "$SRCDIR" || exit
  layers=tests/meta/layers.txt
}

# Prints "layer included-layer" for each include that crosses a layer.
edges() {
  grep -r -H -o -E '^#include "[a-z]+/' src include --include='*.[ch]' |
    sed -E 's|^[a-z]+/([a-z]+)/[^:]*:#include "([a-z]+)/|\1 \2|' | sort -u | awk '$1 != $2'
}

# Prints "header included-header".
headers() {
  grep -r -H -o -E '^#include "[a-z]+/[a-z_0-9]+\.(h|def)"' include |
    sed -E 's|^include/([^:]*):#include "(.*)"|\1 \2|'
}

# Prints "layer symbol" for what the objects of each layer define (T) or need (U).
symbols() {
  local layer
  for layer in $(sed -n 's/^\([a-z]*\):.*/\1/p' "$layers"); do
    nm -A "$BUILDDIR"/src/"$layer"/*.o | awk -v layer="$layer" -v kinds="$1" 'index(kinds, $(NF - 1)) { print $NF, layer }'
  done | sort -u
}

@test "includes only point down" {
  run -0 edges
  [ "${#lines[@]}" -gt 10 ]
  for edge in "${lines[@]}"; do
    grep -q -E "^${edge% *}:.* ${edge#* }( |\$)" "$layers" || {
      echo "$edge"
      return 1
    }
  done
}

@test "layers.txt lists every layer, and only downward" {
  run -0 awk -F': *' '/^#/ { next } { n = split($2, down, " ")
    for (i = 1; i <= n; i++) if (!(down[i] in seen)) exit 1
    seen[$1] = 1; print $1 }' "$layers"
  [ "$(sort <<<"$output")" = "$(find src include -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort -u)" ]
}

@test "no header includes itself, not even through others" {
  run -0 headers
  [ "${#lines[@]}" -gt 20 ]
  tsort <<<"$output" >/dev/null
}

@test "no layer needs a symbol of a layer that it may not include" {
  command -v nm >/dev/null || skip "nm is not installed"
  run -0 join -o 1.2,2.2 <(symbols U) <(symbols TRDBV)
  [ "${#lines[@]}" -gt 100 ]
  for edge in $(sort -u <<<"$output" | awk '$1 != $2 { print $1 ":" $2 }'); do
    grep -q -E "^${edge%:*}:.* ${edge#*:}( |\$)" "$layers" || {
      echo "$edge"
      return 1
    }
  done
}

@test "each outside library is included by one file" {
  run -0 grep -r -l -E '#include <(ini\.h|cjson/|nettle/|curl/|gnutls/|microhttpd)' src include
  [ "$(sort <<<"$output")" = "$(printf '%s\n' src/base/digest.c src/format/ini_source.c src/format/json.c \
    src/remote/transfer.c src/simulator/keys.c src/simulator/server.c)" ]
}

@test "every header compiles alone" {
  for header in include/*/*.h; do
    "${CC:-gcc}" -std=c11 -D_GNU_SOURCE -Wall -Werror -Iinclude -fsyntax-only -x c "$header"
  done
}

@test "no function that is unbounded, depends on a locale or runs a shell" {
  run -1 grep -r -n -E \
    '\b(strcpy|strcat|stpcpy|sprintf|vsprintf|gets|strtok|gmtime|localtime|asctime|ctime|setlocale|system|popen|execl?[vpe]*|alloca|atoi|atol|tmpnam|mktemp)[[:space:]]*\(' src
}

@test "only cli prints, and only cli and an empty memory exit" {
  run -1 grep -r -n -E '\b(printf|puts|putchar|exit|_exit|abort)[[:space:]]*\(' \
    --include='*.c' src/encode src/format src/template src/model src/plan src/emit
  run -0 grep -r -l -E '\b(fputs|fprintf|exit|abort)[[:space:]]*\(' src/base
  [ "$output" = src/base/arena.c ]
}

@test "files are at most 500 lines, functions at most 80, main.c at most 60" {
  run -0 wc -l src/cli/main.c
  [ "${output%% *}" -le 60 ]
  run -0 awk 'FNR == 1 { start = 0 }
    FNR == 501 { print FILENAME ": more than 500 lines" }
    /^\{/ { start = FNR }
    /^\}/ { if (start && FNR - start > 81) print FILENAME ":" start ": " FNR - start - 1 " lines"; start = 0 }' \
    src/*/*.c include/*/*.h
  [ "$output" = "" ]
}

@test "no tab, no blank at a line's end, LF at the end of every file" {
  run -1 grep -r -n -P '\t|\s$' src include tests/unit --include='*.[ch]' --include='*.def'
  for file in src/*/*.c include/*/*; do
    [ "$(tail -c 1 "$file" | od -An -c | tr -d ' ')" = '\n' ]
  done
}

@test "every source file says its licence and its purpose" {
  for file in $(find src include tests/unit -name '*.[ch]' ! -name builtin_data.c) include/base/diag_ids.def; do
    [ "$(head -n 1 "$file")" = '/* SPDX-License-Identifier: MIT' ]
    sed -n 2p "$file" | grep -q '^ \* .'
  done
}

@test "Makefile.am names every file" {
  for file in $(find src include doc templates examples tests/{bench,cli,clients,encoders,meta,node,unit,world} \
    -name node_modules -prune -o -type f -print); do
    case $file in
    src/template/builtin_data.c | *.o | *.log | *.trs | */.deps/* | */.dirstamp | */__pycache__/*) continue ;;
    esac
    grep -q -E "(^|[ /])${file%.c}(\.c)?( |\$)" Makefile.am || {
      echo "$file"
      return 1
    }
  done
}
