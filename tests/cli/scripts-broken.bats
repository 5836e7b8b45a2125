#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Scripts that were broken on purpose: the checks of the other files notice each of them.
# shellcheck disable=SC2016  # the patterns are parts of scripts

load scripts

# A test of tests, which takes minutes: CHECKS=all has time for it.
setup() {
  [ "${CHECKS-}" = all ] || skip 'only with ./quickstart test --all'
}

setup_file() {
  [ "${CHECKS-}" = all ] || return 0
  serve_az
  generate_once contoso
}

teardown_file() {
  [ "${CHECKS-}" = all ] || return 0
  stop_az
}

# broken SED: the scripts of contoso, changed so.
broken() {
  local one
  SCRIPTS=$BATS_TEST_TMPDIR/payments-prod
  cp -R "$OUT/contoso/payments-prod" "$SCRIPTS"
  for one in "$SCRIPTS"/*.sh; do
    sed -i -E "$1" "$one"
  done
  ! cmp -s "$SCRIPTS/provision.sh" "$OUT/contoso/payments-prod/provision.sh"
  bash -n "$SCRIPTS/provision.sh"
  fresh_world contoso
}

# noticed SED TEXT: the battery says TEXT of scripts that were changed so.
noticed() {
  broken "$1"
  mkdir "$BATS_TEST_TMPDIR/bench"
  run "$SRCDIR/tests/cli/battery.py" contoso "$SCRIPTS" "$BATS_TEST_TMPDIR/bench"
  [ "$status" -eq 1 ]
  says "$2"
}

@test "a look that is left out" {
  noticed '/^pipelines_look\(\) \{/a found=part; return 0' 'gave up after'
}

@test "a look that sees what is not there" {
  noticed '/^credential_1_look\(\) \{/a found=same; return 0' 'does not say would create'
}

@test "one byte of a body" {
  noticed 's/^    "scopeLevel": /    "scopelevel": /' 'scopelevel'
  rm -rf "$BATS_TEST_TMPDIR/payments-prod" "$BATS_TEST_TMPDIR/bench"
  noticed 's/^  "isReady": true/  "isReady":  true/' 'body of connection differ'
}

@test "another version of an interface" {
  noticed '/--method put/{n;s/api-version=2023-01-31/\0\&x=/}' 'x='
}

@test "steps in another order" {
  noticed '/^  step .* pipelines_look/{h;d};/^  step .* credential_1_look/G' 'the writes differ'
}

@test "a second write where one is planned" {
  noticed 's/^pipelines_make\(\) \{/&\n  : again; az rest --method patch --url https:\/\/dev.azure.com\/ || :/' writes
}

@test "a temporary file that stays" {
  noticed 's/^  trap finish EXIT$/  :/' 'left temporary files'
}

@test "an argument that az would take for a file" {
  noticed 's/^    --query .\[instanceId\].*/&/;s/--method get --resource/--only-show-errors --query=@x --method get --resource/' '=@'
}

@test "a comparison that is left out" {
  broken 's/^  expect scheme .*/  :/'
  script 0 provision.sh --yes
  world edit 'organizations.contoso.endpoints.*' '{"scheme": "ServicePrincipal"}'
  forget
  run bash "$SCRIPTS/provision.sh" --dry-run </dev/null
  says_not 'conflict: have scheme ServicePrincipal, want WorkloadIdentityFederation'
}

@test "a write that is repeated without a look" {
  local stale='{"match": {"method": "GET", "url": "endpointNames"}, "nth": 2, "kind": "reply", "status": 200,
    "body": {"count": 0, "value": []}}'
  broken 's/if \[ "\$accepted" = no \] && "\$2"; then/if "$2"; then/'
  world fault "$stale"
  script 1 provision.sh --yes
  says DuplicateServiceConnection || says 'that you may not see'
  SCRIPTS=$OUT/contoso/payments-prod
  fresh_world contoso
  world fault "$stale"
  script 0 provision.sh --yes
  [ "$(world log "length([?method=='POST'])")" = 1 ]
}
