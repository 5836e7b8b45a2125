#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What each script says and does for what it finds: accepts, adds, reports or stops.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034  # JMESPath has backquotes; each test is a subshell; scripts.bash uses them

load scripts

T=11111111-1111-1111-1111-111111111111
S=22222222-2222-2222-2222-222222222222
OTHER=99999999-0000-4000-8000-000000000000
ENDPOINT='organizations.contoso.endpoints.*'
CREDENTIAL='values(identities)[0].credentials.*'
PERMISSIONS='values(organizations.contoso.endpoints)[0].permissions.*'
APPLICATION='tenants."11111111-1111-1111-1111-111111111111".applications.*'
MARK=' [azdo-wif:960779d1]'

setup_file() {
  serve_az
  generate_once contoso service-principal government existing-identity cross-tenant shared-identity
}

teardown_file() {
  stop_az
}

# example NAME [CONNECTION]: a fresh world and the scripts for it.
example() {
  local folder
  EXAMPLE=$1
  for folder in "$OUT/$1/${2:-}"*/; do
    SCRIPTS=$folder
  done
  fresh_world "$1"
  if [ "$1" = government ] || [ "$1" = cross-tenant ]; then
    export AZDO_WIF_DEVOPS_CONFIG_DIR=$BATS_TEST_TMPDIR/devops
  fi
}

# changed EXPRESSION PATCH...: contoso as provision.sh left it, but for these changes.
changed() {
  example contoso
  provisioned
  while [ $# -gt 0 ]; do
    world edit "$1" "$2"
    shift 2
  done
}

# without_roles: something that a run which does not stop would write.
without_roles() {
  world set '{"roleAssignments": null}'
}

# stops HAVE WANT: every way of running says the conflict, and none writes.
stops() {
  cp "$AZ_WORLD" "$BATS_TEST_TMPDIR/kept.json"
  script 1 provision.sh --yes
  says "conflict: have $1, want $2" 'stopped at the conflict; nothing further was written'
  script 1 provision.sh --dry-run
  says "conflict: have $1, want $2"
  script 1 verify.sh
  says "conflict: have $1, want $2"
  wrote 0
  world diff "$BATS_TEST_TMPDIR/kept.json" "$AZ_WORLD"
}

# reports TEXT: found beyond the description or harmlessly different: said, and left alone.
reports() {
  cp "$AZ_WORLD" "$BATS_TEST_TMPDIR/kept.json"
  script 0 provision.sh --yes
  says "$1"
  script 0 provision.sh --dry-run
  says "$1"
  script 1 verify.sh
  says "$1"
  wrote 0
  world diff "$BATS_TEST_TMPDIR/kept.json" "$AZ_WORLD"
}

# adds TITLE: the dry run says it would, and one write does it.
adds() {
  script 0 provision.sh --dry-run
  says "$1"$'\n   would add'
  script 1 verify.sh
  says "$1"$'\n   missing'
  wrote 0
  script 0 provision.sh --yes
  says "$1"
  [[ $output == *"$1"$'\n   $ az rest'*$'\n   added'* ]]
  wrote 1
}

# updates TEXT: --update mends it with one write, once.
updates() {
  script 0 provision.sh --dry-run --update
  says "differs (harmless): $1"
  wrote 0
  script 0 provision.sh --yes --update
  says $'\n   updated'
  wrote 1
  script 0 provision.sh --yes --update
  says_not "differs"
  wrote 1
  script 0 verify.sh
}

# --- the connection -------------------------------------------------------------------------------

@test "a connection for another tenant is a conflict" {
  changed "$ENDPOINT" "{\"parameters\": {\"tenantid\": \"$OTHER\"}}"
  without_roles
  stops "tenant $OTHER" "$T"
}

@test "a connection for another client id is a conflict" {
  changed "$ENDPOINT" "{\"parameters\": {\"serviceprincipalid\": \"$OTHER\"}}"
  without_roles
  stops "client id $OTHER" "$(world get 'values(identities)[0].resource.properties.clientId')"
}

@test "a connection of another scope level is a conflict" {
  changed "$ENDPOINT" '{"data": {"scopeLevel": "ManagementGroup"}}'
  without_roles
  stops 'scopeLevel ManagementGroup' Subscription
}

@test "a connection for another subscription is a conflict" {
  changed "$ENDPOINT" "{\"data\": {\"subscriptionId\": \"$OTHER\"}}"
  without_roles
  stops "subscriptionId $OTHER" "$S"
}

@test "a connection of another scheme is a conflict" {
  changed "$ENDPOINT" '{"scheme": "ServicePrincipal"}'
  without_roles
  stops 'scheme ServicePrincipal' WorkloadIdentityFederation
}

@test "a connection for another environment is a conflict" {
  changed "$ENDPOINT" '{"data": {"environment": "AzureChinaCloud"}}'
  without_roles
  stops 'environment AzureChinaCloud' AzureCloud
}

@test "a connection of this name before there is an identity is a conflict" {
  changed @ '{"identities": null}'
  script 1 provision.sh --dry-run
  says 'conflict: have a connection of this name for client id' 'which does not exist yet'
  wrote 0
}

@test "two connections of one name are a conflict that names both ids" {
  changed
  local one
  one=$(world get "$ENDPOINT | [0]")
  world edit 'organizations.contoso.endpoints' "{\"$OTHER\": $one}"
  world edit "organizations.contoso.endpoints.\"$OTHER\"" "{\"id\": \"$OTHER\"}"
  without_roles
  local first second
  first=$(world get "$ENDPOINT.id | [0]") second=$(world get "$ENDPOINT.id | [1]")
  [ "$first" != "$second" ]
  stops "two connections of this name ($first and $second): someone else ran too" one
}

@test "a connection that another run makes at the same time is noticed" {
  example contoso
  provisioned
  local one
  one=$(world get "$ENDPOINT | [0]")
  example contoso
  # the reply to our creation is late: the other run's connection is there as well by then
  world fault '{"match": {"method": "POST", "url": "serviceendpoint"}, "kind": "lost-reply"}'
  world set "{\"settings\": {\"createPolls\": 0}}"
  world edit 'organizations.contoso' "{\"endpoints\": {\"$OTHER\": null}}"
  cat >"$BATS_TEST_TMPDIR/second" <<END
world edit organizations.contoso.endpoints '{"$OTHER": $one}'
world edit 'organizations.contoso.endpoints."$OTHER"' '{"id": "$OTHER"}'
END
  mkdir "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/bash\nworld() { "%s/tests/world/world.py" "$@"; }\n. "%s"\n' "$SRCDIR" \
    "$BATS_TEST_TMPDIR/second" >"$BATS_TEST_TMPDIR/bin/sleep"
  chmod +x "$BATS_TEST_TMPDIR/bin/sleep"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH script 1 provision.sh --yes
  says "$OTHER" 'two connections of this name' 'someone else ran too'
  [ "$(world log "length([?method=='POST'])")" = 1 ]
}

@test "a connection of this name that is not to be seen is a conflict, not a retry" {
  changed "$ENDPOINT" '{"hidden": true}'
  script 1 provision.sh --yes
  says 'conflict: have a service connection of this name that you may not see, want to create it'
  [ "$(world log '[?write].[method, status]')" = '[["POST",500]]' ]
  [ ! -e "$SLEPT" ]
}

@test "a connection that may be listed but not read is said to be that" {
  changed 'profiles.*' '{"rights": {"arm": [{"scope": "/", "actions": ["*"]}], "graph": ["*"],
    "devops": ["endpoint/read"]}}' "$ENDPOINT" '{"admins": []}'
  script 4 provision.sh --yes
  says 'exists, but you may not read it: ask its administrator for the User role on it'
  wrote 0
}

@test "a connection whose last operation failed is seen and reported" {
  changed "$ENDPOINT" '{"state": "Failed"}'
  reports "differs (harmless): Azure DevOps reports the connection's last operation as failed"
}

@test "another description is harmless, and --update brings ours back" {
  changed "$ENDPOINT.references[]" "{\"description\": \"by hand$MARK\"}"
  reports 'differs (harmless): the description'
  updates 'the description'
  [ "$(world get "$ENDPOINT.references[].description | [0]")" = "Deploys Payments to production$MARK" ]
}

@test "--update gives no mark to a connection without one: rollback would take it for ours" {
  changed "$ENDPOINT.references[]" '{"description": "by hand"}'
  reports 'differs (harmless): the description'
  updates 'the description'
  [ "$(world get "$ENDPOINT.references[].description | [0]")" = "Deploys Payments to production" ]
}

@test "a description without our mark is the same" {
  changed "$ENDPOINT.references[]" '{"description": "Deploys Payments to production"}'
  script 0 verify.sh
  says_not differs
}

@test "another subscription name is harmless and stays: the service does not change it" {
  changed "$ENDPOINT" '{"data": {"subscriptionName": "Renamed"}}'
  reports 'differs (harmless): subscriptionName is Renamed'
  script 0 provision.sh --yes --update
  wrote 0
}

# --- issuer and subject ---------------------------------------------------------------------------

@test "another issuer than expected stops before the credential and says how to accept it" {
  example contoso
  world edit organizations.contoso '{"issuer": "azure-devops"}'
  script 1 provision.sh --yes
  says 'conflict: have the azure-devops issuer (https://vstoken.dev.azure.com/' \
    'want the entra issuer' 'set issuer = azure-devops for this connection in the INI'
  [ "$(world get "length($CREDENTIAL)")" = 0 ]
  [ "$(world get 'roleAssignments')" = null ]
  example government
  world edit organizations.contoso '{"issuer": "entra"}'
  script 1 provision.sh --yes
  says 'conflict: have the entra issuer (https://login.microsoftonline.com/' \
    'want the azure-devops issuer' 'set issuer = entra for this connection in the INI'
  [ "$(world get "length($CREDENTIAL)")" = 0 ]
}

@test "a subject or an issuer of no known shape goes nowhere" {
  local patch good=/eid1/c/pub/t/EREREREREREREREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA/sc
  for patch in '{"subject": "x\", \"audiences\": [\"y\"], \"z\": \""}' \
    "{\"subject\": \"$good/$T/$S\"}" "{\"subject\": \"$good/33333333-3333-4333-8333-333333333333/$S\"}" \
    '{"subject": "sc://contoso/Payments/payments-prod"}' \
    "{\"issuer\": \"https://login.microsoftonline.com.evil.example/$T/v2.0\"}" \
    "{\"issuer\": \"https://login.microsoftonline.com/$T/v2.0/\"}" '{"issuer": "http://x"}'; do
    changed 'identities.*' '{"credentials": {"contoso-payments-payments-prod-75cf1baf": null}}' \
      "$ENDPOINT" "$patch"
    script 4 provision.sh --yes
    says 'shape' || says 'names another organization or connection'
    wrote 0
  done
}

# --- federated credentials ------------------------------------------------------------------------

@test "a credential of our name with another issuer, subject or audience is a conflict" {
  local name issuer subject
  changed
  name=$(world get "$CREDENTIAL | [0].name") issuer=$(world get "$CREDENTIAL | [0].issuer")
  subject=$(world get "$CREDENTIAL | [0].subject")
  changed "$CREDENTIAL" '{"issuer": "https://issuer.example"}'
  without_roles
  stops "issuer of $name: https://issuer.example" "$issuer"
  changed "$CREDENTIAL" '{"subject": "sc://a/b/c"}'
  without_roles
  stops "subject of $name: sc://a/b/c" "$subject"
  changed "$CREDENTIAL" '{"audiences": ["api://Other"]}'
  without_roles
  stops "audience of $name: api://Other" api://AzureADTokenExchange
}

@test "a subject that differs in letter case only is a conflict" {
  local subject
  changed
  subject=$(world get "$CREDENTIAL | [0].subject")
  changed "$CREDENTIAL" "{\"subject\": \"${subject/pub/PUB}\"}"
  without_roles
  stops "subject of contoso-Payments-payments-prod-75cf1baf: ${subject/pub/PUB}" "$subject"
}

# renamed [AUDIENCE]: our issuer and subject under the name `by-hand`.
renamed() {
  local one
  changed
  one=$(world get "$CREDENTIAL | [0]")
  world edit 'identities.*.credentials' "{\"contoso-payments-payments-prod-75cf1baf\": null, \"by-hand\": $one}"
  world edit "$CREDENTIAL" "{\"name\": \"by-hand\", \"audiences\": [\"${1:-api://AzureADTokenExchange}\"]}"
}

@test "our issuer and subject under another name: the same audience is accepted, another is a conflict" {
  renamed
  script 0 provision.sh --yes
  says 'its name is by-hand, not contoso-Payments-payments-prod-75cf1baf'
  wrote 0
  script 0 verify.sh
  renamed api://Other
  without_roles
  stops 'audience of by-hand, which has this issuer and subject: api://Other' api://AzureADTokenExchange
}

@test "no room for a 21st credential is a conflict before the write" {
  local i all=''
  changed
  for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
    all="$all${all:+, }\"other-$i\": {\"name\": \"other-$i\", \"issuer\": \"https://x\", \"subject\": \"s$i\", \"audiences\": [\"a\"]}"
  done
  world edit 'identities.*.credentials' "{\"contoso-payments-payments-prod-75cf1baf\": null, $all}"
  stops '20 federated credentials on this identity' 'room for one more'
}

# --- more than described --------------------------------------------------------------------------

@test "a credential beyond the description is reported and stays" {
  changed 'identities.*.credentials' '{"other-1": {"name": "other-1", "issuer": "https://x", "subject": "s1", "audiences": ["a"]}}'
  reports 'extra: federated credential other-1 for s1'
}

@test "an existing identity may serve others: their credentials are no difference" {
  example existing-identity
  provisioned
  world edit 'identities.*.credentials' '{"other-1": {"name": "other-1", "issuer": "https://x", "subject": "s1", "audiences": ["a"]}}'
  script 0 verify.sh
  says 'also there: federated credential other-1 for s1'
  says_not extra
}

@test "a role beyond the description is reported and stays" {
  local one scope=/subscriptions/$S/resourceGroups/rg-payments
  changed
  one=$(world get 'roleAssignments.* | [0]')
  world edit roleAssignments "{\"x\": $one}"
  world edit 'roleAssignments.x' "{\"name\": \"$OTHER\", \"properties\": {\"scope\": \"$scope\", \"roleDefinitionId\":
    \"/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635\"}}"
  reports "extra: role 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 at $scope"
}

@test "pipelines beyond the description are reported and stay" {
  changed "$PERMISSIONS" '{"pipelines": [{"id": 12, "authorized": true},
    {"id": 47, "authorized": true}, {"id": 48, "authorized": true}]}'
  reports 'extra: pipeline 48 is authorized'
  changed "$PERMISSIONS" '{"all": {"authorized": true}}'
  reports 'extra: all pipelines are authorized'
}

@test "a share beyond the description is reported and stays" {
  example contoso
  provisioned
  local references
  references=$(world get "$ENDPOINT.references | [0]")
  world edit organizations.contoso.projects '{"other": {"id": "55555555-5555-4555-8555-555555555509",
    "name": "Other", "state": "wellFormed", "pipelines": []}}'
  world edit "$ENDPOINT" "{\"references\": [${references:1:${#references}-2},
    {\"projectId\": \"55555555-5555-4555-8555-555555555509\", \"name\": \"payments-prod\", \"description\": \"\"}]}"
  reports 'extra: shared with project 55555555-5555-4555-8555-555555555509'
}

@test "connections of one identity do not report each other" {
  local one
  example shared-identity payments-report
  for one in payments-build payments-deploy payments-report; do
    SCRIPTS=$OUT/shared-identity/$one
    script 0 provision.sh --yes
  done
  for one in payments-build payments-deploy payments-report; do
    SCRIPTS=$OUT/shared-identity/$one
    script 0 verify.sh
    says_not extra differs 'also there'
  done
  # the identity stays as long as another connection uses it
  SCRIPTS=$OUT/shared-identity/payments-build
  script 0 rollback.sh --yes --confirm payments-build --delete-identity
  says '   left: '
  [ "$(world get 'length(values(identities))')" = 1 ]
  for one in payments-deploy payments-report; do
    SCRIPTS=$OUT/shared-identity/$one
    script 0 verify.sh
    script 0 rollback.sh --yes --confirm "$one" --delete-identity
  done
  [ "$(world get 'length(values(identities))')" = 0 ]
}

# --- less than described --------------------------------------------------------------------------

@test "a missing pipeline is added, and the others stay" {
  changed "$PERMISSIONS" '{"pipelines": [{"id": 12, "authorized": true}, {"id": 48, "authorized": true}]}'
  script 0 provision.sh --dry-run
  says 'would add'
  wrote 0
  script 0 provision.sh --yes
  says added 'extra: pipeline 48 is authorized'
  wrote 1
  [ "$(world get "sort($PERMISSIONS.pipelines[][].id)")" = '[12,47,48]' ]
}

@test "a missing role is added" {
  changed
  world set "$(world get 'roleAssignments' | /usr/bin/python3 -c '
import json, sys
print(json.dumps({"roleAssignments": {sorted(json.load(sys.stdin))[0]: None}}))')"
  adds 'Role Contributor @ /subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-payments'
}

@test "a role that somebody assigned under another name is there" {
  changed 'roleAssignments.*' "{\"name\": \"$OTHER\"}"
  script 0 provision.sh --yes
  says_not extra
  wrote 0
}

@test "a missing share is added" {
  example government
  provisioned
  world edit "$ENDPOINT" "{\"references\": $(world get "$ENDPOINT | [0].references[:2]")}"
  script 0 provision.sh --dry-run
  says $'Share with project Agency Data\n   would add'
  wrote 0
  script 0 provision.sh --yes
  wrote 1
  [ "$(world get "length($ENDPOINT.references[])")" = 3 ]
  script 0 verify.sh
}

@test "missing checks are added, each by one POST" {
  example service-principal
  provisioned
  world edit organizations.contoso '{"checks": null}'
  script 0 provision.sh --dry-run
  [ "$(grep -c 'would add' <<<"$output")" = 3 ]
  script 0 provision.sh --yes
  wrote 3
  [ "$(world get 'length(organizations.contoso.checks)')" = 3 ]
  script 0 verify.sh
}

@test "checks that ask for something else are conflicts" {
  example service-principal
  provisioned
  world edit 'organizations.contoso.checks[?type.name==`Approval`]' '{"settings": {"minRequiredApprovers": 2}}'
  stops 'required approvals 2' 1
  provisioned
  world edit 'organizations.contoso.checks[?type.name==`Approval`]' \
    '{"settings": {"approvers": [{"id": "44444444-4444-4444-4444-444444444441"}]}}'
  stops 'approvers 44444444-4444-4444-4444-444444444441' \
    '44444444-4444-4444-4444-444444444441 44444444-4444-4444-4444-444444444442'
  provisioned
  world edit 'organizations.contoso.checks[?type.name==`"Task Check"`]' '{"settings": {"inputs": {"allowedBranches": "refs/heads/*"}}}'
  stops 'allowed branches refs/heads/*' 'refs/heads/main'
}

# --- the identity ---------------------------------------------------------------------------------

@test "other tags are harmless; --update mends ours and keeps the others" {
  example cross-tenant
  provisioned
  world edit 'identities.*.resource' '{"tags": {"cost center": "1", "by hand": "x"}}'
  reports 'differs (harmless): tags'
  updates tags
  [ "$(world get 'values(identities)[0].resource.tags | ["cost center", "by hand", owner]')" = \
    '["4711","x","platform team"]' ]
  world edit 'identities.*.resource' '{"tags": {"more": "y"}}'
  script 0 verify.sh
}

@test "an identity without our mark is not made ours by --update" {
  changed 'identities.*.resource' '{"tags": {"azdo-wif": null}}'
  script 0 provision.sh --yes --update
  wrote 0
  script 0 rollback.sh --yes --confirm payments-prod --delete-identity
  says 'left: it existed before: it does not carry the tag of this description'
}

@test "another location is harmless and stays" {
  changed 'identities.*.resource' '{"location": "northeurope"}'
  reports 'differs (harmless): location is northeurope'
}

@test "an identity whose client id is another than the INI's is a conflict" {
  example existing-identity
  world edit 'identities.*.resource' "{\"properties\": {\"clientId\": \"$OTHER\"}}"
  stops "client id $OTHER" 55555555-5555-5555-5555-555555555555
}

@test "an existing identity that does not exist is never created" {
  example existing-identity
  world set '{"identities": null}'
  script 1 provision.sh --yes
  says 'what should exist already does not; nothing further was written'
  wrote 0
}

@test "an application of the same display name is a conflict that says how to use it" {
  example service-principal
  world edit "tenants.\"$T\"" "{\"applications\": {\"$OTHER\": {\"id\": \"$OTHER\", \"appId\": \"$S\",
    \"displayName\": \"Payments deployment\", \"uniqueName\": null, \"signInAudience\": \"AzureADMyOrg\",
    \"tags\": [], \"owners\": [], \"credentials\": {}}}}"
  stops "an app of this display name (client id $S)" "a new app. To use that one set client_id = $S"
}

@test "a multitenant application is a conflict" {
  example service-principal
  provisioned
  world edit "$APPLICATION" '{"signInAudience": "AzureADMultipleOrgs"}'
  stops 'signInAudience AzureADMultipleOrgs' AzureADMyOrg
}

@test "another display name is harmless, and --update mends it" {
  example service-principal
  provisioned
  world edit "$APPLICATION" '{"displayName": "By hand"}'
  reports 'differs (harmless): the display name'
  updates 'the display name'
}

@test "a missing owner is added" {
  example service-principal
  provisioned
  world edit "$APPLICATION" '{"owners": ["33333333-3333-3333-3333-333333333331"]}'
  script 0 provision.sh --dry-run
  says 'would add'
  script 0 provision.sh --yes
  wrote 1
  script 0 verify.sh
}

# --- what the description takes for granted -------------------------------------------------------

@test "an organization or a project of another id is a conflict" {
  example cross-tenant
  world edit organizations.fabrikam "{\"id\": \"$OTHER\"}"
  script 1 provision.sh --yes
  says "conflict: have organization id $OTHER, want 66666666-6666-6666-6666-666666666666"
  [ "$(world log "length([?write && contains(url, 'dev.azure.com')])")" = 0 ]
}

@test "a project that is being deleted is a conflict" {
  changed 'organizations.contoso.projects.*' '{"state": "deleting"}'
  without_roles
  stops 'project state deleting' wellFormed
}

@test "a role or a scope that does not exist is a conflict" {
  changed
  world edit "subscriptions.\"$S\".groups" '{"rg-secrets": null}'
  script 1 provision.sh --yes
  says 'conflict: have nothing at the scope, want a scope and a role that exist'
  wrote 0
}

@test "rollback leaves what this description did not make" {
  local one
  changed "$ENDPOINT.references[]" '{"description": "by hand"}' \
    "$CREDENTIAL" '{"issuer": "https://issuer.example"}' \
    'identities.*.resource' '{"tags": {"azdo-wif": null}}'
  one=$(world get 'roleAssignments.* | [0]')
  without_roles
  world set "{\"roleAssignments\": {\"/subscriptions/$S/resourcegroups/rg-payments/providers/microsoft.authorization/roleassignments/$OTHER\": $one}}"
  world edit 'roleAssignments.*' "{\"name\": \"$OTHER\"}"
  script 0 rollback.sh --yes --confirm payments-prod --delete-identity
  says 'left: it existed before: its description does not end in the mark' 'https://issuer.example' \
    'left: it existed before: it does not carry the tag of this description; federated credential'
  wrote 0
}

@test "rollback asks for the connection's name, and takes no other" {
  changed
  script 2 rollback.sh --yes
  script 2 rollback.sh --yes --confirm payments
  wrote 0
}
