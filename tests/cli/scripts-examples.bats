#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every connection of every example: its scripts write what its plan.json says, and take it back.

load scripts

# Two connections at a time; each test below waits for its own.
# shellcheck disable=SC2016  # the inner shell expands it
setup_file() {
  serve_az
  generate_once contoso cross-tenant existing-application existing-identity fleet government management-group \
    ml-workspace nasty service-principal shared-identity
  # the twelve of fleet differ in names and ids alone
  [ "${CHECKS-}" = all ] || rm -r "$OUT"/fleet/*-{dev,test,stage}
  all_connections |
    PATH=/usr/bin:/bin xargs -P 2 -L 1 sh -c 'mkdir -p "$2/run/$0" && cd "$2/run/$0" &&
      "$1/tests/cli/battery.py" "${0%%/*}" "$2/out/$0" "$PWD" >said 2>&1; echo $? >status.new
      mv status.new status' 2>"$BATS_FILE_TMPDIR/xargs" 3>&- &
  export BATTERIES=$!
}

all_connections() {
  local path
  for path in "$OUT"/*/*/plan.json; do
    path=${path#"$OUT/"}
    printf '%s %s %s\n' "${path%/plan.json}" "$SRCDIR" "$BATS_FILE_TMPDIR"
  done
}

teardown_file() {
  kill "$BATTERIES" 2>/dev/null || true
  stop_az
}

# all_right EXAMPLE COUNT: so many connections, and nothing wrong with any.
all_right() {
  local folder run bad=0 count=0
  for folder in "$OUT/$1"/*/; do
    run=$BATS_FILE_TMPDIR/run/$1/$(basename "$folder")
    until [ -e "$run/status" ]; do
      kill -0 "$BATTERIES" 2>/dev/null || [ -e "$run/status" ] || {
        echo "$run: was not run"
        return 1
      }
      /bin/sleep 0.2
    done
    count=$((count + 1))
    [ "$(cat "$run/status")" = 0 ] || {
      bad=$((bad + 1))
      cat "$run/said"
    }
  done
  [ "$count" -eq "$2" ] && [ "$bad" -eq 0 ]
}

@test "contoso: a managed identity for one connection" {
  all_right contoso 1
}

@test "cross-tenant: two profiles, a resource group, a share" {
  all_right cross-tenant 1
}

@test "existing-identity: only a credential is added to it" {
  all_right existing-identity 1
}

@test "existing-application: only a credential is added to it" {
  all_right existing-application 1
}

@test "fleet: its twelve connections, or three of them" {
  if [ "${CHECKS-}" = all ]; then all_right fleet 12; else all_right fleet 3; fi
}

@test "government: two clouds, the Azure DevOps issuer, three credentials" {
  all_right government 1
}

@test "management-group: an application" {
  all_right management-group 1
}

@test "ml-workspace" {
  all_right ml-workspace 1
}

@test "nasty: names that are legal and nasty" {
  all_right nasty 1
  [ ! -e /tmp/pwned ]
}

@test "service-principal: owners and checks" {
  all_right service-principal 1
}

@test "shared-identity: each connection by itself" {
  all_right shared-identity 3
}

@test "no example is left out" {
  local example
  for example in "$SRCDIR"/examples/*.ini; do
    [ -d "$OUT/$(basename "$example" .ini)" ]
  done
}
