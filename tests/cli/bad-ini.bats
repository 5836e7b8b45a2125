#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every bad description in tests/bad-ini: what is said, how it ends, and that nothing is written.
# UPDATE=1 rewrites the expectations; read the difference before keeping it.

bats_require_minimum_version 1.5.0

setup() {
  cases=$SRCDIR/tests/bad-ini
  cd "$BATS_TEST_TMPDIR"
}

# Says what is wrong with one case; nothing when it is as expected.
check_case() {
  local name=$1 status=0
  mkdir "$name"
  cp "$cases/$name.ini" "$name/"
  (cd "$name" && "$TOOL" generate "$name.ini" >"../$name.out" 2>"../$name.err" </dev/null) || status=$?
  if [ -n "${UPDATE:-}" ]; then cp "$name.err" "$cases/$name.expect"; fi
  [ "$status" -eq 3 ] || echo "$name: exit status $status"
  [ ! -s "$name.out" ] || echo "$name: something on standard output"
  [ "$(ls -A "$name")" = "$name.ini" ] || echo "$name: something was written: $(ls -A "$name")"
  diff -u "$cases/$name.expect" "$name.err" || true
}

@test "each bad description is refused as expected" {
  local ini found=0 wrong=
  for ini in "$cases"/*.ini; do
    found=$((found + 1))
    wrong+=$(check_case "$(basename "$ini" .ini)")
  done
  printf '%s\n' "$wrong"
  [ -z "$wrong" ]
  [ "$found" -ge 90 ]
}

@test "each expectation has its description" {
  local expect
  for expect in "$cases"/*.expect; do
    [ -f "${expect%.expect}.ini" ]
  done
}

# ini-library is for libraries without switches: tests/unit/test_ini_narrow.c. ini-unused-identity comes
# only where nothing else is wrong: tests/unit/test_model.c.
@test "each finding about INI files is expected somewhere" {
  local id missing=
  while read -r id; do
    case $id in ini-library | ini-unused-identity) continue ;; esac
    grep -qF "[$id]" "$cases"/*.expect || missing+=" $id"
  done < <(sed -n 's/^DIAG(INI_[^"]*"\([a-z0-9-]*\)".*/\1/p' "$SRCDIR/include/base/diag_ids.def")
  echo "not expected anywhere:$missing"
  [ -z "$missing" ]
}

@test "each error about INI files says what to do" {
  local wrong
  wrong=$(awk 'FNR == 1 { open = "" }
    open != "" && !/^    hint: / { print FILENAME ": " open }
    { open = "" }
    /: (error|warning): .* \[ini-[a-z0-9-]*\]$/ { open = $0 }' "$cases"/*.expect)
  echo "$wrong"
  [ -z "$wrong" ]
}
