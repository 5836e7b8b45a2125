#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# simulate: a command inside, a shell inside, worlds loaded and saved, and what does not get out.
load simulation

setup() {
  go_to_the_lab
}

teardown() {
  if [ -n "${AZDO_WIF_SIMULATE_PID-}" ]; then kill "$AZDO_WIF_SIMULATE_PID" 2>/dev/null || true; fi
  nothing_is_left
}

inside() {
  without_az "$TOOL" simulate -q "$@"
}

@test "a command inside gives its own status" {
  run -7 --separate-stderr inside -- sh -c 'exit 7'
  run -143 --separate-stderr inside -- sh -c 'kill -TERM $$'
  run -127 --separate-stderr inside -- no-such-command
  [[ $stderr == *'no-such-command: No such file or directory'* ]]
}

@test "a command keeps standard input, arguments and its own options" {
  run -0 --separate-stderr inside -- sh -c 'cat; printf "<%s>" "$@"' sh --env -q 'a b' <<<"text"
  [ "$output" = "text
<--env><-q><a b>" ]
}

@test "curl trusts the simulated services, and nobody else does" {
  inside -- curl -sS --fail-with-body https://login.microsoftonline.com/common/discovery/instance?api-version=1.1\&authorization_endpoint=x |
    jq -e .tenant_discovery_endpoint
  run -60 inside -- curl -sS --cacert /etc/ssl/certs/ca-certificates.crt https://management.azure.com/
}

@test "every call is shown as it comes, with status and time" {
  run -0 --separate-stderr without_az "$TOOL" simulate -- curl -s -o out https://management.azure.com/subscriptions?api-version=2022-12-01
  grep -E '^[0-9:]{8}  401 +[0-9.]+ ms  GET https://management.azure.com/subscriptions\?api-version=2022-12-01  AuthenticationFailed$' <<<"$stderr"
}

@test "a host that is not simulated is refused and named" {
  run -56 --separate-stderr without_az "$TOOL" simulate -- curl -sS https://example.org/secret
  grep -E '403 .*attempt to reach example.org: refused \(CONNECT\)' <<<"$stderr"
  [[ $stderr != *secret* ]]
  run -0 --separate-stderr without_az "$TOOL" simulate -- curl -sS http://management.azure.com/
  grep -F 'attempt to reach management.azure.com: refused (GET)' <<<"$stderr"
  run -56 --separate-stderr without_az "$TOOL" simulate -- curl -sS https://management.azure.com:8443/
  grep -F 'attempt to reach management.azure.com: refused (CONNECT)' <<<"$stderr"
}

@test "the names in TLS and in Host must agree" {
  run -0 --separate-stderr inside -- curl -sS -H 'Host: graph.microsoft.com' https://management.azure.com/
  [[ $output == *'must agree'* ]]
  run -0 --separate-stderr inside -- curl -sS -o /dev/null -w '%{http_code}' -H 'Host: example.org' https://management.azure.com/
  [ "$output" = 421 ]
}

@test "a command sees nothing of the caller's" {
  plant_canaries
  run -0 --separate-stderr inside -- sh -c 'env; cat "$HOME"/.azure/* "$AZURE_CONFIG_DIR"/* 2>&1 || true'
  [[ $output == *HTTPS_PROXY=http://127.0.0.1:* ]]
  [[ $output != *canary* ]]
}

@test "a world is saved, loaded, and saved as it was" {
  run -0 inside --save one.json -- true
  [ "$(stat -c %a one.json)" = 600 ]
  run -0 inside --state one.json --save two.json -- true
  # starting a pipeline's job takes ids
  diff <(jq 'del(.issued)' one.json) <(jq 'del(.issued)' two.json)
  jq -e '.organizations[0].name == "contoso" and .organizations[0].projects[0].name == "Payments"' one.json
}

@test "the world that fits a description has what it takes for granted, and nothing it creates" {
  inside --fit "$SRCDIR/examples/existing-identity.ini" --save one.json -- true
  jq -e '[.subscriptions[].identities[]?] | length == 1' one.json
  jq -e '[.organizations[].serviceEndpoints[]?] | length == 0' one.json
}

@test "a file that is no world is refused with what is wrong, and where" {
  echo '{"schema": 1, "tenants": [{"id": 5}]}' >bad.json
  run -3 --separate-stderr inside --state bad.json -- touch ran
  [[ $stderr == *"bad.json: error: "*"tenants[0]"*"[world-shape]"* ]]
  echo '{"schema": 1, "tennants": []}' >bad.json
  run -3 --separate-stderr inside --state bad.json -- touch ran
  [[ $stderr == *"'tennants'"* ]]
  echo '{"schema": 2}' >bad.json
  run -3 --separate-stderr inside --state bad.json -- touch ran
  [[ $stderr == *"schema is not 1"* ]]
  echo '{"schema": 1,' >bad.json
  run -3 --separate-stderr inside --state bad.json -- touch ran
  [[ $stderr == *"bad.json:"*"[json-syntax]"* ]]
  run -3 --separate-stderr inside --state missing.json -- touch ran
  [ ! -e ran ]
}

@test "an empty world runs, too" {
  echo '{"schema": 1}' >empty.json
  run -0 inside --state empty.json --save after.json -- true
  jq -e '.schema == 1' after.json
}

@test "a world that cannot be saved is exit 5" {
  run -5 --separate-stderr inside --save no/such/folder/x.json -- true
  [[ $stderr == *'no/such/folder/x.json: No such file or directory'* ]]
}

@test "what is no regular file is not replaced by a world, and nothing is begun" {
  mkdir place
  run -5 --separate-stderr inside --save place -- touch ran
  [[ $stderr == *'place: Is a directory'* ]]
  mkfifo pipe
  run -5 --separate-stderr inside --save pipe -- touch ran
  [ -p pipe ] && [ ! -e ran ]
}

@test "a signal goes on to the command, whose status is returned" {
  without_az true
  env PATH="$BATS_TEST_TMPDIR/bin" "$TOOL" simulate -q -- sh -c 'trap "exit 9" TERM; echo begun >begun; while :; do sleep 0.1; done' 3>&- &
  for ((i = 0; i < 100; i++)); do
    if [ -e begun ]; then break; fi
    sleep 0.1
  done
  kill -TERM $!
  wait $! || status=$?
  [ "$status" = 9 ]
}

@test "children that were there before are left alone" {
  without_az true
  run -0 --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin" bash -c 'sleep 33 & echo $! >pid; exec "$0" simulate -q -- true' "$TOOL"
  kill "$(cat pid)"
}

@test "Ctrl-C ends it, and nothing is left" {
  without_az true
  # bash starts background commands with SIGINT ignored
  python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$(type -P env)" PATH="$BATS_TEST_TMPDIR/bin" "$TOOL" simulate >out 2>err 3>&- &
  for ((i = 0; i < 100; i++)); do
    if grep -q '^Ctrl-C' out; then break; fi
    sleep 0.1
  done
  kill -INT $!
  wait $!
}

@test "--env whose text cannot be printed leaves no world behind" {
  run -5 --separate-stderr bash -c '"$@" >/dev/full' bash env PATH="$BATS_TEST_TMPDIR/bin" "$TOOL" simulate -q --env
}

@test "options that do not go together" {
  run -2 inside --env -- true
  run -2 inside --idle 5 -- true
  run -2 inside --env --idle 0
  run -2 inside --state a --fit b -- true
}

@test "without a command it serves until Ctrl-C, and says how to get in" {
  without_az true
  env PATH="$BATS_TEST_TMPDIR/bin" "$TOOL" simulate --save world.json >out 2>err 3>&- &
  for ((i = 0; i < 100; i++)); do
    if grep -q '^Ctrl-C' out; then break; fi
    sleep 0.1
  done
  (
    eval "$(sed -n 's/^In another shell: //p' out)"
    curl -sS -o reply https://management.azure.com/tenants
  )
  [ -s reply ]
  # bash starts background commands with SIGINT ignored: a test cannot send that one to it
  kill -TERM $!
  wait $!
  grep -q ' 401 .*GET https://management.azure.com/tenants' out
  [ -s world.json ]
}

@test "a shell gets in with --env, which does not hold its pipe, and ends with its process" {
  plant_canaries
  text=$(without_az "$TOOL" simulate -q --env 2>err)
  grep -q '^unset .*AZURE_CLIENT_SECRET' <<<"$text"
  eval "$text"
  [ "$AZDO_WIF_SIMULATE_ORGANIZATION/$AZDO_WIF_SIMULATE_PROJECT" = contoso/Payments ]
  [ -z "${AZURE_CLIENT_SECRET-}${AZURE_DEVOPS_EXT_PAT-}${ARM_CLIENT_SECRET-}${SYSTEM_ACCESSTOKEN-}" ]
  [[ $HOME == "$BATS_TEST_TMPDIR/tmp/"* && $AZURE_CONFIG_DIR == "$HOME"/* ]]
  curl -sS -o reply https://management.azure.com/tenants
  jq -e '.error.code == "AuthenticationFailed"' reply
  kill "$AZDO_WIF_SIMULATE_PID"
  for ((i = 0; i < 50; i++)); do
    if ! kill -0 "$AZDO_WIF_SIMULATE_PID" 2>/dev/null; then break; fi
    sleep 0.1
  done
  ! kill -0 "$AZDO_WIF_SIMULATE_PID" 2>/dev/null
}

@test "--env of a file that is no world prints nothing to evaluate" {
  echo '{' >bad.json
  run -3 --separate-stderr inside --env --state bad.json
  [ "$output" = "" ]
}

@test "a pipeline job's token is for its project's connections only" {
  text=$(without_az "$TOOL" simulate -q --env 2>err)
  eval "$text"
  run -0 --separate-stderr curl -sS -X POST -d '' -H "Authorization: Bearer $AZDO_WIF_SIMULATE_JOB_TOKEN" \
    "$AZDO_WIF_SIMULATE_JOB_URI?api-version=7.1&serviceConnectionId=00000000-0000-4000-8000-000000000000"
  jq -e '.typeKey' <<<"$output"
}

@test "nothing connects elsewhere than to this machine" {
  command -v strace >/dev/null || skip 'strace is not installed'
  strace -f -q -e trace=connect,sendto,sendmsg -o trace "$TOOL" simulate -q -- \
    curl -s -o reply https://management.azure.com/subscriptions https://example.org/ || true
  grep -q 'sa_family=AF_INET' trace
  run -1 grep -E 'sa_family=AF_INET6?' <(grep -v 'inet_addr("127.0.0.1")' trace)
}

@test "more headers than are looked at are refused, not dropped" {
  for ((i = 0; i < 120; i++)); do echo "X-Number-$i: $i"; done >headers
  [ "$(inside -- curl -sS -o /dev/null -w '%{http_code}' -H @headers https://management.azure.com/tenants)" = 431 ]
}

@test "random, cut-off and huge requests do no harm" {
  "$TOOL" simulate -q -- python3 "$SRCDIR/tests/cli/noise.py"
}
