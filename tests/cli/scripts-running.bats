#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Arguments, preflight, questions, what is printed and what is run.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034  # scripts.bash uses them; each test is a subshell

load scripts

S=22222222-2222-2222-2222-222222222222
ALL='provision.sh 1-identity.sh 2-connection.sh 3-federation.sh 4-roles.sh verify.sh rollback.sh'

setup_file() {
  serve_az
  generate_once contoso cross-tenant
}

teardown_file() {
  stop_az
}

setup() {
  EXAMPLE=contoso SCRIPTS=$OUT/contoso/payments-prod
  fresh_world contoso
}

cross_tenant() {
  EXAMPLE=cross-tenant SCRIPTS=$OUT/cross-tenant/customer-prod
  fresh_world cross-tenant
  export AZDO_WIF_DEVOPS_CONFIG_DIR=$BATS_TEST_TMPDIR/devops
}

@test "--help of every script: usage and sign-in, without a call" {
  local one
  for one in $ALL; do
    script 0 "$one" --help
    says "usage: $one" 'az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions'
  done
  [ ! -e "$AZ_WORLD.log" ]
}

@test "a wrong argument is refused before anything is called" {
  local one
  for one in $ALL; do
    script 2 "$one" --frobnicate
    says 'unknown argument: --frobnicate; see --help'
    script 2 "$one" payments-prod
  done
  script 2 provision.sh --record
  says '--record needs a value'
  script 2 2-connection.sh --handover
  script 2 rollback.sh --part everything
  says '--part is federation, connection, roles or identity'
  script 2 rollback.sh --part
  script 2 rollback.sh --confirm
  [ ! -e "$AZ_WORLD.log" ]
}

@test "without a terminal and --yes nothing is written" {
  local one
  for one in provision.sh 1-identity.sh; do
    script 2 "$one"
    says 'no terminal'
  done
  wrote 0
  provisioned
  script 2 rollback.sh
  wrote 0
}

# answering TEXT SCRIPT ARGUMENT...: at a terminal, where somebody types TEXT.
answering() {
  local text=$1 name=$2
  shift 2
  run timeout --foreground 60 /usr/bin/script -qec "bash '$SCRIPTS/$name' $*" /dev/null <<<"$text"
}

@test "at a terminal only the whole word goes on" {
  answering no provision.sh
  [ "$status" -eq 2 ] || printf '%s: %s\n' "$status" "$output"
  [ "$status" -eq 2 ]
  says 'Type yes to go on' 'not confirmed; nothing was written'
  wrote 0
  answering y provision.sh
  [ "$status" -eq 2 ]
  wrote 0
  answering yes provision.sh
  [ "$status" -eq 0 ]
  wrote 6
  forget
  answering yes rollback.sh
  [ "$status" -eq 2 ]
  says 'Type payments-prod to go on'
  wrote 0
  answering payments-prod rollback.sh
  [ "$status" -eq 0 ]
  says 'The new managed identity id-payments-prod in resource group rg-identities stays'
}

@test "every obstacle is said at once, each with what mends it" {
  cross_tenant
  world set '{"settings": {"azVersions": {"azure-cli": "2.39.0"}}, "profiles": {"devops": null}}'
  world edit 'profiles.""' '{"tenantId": "99999999-0000-4000-8000-000000000000", "subscriptions": []}'
  script 3 provision.sh --yes
  says 'az is 2.39.0; 2.40 or later is needed. Run: az upgrade' \
    'the identity side is in tenant 11111111-1111-1111-1111-111111111111, az is signed in to 99999999-0000-4000-8000-000000000000' \
    'az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions' \
    'az is not signed in for the devops side' \
    'az login --tenant 77777777-7777-7777-7777-777777777777 --allow-no-subscriptions' \
    'the preflight found 3 problem(s); nothing was written'
  wrote 0
}

@test "the wrong cloud is an obstacle, for Azure DevOps as well" {
  cross_tenant
  world edit 'profiles.*' '{"environmentName": "AzureChinaCloud"}'
  script 3 provision.sh --yes
  says 'the identity side is in cloud AzureCloud, az is set to AzureChinaCloud' \
    'the devops side is in cloud AzureCloud, az is set to AzureChinaCloud' 'found 2 problem(s)'
}

@test "an unreachable subscription and a missing right are obstacles, with the role that mends them" {
  world edit 'profiles.""' '{"subscriptions": ["99999999-0000-4000-8000-000000000000"]}'
  script 3 provision.sh --yes
  says "subscription $S is not reachable with this sign-in" 'activate it in PIM'
  fresh_world contoso
  world edit 'profiles.""' '{"rights": {"arm": [{"scope": "/", "actions": ["*"], "notActions":
    ["Microsoft.Authorization/*/write", "Microsoft.ManagedIdentity/userAssignedIdentities/write"]}],
    "graph": ["*"], "devops": ["*"]}}'
  script 3 provision.sh --yes
  says 'no right to Microsoft.Authorization/roleAssignments/write' 'Role Based Access Control Administrator' \
    'no right to Microsoft.ManagedIdentity/userAssignedIdentities/write' \
    'Managed Identity Contributor' 'if it is eligible in PIM, activate it there'
  wrote 0
}

@test "az that is not there, or does not run, is said to be that" {
  local tool
  mkdir "$BATS_TEST_TMPDIR/bin"
  for tool in bash cat rm mktemp tr sed; do
    ln -s "$(command -v "$tool")" "$BATS_TEST_TMPDIR/bin"
  done
  PATH=$BATS_TEST_TMPDIR/bin run "$(command -v bash)" "$SCRIPTS/provision.sh" --yes
  [ "$status" -eq 3 ]
  says 'az is not installed'
}

@test "a missing right of Azure DevOps is named when the service says so" {
  world edit 'profiles.""' '{"rights": {"arm": [{"scope": "/", "actions": ["*"]}], "graph": ["*"], "devops": ["endpoint/read"]}}'
  script 4 provision.sh --yes
  says 'Endpoint Creator in the project' 'activate it there' 'Access denied'
}

@test "only az and these utilities are run" {
  local tool
  mkdir "$BATS_TEST_TMPDIR/only"
  for tool in cat cp date dirname grep head mktemp mv rm sed tr wc; do
    ln -s "$(command -v "$tool")" "$BATS_TEST_TMPDIR/only"
  done
  ln -s "$SRCDIR/tests/cli/quick/"* "$BATS_TEST_TMPDIR/only"
  cross_tenant
  only() {
    local wanted=$1
    shift
    run env PATH="$BATS_TEST_TMPDIR/only" "$BASH" "$@" </dev/null
    says_not 'command not found'
    [ "$status" -eq "$wanted" ]
  }
  only 0 "$SCRIPTS/provision.sh" --yes --record evidence
  only 0 "$SCRIPTS/verify.sh"
  only 0 "$SCRIPTS/rollback.sh" --yes --confirm customer-prod --delete-identity
  for tool in 1-identity 2-connection 3-federation 4-roles; do
    only 0 "$SCRIPTS/$tool.sh" --yes
  done
  [ "$(ls "$HOME" -A)" = .azure ]
}

@test "what servers say is neutralised before it is printed" {
  local esc=$'\033'
  provisioned
  world edit 'organizations.contoso.endpoints.*' \
    '{"data": {"subscriptionName": "\u001b[31mred ##vso[task.setvariable variable=x]y \u202etxet \u2066 ##[error]no \u0085"}}'
  world edit 'identities.*.credentials' '{"x1": {"name": "x1", "issuer": "https://x",
    "subject": "##vso[task.complete]\r\n\u001b]0;title\u0007\u200b", "audiences": ["a"]}}'
  script 1 verify.sh
  says 'subscriptionName is' 'extra: federated credential x1 for '
  says_not "$esc" '##vso[' '##[error' $'\u202e' $'\u2066' $'\u200b' $'\u0085' $'\r' $'\a'
  # and an error, which az prints as it is
  world fault "{\"match\": {\"method\": \"GET\", \"url\": \"connectionData\"}, \"kind\": \"reply\", \"status\": 400,
    \"text\": \"##VSO[a] \\u001b[2J \\u202e ##[b] end\"}"
  script 4 verify.sh
  says 'a read failed' 'end'
  says_not "$esc" '##VSO[' '##[b' $'\u202e'
}

@test "values that a server makes up stop the run" {
  local patch
  for patch in '{"id": "x\" --url http://evil"}' '{"id": ""}'; do
    fresh_world contoso
    world edit organizations.contoso "$patch"
    script 4 provision.sh --yes
    says 'the service sent an organization id that is none'
    [ "$(world log "length([?write && contains(url, 'dev.azure.com')])")" = 0 ]
  done
  fresh_world contoso
  world fault '{"match": {"method": "GET", "url": "userAssignedIdentities/id-payments-prod[?]"}, "nth": 1, "times": 99,
    "kind": "reply", "status": 200, "body": {"location": "westeurope", "tags": {}, "properties":
    {"clientId": "$(touch pwned)", "principalId": "x", "tenantId": "11111111-1111-1111-1111-111111111111"}}}'
  script 4 provision.sh --yes
  says 'the service sent a client id that is none'
  [ ! -e pwned ]
}

@test "--record adds a line for each write to what is there, readable by its owner only" {
  echo earlier >evidence
  script 0 provision.sh --yes --record evidence
  [ "$(head -n 1 evidence)" = earlier ]
  [ "$(wc -l <evidence)" -eq 7 ]
  grep -q 'admin@contoso.example provision.sh created: Service connection payments-prod;.*connection_id=' evidence
  script 0 provision.sh --yes --record evidence
  [ "$(wc -l <evidence)" -eq 7 ]
  script 0 rollback.sh --yes --confirm payments-prod --delete-identity --record evidence
  [ "$(grep -c ' rollback.sh deleted: ' evidence)" -eq 5 ]
  script 3 provision.sh --yes --record /nonexistent/evidence
  wrote 11
}
