#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every example is rehearsed whole: provision.sh by one person.
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
  diff <(sed -n 's/^  good \([a-z-]*\).*/\1/p' "$SRCDIR/tests/cli/rehearse-whole.bats") \
    <(cd "$SRCDIR/examples" && printf '%s\n' *.ini | sed 's/\.ini$//')
}

@test "contoso" {
  good contoso
}

@test "cross-tenant" {
  good cross-tenant
}

@test "existing-application" {
  good existing-application
}

@test "existing-identity" {
  good existing-identity
}

@test "fleet" {
  good fleet
}

@test "government" {
  good government
  [ "$(tenants | wc -l)" = 2 ]
  # the organization's own sign-in is the public cloud's, and az asks there for subscriptions
  jq -e '[.phases[] | select(.kind != "sign-in") | .calls[].host] | any(. == "management.usgovcloudapi.net") and
    any(. == "dev.azure.com") and all(. != "management.azure.com")' result.json
}

@test "management-group" {
  good management-group
}

@test "ml-workspace" {
  good ml-workspace
}

@test "nasty" {
  good nasty
}

@test "service-principal" {
  good service-principal
}

@test "shared-identity" {
  good shared-identity
}
