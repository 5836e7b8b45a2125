#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# simulator.sh AZDO-WIF LOAD: what a call to the simulator takes over TLS, with 1 and with 32 connections
# that stay open, beside an https server of node's that answers with the same bytes; and where the time of a
# rehearsal goes. Prints ratios and never fails on a time. The aim: a median of 2 ms at most on two cores.
# Needs curl, jq, openssl and node, and az for the rehearsal.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tool=$(realpath "$1")
load=$(realpath "$2")
calls=${BENCH_CALLS:-4000}
work=$(mktemp -d "${BENCH_DIR:-/tmp}/azdo-wif-bench.XXXXXX")
pids=()
end_processes() {
  [ "${#pids[@]}" = 0 ] || kill "${pids[@]}" 2>/dev/null || true
}
trap 'rm -rf "$work"' EXIT

tenant=11111111-1111-1111-1111-111111111111
subscription=22222222-2222-2222-2222-222222222222

# enter: from now on this shell is in the simulator. Nobody signs in with az: that would take longer than all.
enter() {
  local text
  text=$(env PATH=/nonexistent "$tool" simulate -q --env 2>/dev/null)
  eval "$text"
  pids=("$AZDO_WIF_SIMULATE_PID")
}

login=https://login.microsoftonline.com/$tenant/oauth2/v2.0/token
grant="grant_type=password&client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&username=everything%40rehearsal.example&password=any"

# The access token for a scope.
token() {
  curl -sS --fail-with-body "$login" -d "$grant" --data-urlencode "scope=$1" | jq -r .access_token
}

# one CONNECTIONS OPTION...: calls a second, median and 99th percentile, in $rate, $median and $most.
one() {
  local connections=$1
  shift
  read -r rate median most < <("$load" -c "$connections" -n "$calls" "$@")
}

# compare NAME OPTION... URL: the simulator's line beside the peer's, for 1 and 32 connections.
compare() {
  local name=$1 connections mine mine_median mine_most
  shift
  curl_reply "$@" >"$work/reply.json"
  start_peer
  for connections in 1 32; do
    one "$connections" "$@"
    mine=$rate mine_median=$median mine_most=$most
    CURL_CA_BUNDLE=$work/peer.crt no_proxy='*' one "$connections" "https://localhost:$port/"
    awk -v n="$name" -v c="$connections" -v r="$mine" -v m="$mine_median" -v w="$mine_most" -v pr="$rate" -v pm="$median" \
      'BEGIN { printf "%-34s %11d %8d %10.3f %9.3f %12d %14.3f %7.2f\n", n, c, r, m, w, pr, pm, pr / r }'
  done
  pids=("$AZDO_WIF_SIMULATE_PID")
  kill "$peer"
  wait "$peer" 2>/dev/null || true
}

# The reply to what load is to ask for: its options are curl's, too.
curl_reply() {
  curl -sS --fail-with-body "$@"
}

start_peer() {
  rm -f "$work/port"
  node "$here/peer.mjs" "$work/peer.crt" "$work/peer.key" "$work/reply.json" >"$work/port" &
  peer=$!
  pids=("$AZDO_WIF_SIMULATE_PID" "$peer")
  until [ -s "$work/port" ]; do sleep 0.05; done
  port=$(cat "$work/port")
}

calls_table() {
  local arm graph devops api=$subscription/resourceGroups/rg-payments
  (
    trap end_processes EXIT
    enter
    arm=$(token https://management.azure.com/.default)
    graph=$(token https://graph.microsoft.com/.default)
    devops=$(token 499b84ac-1321-427f-aa17-267ca6975798/.default)
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
      -keyout "$work/peer.key" -out "$work/peer.crt" 2>/dev/null
    printf '%-34s %11s %8s %10s %9s %12s %14s %7s\n' call connections calls/s 'median ms' 'p99 ms' 'node calls/s' 'node median ms' ratio
    compare 'Resource Manager: a group' -H "Authorization: Bearer $arm" "https://management.azure.com/subscriptions/$api?api-version=2021-04-01"
    compare 'Graph: who is signed in' -H "Authorization: Bearer $graph" https://graph.microsoft.com/v1.0/me
    compare 'Azure DevOps: connections by name' -H "Authorization: Bearer $devops" \
      'https://dev.azure.com/contoso/Payments/_apis/serviceendpoint/endpoints?endpointNames=x&api-version=7.1'
    compare 'Entra: a token' -d "$grant&scope=https%3A%2F%2Fmanagement.azure.com%2F.default" "$login"
  )
}

# An az that notes how long it ran, before the real one in PATH.
note_az() {
  mkdir "$work/bin"
  cat >"$work/bin/az" <<END
#!/bin/bash
start=\$EPOCHREALTIME
PATH=\${PATH#*:} $(command -v az) "\$@"
status=\$?
echo "\$start \$EPOCHREALTIME" >>$work/az-times
exit \$status
END
  chmod +x "$work/bin/az"
}

# Where the time goes: in az, in the simulator meanwhile, and the rest, which is bash and the waits of scripts.
rehearsal_table() {
  local times
  if ! command -v az >/dev/null; then
    echo 'az is not installed: nothing to say of a rehearsal'
    return
  fi
  note_az
  PATH=$work/bin:$PATH LC_ALL=C "$tool" rehearse "$here/../../examples/contoso.ini" --json >"$work/rehearsal.json"
  times=$(jq -r '[([.phases[].seconds] | add), ([.phases[].calls[].milliseconds] | add / 1000), ([.phases[].calls[]] | length),
    ([.phases[].calls[].milliseconds] | sort | .[length / 2 | floor])] | @tsv' "$work/rehearsal.json")
  awk -v times="$times" '{ az += $2 - $1 } END {
    split(times, t)
    printf "%-34s %9s %8s\n", "a rehearsal of contoso.ini", "seconds", "share"
    printf "%-34s %9.1f %7.1f%%\n", "all of it", t[1], 100
    printf "%-34s %9.1f %7.1f%%\n", NR " times az", az, 100 * az / t[1]
    printf "%-34s %9.3f %7.2f%%\n", "of that, " t[3] " simulated calls", t[2], 100 * t[2] / t[1]
    printf "half of the calls took the simulator at most %.3f ms\n", t[4] }' "$work/az-times"
}

calls_table
echo
rehearsal_table
