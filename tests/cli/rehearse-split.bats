#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every example is rehearsed by the administrators: the numbered scripts.
load simulation

setup() {
  only_with_az
  only_when_all
  go_to_the_lab
}

teardown() {
  nothing_is_left
}

@test "no example is missing here" {
  diff <(sed -n 's/^  good \([a-z-]*\).*/\1/p' "$SRCDIR/tests/cli/rehearse-split.bats") \
    <(cd "$SRCDIR/examples" && printf '%s\n' *.ini | sed 's/\.ini$//')
}

@test "contoso" {
  good contoso --split
}

@test "cross-tenant" {
  good cross-tenant --split
}

@test "existing-application" {
  good existing-application --split
}

@test "existing-identity" {
  good existing-identity --split
}

@test "fleet" {
  good fleet --split
}

@test "government" {
  good government --split
}

@test "management-group" {
  good management-group --split
}

@test "ml-workspace" {
  good ml-workspace --split
}

@test "nasty" {
  good nasty --split
}

@test "service-principal" {
  good service-principal --split
  jq -e '[.phases[] | select(.kind == "provision") | .person] | unique | length == 3' result.json
}

@test "shared-identity" {
  good shared-identity --split
}
