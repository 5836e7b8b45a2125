#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Waiting, lost replies and interruptions: a run converges, and nothing is made twice.
# shellcheck disable=SC2016,SC2030,SC2031  # the inner shell expands it; each test is a subshell

load scripts

setup_file() {
  serve_az
  generate_once contoso service-principal government
}

teardown_file() {
  stop_az
}

# example NAME: a fresh world, after it was once provisioned undisturbed, for comparison.
example() {
  local folder
  EXAMPLE=$1
  for folder in "$OUT/$1/"*/; do
    SCRIPTS=$folder
  done
  disturbed "$1"
  [ -e "$BATS_FILE_TMPDIR/provisioned-$1.json" ] || {
    provisioned
    disturbed "$1"
  }
}

disturbed() {
  fresh_world "$1"
  [ "$1" != government ] || export AZDO_WIF_DEVOPS_CONFIG_DIR=$BATS_TEST_TMPDIR/devops
}

# converged WRITES: the end is that of an undisturbed run, after so many writes.
converged() {
  /usr/bin/python3 - "$SRCDIR/tests/cli" "$AZ_WORLD" "$BATS_FILE_TMPDIR/provisioned-$EXAMPLE.json" <<'END'
import json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import worlds
have, want = (worlds.bare(json.load(open(path, encoding="utf-8"))) for path in sys.argv[2:])
if have != want:
    sys.exit("the worlds differ:\n%s\n%s" % (json.dumps(have, indent=1), json.dumps(want, indent=1)))
END
  wrote "$1"
}

# waited SECONDS...: that many, one wait after the other.
waited() {
  [ "$(tr '\n' ' ' <"$SLEPT")" = "$* " ] || {
    cat "$SLEPT"
    return 1
  }
}

fault() {
  world fault "{\"match\": {\"method\": \"$1\", \"url\": \"$2\"}, \"kind\": \"$3\"${4:-}}"
}

# retried METHOD URL KIND: said twice, and then accepted.
retried() {
  fault "$@" ', "times": 2'
  script 0 provision.sh --yes
  says 'waiting 2 s' 'waiting 4 s'
  waited 2 4
  converged 8
}

@test "throttling is waited out" {
  example contoso
  retried PUT 'id-payments-prod[?]' throttle
}

@test "500, 502, 503 and 504 are waited out" {
  local kind
  for kind in 500 502 503 504; do
    example contoso
    retried POST endpoints "$kind"
  done
}

@test "a connection that breaks is tried again" {
  example contoso
  retried PATCH pipelinepermissions reset
}

@test "concurrent writes of credentials, and an identity that is not replicated, are waited out" {
  example contoso
  retried PUT federatedIdentityCredentials concurrent-credential
  example contoso
  retried PUT federatedIdentityCredentials parent-not-found
}

@test "a principal that is not replicated is waited for" {
  example contoso
  retried PUT rg-payments/.*roleAssignments principal-not-found
}

@test "an application that is not replicated is waited for" {
  example service-principal
  fault POST 'servicePrincipals$' invalid-application ', "times": 2'
  fault GET 'applications.uniqueName' replication-404 ', "nth": 2, "times": 2'
  fault GET 'servicePrincipals.appId' replication-404 ', "nth": 4, "times": 2'
  script 0 provision.sh --yes
  converged 13
  [ "$(world log "length([?method=='POST' && ends_with(url, '/servicePrincipals')])")" = 3 ]
}

@test "reads are tried again, too" {
  example contoso
  fault GET '' throttle ', "nth": 1, "times": 2'
  fault GET connectionData 503
  fault GET federatedIdentityCredentials reset
  script 0 provision.sh --yes
  converged 6
  script 0 verify.sh
}

@test "the reply of every write is lost: nothing is written twice" {
  local name method
  for name in contoso:6 service-principal:11 government:9; do
    example "${name%:*}"
    for method in PUT POST PATCH; do
      fault "$method" '' lost-reply ', "times": 99'
    done
    script 0 provision.sh --yes
    converged "${name#*:}"
    rm -f "$SLEPT"
  done
}

@test "the reply of every deletion is lost: rollback ends all the same" {
  example contoso
  provisioned
  fault DELETE endpoints lost-reply
  fault DELETE management.azure.com lost-reply ', "times": 99'
  script 0 rollback.sh --yes --confirm payments-prod --delete-identity
  wrote 6 # the connection goes slowly: its deletion is asked for again, and answered with Not Found
  [ "$(world get '[length(values(identities)), length(values(organizations.contoso.endpoints)), length(values(roleAssignments))]')" = '[0,0,0]' ]
}

@test "what a deletion waits for: throttling, a connection that goes slowly" {
  example contoso
  provisioned
  world set '{"settings": {"deletePolls": 4}}'
  fault DELETE endpoints throttle
  fault DELETE federatedIdentityCredentials concurrent-credential
  script 0 rollback.sh --yes --confirm payments-prod --delete-identity
  [ "$(world get 'length(values(organizations.contoso.endpoints))')" = 0 ]
  [ "$(world log "length([?method=='DELETE' && contains(url, 'endpoints')])")" = 2 ]
}

@test "after five minutes a script gives up, and the next one goes on" {
  example contoso
  fault PATCH '' 503 ', "times": 999'
  script 4 provision.sh --yes
  says 'gave up after' 'The request timed out' 'waiting 60 s'
  [ "$(($(tr '\n' '+' <"$SLEPT")0))" -ge 300 ]
  world set '{"faults": []}'
  forget
  script 0 provision.sh --yes
  converged 4
}

@test "between two creations of a connection there is a look" {
  example contoso
  fault POST endpoints 503 ', "times": 3'
  script 0 provision.sh --yes
  [ "$(world log "[?contains(url || '', 'serviceendpoint/endpoints')].method | join(' ', @)")" != '' ]
  [[ "$(world log "[?contains(url || '', 'serviceendpoint/endpoints')].method | join(' ', @)")" != *'POST POST'* ]]
  [ "$(world log "length([?method=='POST'])")" = 4 ]
}

@test "a refusal is not tried again" {
  local kind
  for kind in forbidden region; do
    example contoso
    fault PUT federatedIdentityCredentials "$kind"
    script 4 provision.sh --yes
    [ ! -e "$SLEPT" ]
    wrote 4
  done
}

@test "a sign-in page is a failed sign-in: for a read and for a write" {
  example contoso
  fault GET connectionData html
  script 4 provision.sh --yes
  says 'the reply is not JSON: the devops sign-in has expired or is for another tenant'
  [ ! -e "$SLEPT" ]
  example contoso
  fault POST endpoints html
  script 4 provision.sh --yes
  says 'the reply is not JSON: the devops sign-in has expired or is for another tenant'
  [ ! -e "$SLEPT" ]
  example contoso
  provisioned
  fault DELETE endpoints html
  script 4 rollback.sh --yes --confirm payments-prod
  says 'the reply is not JSON'
}

@test "an expired sign-in is said to be that" {
  example contoso
  world edit 'profiles.""' '{"expired": true}'
  script 4 provision.sh --yes
  says AADSTS700082
  wrote 0
}

@test "Ctrl-C ends with 130, leaves no temporary file, and the next run converges" {
  local write
  for write in interrupt interrupt-after; do
    example contoso
    fault POST endpoints "$write"
    # az itself, not by way of the server: it interrupts its own process group
    PATH=$SRCDIR/tests/world:$PATH AZ_WORLD_PYCACHE=$BATS_FILE_TMPDIR/pycache \
      run setsid --wait bash -c 'AZ_WORLD_GROUP=$$ exec bash "$@"' bash "$SCRIPTS/provision.sh" --yes
    [ "$status" -eq 130 ]
    says 'interrupted; run it again to continue'
    [ -z "$(ls -A "$TMPDIR")" ]
    forget
    script 0 provision.sh --yes
    case $write in
    interrupt) converged 5 ;;
    *) converged 4 ;;
    esac
  done
}

@test "killed after each write in turn: the next run goes on from there" {
  local name runs method
  for name in contoso:6 service-principal:11; do
    example "${name%:*}"
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\nkill -9 $PPID\n' >"$BATS_TEST_TMPDIR/bin/sleep"
    chmod +x "$BATS_TEST_TMPDIR/bin/sleep"
    for method in PUT POST PATCH; do
      fault "$method" '' lost-reply ', "times": 99'
    done
    runs=0
    until PATH=$BATS_TEST_TMPDIR/bin:$PATH bash "$SCRIPTS/provision.sh" --yes </dev/null >said 2>&1; do
      runs=$((runs + 1))
      [ "$runs" -le 20 ] || {
        cat said
        return 1
      }
    done
    [ "$runs" -eq "${name#*:}" ]
    converged "${name#*:}"
  done
}
