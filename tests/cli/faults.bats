#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# rehearse --fault: what goes wrong at a write, and what must come of it. Every kind once, and scripts that
# are broken on purpose, which must be found. ./quickstart test --all tries every fault at every write.
load simulation

setup() {
  only_with_az
  go_to_the_lab
}

teardown() {
  nothing_is_left
}

# faults FILE.ini [OPTION...]: every cell that was wanted is good.
faults() {
  local file=$1
  shift
  run -0 --separate-stderr "$TOOL" rehearse "$file" --json "$@"
  printf '%s\n' "$output" >result.json
  jq -e '.good and .faults.good and ([.faults.writes[].cells[] | select(.ran)] | all(.good))' result.json
  echo "# $(basename "$file") $*: $(jq '[.faults.writes[].cells[] | select(.ran)] | length' result.json) faults at $(jq '.faults.writes | length' result.json) writes" >&3
}

# A description that makes two writes, a service connection and a federated credential, and takes them
# back in two others.
two_writes() {
  cat >two.ini <<'END'
[tenant]
id = 11111111-1111-1111-1111-111111111111
[organization]
name = contoso
project = Payments
[identity]
type = managed-identity
client_id = 55555555-5555-5555-5555-555555555555
name = id-payments
resource_group = rg-identities
subscription_id = 22222222-2222-2222-2222-222222222222
[connection payments]
subscription_id = 22222222-2222-2222-2222-222222222222
subscription_name = Payments
END
}

@test "every kind of fault once" {
  two_writes
  faults two.ini --fault lost-reply@1,throttled@1,server-error@2,reset@3,slow@4,killed@1,interrupted@2,role-ended@2,second-person@1,edited@2
  jq -r '.faults.writes[].cells[] | select(.ran) | "\(.kind) \(.status)"' result.json | sort >outcomes
  diff - outcomes <<'END'
edited 1
interrupted 130
killed 137
lost-reply 0
reset 0
role-ended 4
second-person 1
server-error 0
slow 0
throttled 0
END
}

# broken FAULT REASON: the scripts of the templates here fail at that cell, which is named, for that reason.
broken() {
  two_writes
  run -1 --separate-stderr "$TOOL" rehearse two.ini --templates templates --fault "$1" --json
  jq -r --arg fault "$1" '.faults.writes[] | .n as $n | .cells[] | select(.ran and (.good | not)) |
    select("\(.kind)@\($n)" == $fault) | .why' <<<"$output" >why
  grep -F "$2" why
}

# replaced FUNCTION FILE: the template FILE with another FUNCTION, from standard input.
replaced() {
  local function=$1 file=$2
  mkdir -p "templates/$(dirname "$file")"
  awk -v function_head="$function() {" '
    $0 == function_head { while ((getline line <"/dev/stdin") > 0) print line; skip = 1; found = 1 }
    !skip
    $0 == "}" { skip = 0 }
    END { exit !found }' "$SRCDIR/templates/$file" >"templates/$file"
}

@test "broken on purpose: a POST that is repeated without a look" {
  only_when_all
  replaced make_until_same bash/lib/steps.sh <<'END'
make_until_same() {
  until "$2"; do
    wait_for 'the service to take it'
  done
  examine "$1"
}
END
  broken lost-reply@1 'conflict: have a service connection of this name'
}

@test "broken on purpose: what was sent is taken for done" {
  only_when_all
  replaced make_until_same bash/lib/steps.sh <<'END'
make_until_same() {
  "$2" || true
  examine "$1"
}
END
  broken throttled@2 'with the fault'
}

@test "broken on purpose: a text that must be tried again is not in the list" {
  only_when_all
  replaced is_passing bash/lib/az.sh <<'END'
is_passing() {
  case $failure in
  *'Connection aborted'* | *'Connection reset'*) return 0 ;;
  esac
  return 1
}
END
  broken throttled@1 'it ended with status 4'
}

@test "SIGTERM while faults are tried, and nothing is left" {
  only_when_all
  two_writes
  "$TOOL" rehearse two.ini --fault slow@1,slow@2 >shown 2>&1 3>&- &
  local pid=$! i status=0
  for ((i = 0; i < 3000; i++)); do
    ! grep -q 'rehearsal ok' shown || break
    sleep 0.1
  done
  sleep 5
  kill -TERM "$pid"
  wait "$pid" || status=$?
  [ "$status" = 143 ]
}

@test "all faults at every write: a managed identity" {
  only_when_all
  faults "$SRCDIR/examples/contoso.ini" --faults
}

@test "all faults at every write: a service principal" {
  only_when_all
  faults "$SRCDIR/examples/service-principal.ini" --faults
}
