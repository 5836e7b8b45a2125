#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every emitted script, and every script of the project, is one that its readers can trust their tools on.
bats_require_minimum_version 1.5.0

setup_file() {
  cd "$BATS_FILE_TMPDIR" || exit
  for ini in "$SRCDIR"/examples/*.ini; do
    "$TOOL" generate -q "$ini" --output "out/$(basename "$ini" .ini)" >>paths 2>>warnings
  done
  grep '\.sh$' paths >scripts
  # the twelve of fleet differ in names and ids alone
  [ "${CHECKS-}" = all ] || sed -i '/\/fleet\/.*-\(dev\|test\|stage\)\//d' scripts
}

setup() {
  cd "$BATS_FILE_TMPDIR" || exit
  mapfile -t scripts <scripts
  [ "${#scripts[@]}" -gt 6 ]
}

@test "bash parses every emitted script" {
  for script in "${scripts[@]}"; do
    bash -n "$script"
  done
}

@test "shellcheck finds nothing in emitted scripts" {
  shellcheck --norc "${scripts[@]}"
}

@test "no emitted script switches a shellcheck rule off, but for quotation marks in values" {
  run -0 grep -h '# shellcheck ' "${scripts[@]}"
  [ "$(sort -u <<<"$output")" = '# shellcheck disable=SC1111,SC1112' ]
}

@test "shfmt would change nothing in emitted scripts" {
  shfmt -d -i 2 "${scripts[@]}"
}

@test "emitted scripts hold nothing that bash 3.2 does not know" {
  "$SRCDIR/tests/meta/bash32.sh" "${scripts[@]}"
}

@test "the search for such things finds each of them" {
  run -0 "$SRCDIR/tests/meta/bash32.sh" --self-test
  [ "${#lines[@]}" -gt 30 ]
}

@test "emitted scripts are executable, and pages are not" {
  for script in "${scripts[@]}"; do
    [ -x "$script" ]
  done
  run -0 find out -name '*.md' -perm /111
  [ "$output" = "" ]
}

@test "the project's own scripts are clean, too" {
  shellcheck --norc "$SRCDIR/quickstart" "$SRCDIR/.ci/run" "$SRCDIR/src/embed.sh" "$SRCDIR"/tests/meta/*.sh
  shfmt -d -i 2 "$SRCDIR/quickstart" "$SRCDIR/.ci/run" "$SRCDIR"/tests/meta/*.sh
}
