#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Microsoft's own libraries, unmodified, do what the scripts do, and all that they can do wrong: what each
# expects of the services it finds in the simulator. One script for each in tests/clients, which says
# "ok" or "not ok" of each call.
load simulation

setup() {
  clients=$SRCDIR/tests/clients
  node=$clients/node_modules/.bin/node
  [ -x "$node" ] || skip 'the clients are not installed: npm ci in tests/clients'
  go_to_the_lab
}

teardown() {
  nothing_is_left
}

# client SCRIPT LEAST [COMMAND...]: all checks of SCRIPT are good, and there are at least LEAST of them.
client() {
  local script=$1 least=$2 world=$clients/world.json status=0
  shift 2
  [ ! -e world.json ] || world=world.json
  without_az "$TOOL" simulate -q --state "$world" -- "$@" "$node" "$clients/$script.mjs" >results 2>errors || status=$?
  if [ "$status" != 0 ] || grep -q '^not ok' results; then
    cat results errors
    return 1
  fi
  [ "$(grep -c '^ok ' results)" -ge "$least" ]
  grep '^# ' results >&3
}

@test "Resource Manager: @azure/arm-msi and @azure/arm-authorization" {
  client arm 52
}

@test "Resource Manager: a client that is throttled" {
  jq '.settings.identityBurst = 3' "$clients/world.json" >world.json
  client throttled 4
}

@test "Graph: @microsoft/microsoft-graph-client" {
  client graph 53
}

@test "Azure DevOps: azure-devops-node-api" {
  client devops 60
}

@test "a pipeline signs in: @azure/identity, which connects nowhere else than to this machine" {
  command -v strace >/dev/null || skip 'strace is not installed'
  client pipeline 41 "$(command -v strace)" -f -q -e trace=connect -o trace
  grep -q 'sa_family=AF_INET' trace
  run -1 grep -E 'sa_family=AF_INET6?' <(grep -v 'inet_addr("127.0.0.1")' trace)
}
