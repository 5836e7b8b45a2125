#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every nasty string in every place of a description that takes free text: it is refused with its line,
# or it arrives unchanged and nothing else happens. One test a place; tests/cli/hostile.py does them all
# at once, since a script may carry a string in every place.
load common

hostile() {
  LC_ALL=C.UTF-8 /usr/bin/python3 "$SRCDIR/tests/cli/hostile.py" "$@"
}

setup_file() {
  export PYTHONDONTWRITEBYTECODE=1
  mkdir "$BATS_FILE_TMPDIR/pairs"
  hostile run "$BATS_FILE_TMPDIR/pairs"
}

@test "each key that takes free text has a place" {
  hostile places
}

@test "resource manager" { hostile report "$BATS_FILE_TMPDIR/pairs" "resource manager"; }
@test "resource manager host" { hostile report "$BATS_FILE_TMPDIR/pairs" "resource manager host"; }
@test "resource manager path" { hostile report "$BATS_FILE_TMPDIR/pairs" "resource manager path"; }
@test "login" { hostile report "$BATS_FILE_TMPDIR/pairs" "login"; }
@test "login path" { hostile report "$BATS_FILE_TMPDIR/pairs" "login path"; }
@test "graph" { hostile report "$BATS_FILE_TMPDIR/pairs" "graph"; }
@test "graph path" { hostile report "$BATS_FILE_TMPDIR/pairs" "graph path"; }
@test "organization" { hostile report "$BATS_FILE_TMPDIR/pairs" "organization"; }
@test "default project" { hostile report "$BATS_FILE_TMPDIR/pairs" "default project"; }
@test "identity NAME" { hostile report "$BATS_FILE_TMPDIR/pairs" "identity NAME"; }
@test "managed identity" { hostile report "$BATS_FILE_TMPDIR/pairs" "managed identity"; }
@test "display name" { hostile report "$BATS_FILE_TMPDIR/pairs" "display name"; }
@test "resource group" { hostile report "$BATS_FILE_TMPDIR/pairs" "resource group"; }
@test "location" { hostile report "$BATS_FILE_TMPDIR/pairs" "location"; }
@test "tag" { hostile report "$BATS_FILE_TMPDIR/pairs" "tag"; }
@test "tag key" { hostile report "$BATS_FILE_TMPDIR/pairs" "tag key"; }
@test "tag value" { hostile report "$BATS_FILE_TMPDIR/pairs" "tag value"; }
@test "unique name" { hostile report "$BATS_FILE_TMPDIR/pairs" "unique name"; }
@test "service management reference" { hostile report "$BATS_FILE_TMPDIR/pairs" "service management reference"; }
@test "identity of connection" { hostile report "$BATS_FILE_TMPDIR/pairs" "identity of connection"; }
@test "connection NAME" { hostile report "$BATS_FILE_TMPDIR/pairs" "connection NAME"; }
@test "connection" { hostile report "$BATS_FILE_TMPDIR/pairs" "connection"; }
@test "project" { hostile report "$BATS_FILE_TMPDIR/pairs" "project"; }
@test "description" { hostile report "$BATS_FILE_TMPDIR/pairs" "description"; }
@test "subscription name" { hostile report "$BATS_FILE_TMPDIR/pairs" "subscription name"; }
@test "management group" { hostile report "$BATS_FILE_TMPDIR/pairs" "management group"; }
@test "management group name" { hostile report "$BATS_FILE_TMPDIR/pairs" "management group name"; }
@test "workspace group" { hostile report "$BATS_FILE_TMPDIR/pairs" "workspace group"; }
@test "workspace" { hostile report "$BATS_FILE_TMPDIR/pairs" "workspace"; }
@test "workspace location" { hostile report "$BATS_FILE_TMPDIR/pairs" "workspace location"; }
@test "role" { hostile report "$BATS_FILE_TMPDIR/pairs" "role"; }
@test "role name" { hostile report "$BATS_FILE_TMPDIR/pairs" "role name"; }
@test "scope group" { hostile report "$BATS_FILE_TMPDIR/pairs" "scope group"; }
@test "scope resource" { hostile report "$BATS_FILE_TMPDIR/pairs" "scope resource"; }
@test "scope management group" { hostile report "$BATS_FILE_TMPDIR/pairs" "scope management group"; }
@test "share" { hostile report "$BATS_FILE_TMPDIR/pairs" "share"; }
@test "federated credential" { hostile report "$BATS_FILE_TMPDIR/pairs" "federated credential"; }
@test "audience" { hostile report "$BATS_FILE_TMPDIR/pairs" "audience"; }
@test "branch" { hostile report "$BATS_FILE_TMPDIR/pairs" "branch"; }
@test "branch name" { hostile report "$BATS_FILE_TMPDIR/pairs" "branch name"; }

@test "a script with such values starts only what scripts start" {
  command -v strace >/dev/null || skip "strace is not installed"
  strace -o "$BATS_TEST_TMPDIR/trace" true 2>/dev/null || skip "strace may not trace here"
  mkdir "$BATS_FILE_TMPDIR/sample"
  hostile sample "$BATS_FILE_TMPDIR/sample"
}

@test "such scripts are free of findings" {
  local scripts=("$BATS_FILE_TMPDIR"/sample/*/out/*/{provision,rollback}.sh)
  [ -e "${scripts[0]}" ] || skip "there are none: the test before made none"
  shellcheck "${scripts[@]}"
  shfmt -d -i 2 "${scripts[@]}"
}
