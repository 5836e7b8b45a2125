#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# rehearse: emitted scripts with the real az against the simulator. Each of these takes about two minutes,
# nearly all of them az's own. CHECKS=all adds every example, in rehearse-whole.bats and rehearse-split.bats.
load simulation

setup() {
  only_with_az
  go_to_the_lab
}

teardown() {
  nothing_is_left
}

@test "contoso, with a page into a home that is hidden meanwhile" {
  export HOME=$BATS_TEST_TMPDIR/home
  mkdir "$HOME"
  good contoso --report "$HOME/page.html"
  [ "$(ls -A "$HOME")" = page.html ]
  [ "$(stat -c %a "$HOME/page.html")" = 644 ]
  grep -q 'The rehearsal passed' "$HOME/page.html"
  jq -e '.proven and (.result | [.identities, .assignments, .connections | length] == [1, 2, 1])' result.json
  # changes have their body, laid out; the read of a role's name has none
  jq -e '[.phases[] | select(.kind == "provision") | .calls[] | select(.write and has("body")) | .body | fromjson] |
    length >= 4 and any(.properties.roleDefinitionId != null)' result.json
  jq -e '[.phases[].calls[] | select(.write | not) | has("body")] | any | not' result.json
  page_is_right "$HOME/page.html"
}

@test "service-principal" {
  good service-principal
}

@test "cross-tenant, with two tenants" {
  good cross-tenant
  [ "$(tenants | wc -l)" = 2 ]
}

@test "existing-identity, by the administrators" {
  good existing-identity --split
  jq -e '[.phases[] | select(.kind == "provision") | .person] | unique | length >= 2' result.json
}
