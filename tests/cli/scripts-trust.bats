#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Nobody but the described connection becomes trusted, and nothing that others need is taken away.
# shellcheck disable=SC2034  # scripts.bash uses them

load scripts

OTHER=99999999-0000-4000-8000-000000000000
GUIDS='/sc/99999999-0000-4000-8000-000000000000/99999999-0000-4000-8000-000000000001'

setup_file() {
  serve_az
  generate_once contoso existing-application cross-tenant government service-principal shared-identity
}

teardown_file() {
  stop_az
}

# on EXAMPLE CONNECTION: its scripts, in its world.
on() {
  EXAMPLE=$1 SCRIPTS=$OUT/$1/$2
  fresh_world "$1"
}

# put KEY VALUE: changes one field of the hand-over.
put() {
  sed -i "s|^$1=.*|$1=$2|" "${SCRIPTS##*/}.handover"
}

refused() {
  forget
  script "$1" "$2" --yes
  says "$3"
  wrote 0
}

@test "a hand-over cannot say otherwise what the description says: client id, organization id" {
  on existing-application payments-audit
  script 0 1-identity.sh --yes
  put client_id "$OTHER"
  refused 3 2-connection.sh "client_id is $OTHER, the description says 55555555"
}

@test "issuer and subject of another tenant are refused when there is only one tenant" {
  on contoso payments-prod
  script 0 1-identity.sh --yes
  script 0 2-connection.sh --yes
  cp payments-prod.handover kept
  put organization_id 99999999-0000-4000-8000-000000000000
  put connection_id 99999999-0000-4000-8000-000000000001
  put subject "/eid1/c/pub/t/EREREREREREREREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA$GUIDS"
  put issuer "https://login.microsoftonline.com/$OTHER/v2.0"
  refused 4 3-federation.sh 'the issuer names another tenant'
  cp kept payments-prod.handover
  sed -i 's|/t/EREREREREREREREREREREQ/|/t/AAAAAAAAAAAAAAAAAAAAAA/|' payments-prod.handover
  refused 4 3-federation.sh 'the subject names another tenant'
  cp kept payments-prod.handover
  sed -i 's|/a/rISbSSETf0KqFyZ8ppdXmA/|/a/BBBBBBBBBBBBBBBBBBBBBB/|' payments-prod.handover
  refused 4 3-federation.sh 'the subject is not one of Azure DevOps'
}

@test "a subject of another project or connection, or with a control character, is refused" {
  on government agency-prod
  export AZDO_WIF_DEVOPS_CONFIG_DIR=$HOME/devops
  mkdir -p "$AZDO_WIF_DEVOPS_CONFIG_DIR"
  script 0 1-identity.sh --yes
  script 0 2-connection.sh --yes
  cp agency-prod.handover kept
  put subject 'sc://contoso/Somebody Else/agency-prod'
  refused 3 3-federation.sh 'the subject is of another project'
  cp kept agency-prod.handover
  put subject 'sc://contoso/Agency/their-connection'
  refused 3 3-federation.sh 'the subject is of another connection'
  cp kept agency-prod.handover
  put subject_1 'sc://contoso/Agency/agency-prod'
  refused 3 3-federation.sh 'the subject is of another project'
  cp kept agency-prod.handover
  put subject "$(printf 'sc://contoso/Agency/agency-\033prod')"
  refused 4 3-federation.sh 'control character'
}

@test "two descriptions with a nameless identity make two applications" {
  local name
  cd "$BATS_TEST_TMPDIR"
  for name in A B; do
    sed -e 's/^\[identity deploy\]/[identity]/' -e "s/^name   = .*/name = Team $name/" \
      "$SRCDIR/examples/service-principal.ini" >"$name.ini"
    "$TOOL" generate -q "$name.ini" -o "$name"
    grep -o "uniqueName=[^)]*" "$name/payments-test/1-identity.sh" | sort -u >"$name.unique"
  done
  [ "$(wc -l <A.unique)" = 1 ]
  ! cmp -s A.unique B.unique
}

@test "rollback leaves a role that another connection of the identity describes" {
  on shared-identity payments-build
  sed -e '/^roles/d' -e 's|^subscription_name = Payments|&\nroles = Reader @ /subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-payments|' \
    "$SRCDIR/examples/shared-identity.ini" >shared.ini
  "$TOOL" generate -q shared.ini -o shared
  SCRIPTS=shared/payments-build
  script 0 provision.sh --yes
  script 0 rollback.sh --yes --confirm payments-build
  says 'left: connection payments-deploy of this description has it, too'
  world_roles=$(world log "[?write && method=='delete'].url")
  [[ $world_roles != *roleAssignments* ]]
}

@test "rollback keeps an application that still has a role somewhere in the subscriptions" {
  on service-principal payments-test
  sed '/^roles/d' "$SRCDIR/examples/service-principal.ini" >bare.ini
  "$TOOL" generate -q bare.ini -o bare
  script 0 provision.sh --yes
  SCRIPTS=bare/payments-test
  script 0 rollback.sh --yes --confirm payments-test --delete-identity
  says 'left: it still has role assignment'
}

@test "a conflict stops a rollback before it removes anything" {
  on contoso payments-prod
  script 0 provision.sh --yes
  world edit 'organizations.contoso.endpoints.*' "{\"parameters\": {\"serviceprincipalid\": \"$OTHER\"}}"
  forget
  script 1 rollback.sh --yes --confirm payments-prod
  says 'conflict: have client id' 'nothing was removed'
  wrote 0
}

@test "a subscription of another tenant is a finding of the preflight" {
  on contoso payments-prod
  # another subscription is the default one: az takes the token by the subscription in the URL
  world edit 'subscriptions.*' "{\"tenantId\": \"$OTHER\"}"
  world set "{\"subscriptions\": {\"$OTHER\": {\"displayName\": \"Default\", \"cloud\": \"AzureCloud\", \"tenantId\": \"11111111-1111-1111-1111-111111111111\", \"groups\": {}}},
    \"profiles\": {\"\": {\"subscriptions\": [\"$OTHER\", \"22222222-2222-2222-2222-222222222222\"]}}}"
  run bash "$SCRIPTS/provision.sh" --yes </dev/null
  [ "$status" = 3 ]
  says "is reached in tenant $OTHER"
  wrote 0
}

@test "a role assignment that exists under another name is no failure" {
  on contoso payments-prod
  world fault '{"match": {"method": "put", "url": "roleAssignments"}, "nth": 1, "times": 1, "kind": "reply", "status": 409, "reason": "Conflict", "body": {"error": {"code": "RoleAssignmentExists", "message": "The role assignment already exists."}}}'
  run bash "$SCRIPTS/provision.sh" --yes </dev/null
  says_not 'the write was refused'
}

@test "a weaker branch control or approval is a conflict" {
  on service-principal payments-test
  script 0 provision.sh --yes
  cp "$AZ_WORLD" kept.json
  world edit 'organizations.contoso.checks[].settings.inputs' '{"ensureProtectionOfBranch": "false"}'
  forget
  script 1 verify.sh
  says 'conflict: have only protected branches false'
  cp kept.json "$AZ_WORLD"
  world edit 'organizations.contoso.checks[?settings.approvers].settings' '{"requesterCannotBeApprover": false}'
  script 1 verify.sh
  says 'conflict: have requester cannot approve false'
}

@test "the hand-over never goes through a symbolic link" {
  on contoso payments-prod
  echo mine >victim
  ln -s victim payments-prod.handover.new
  ln -s victim payments-prod.handover
  script 0 1-identity.sh --yes
  [ "$(cat victim)" = mine ]
  [ ! -L payments-prod.handover ]
  [ "$(stat -c %a payments-prod.handover)" = 600 ]
}
