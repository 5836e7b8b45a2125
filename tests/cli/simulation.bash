# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the tests of simulate and rehearse share.
load common

# Everything temporary goes below the test's own folder, so that what is left behind is seen.
go_to_the_lab() {
  run "$TOOL" simulate --env --idle 0 # a wrong call: nothing starts
  # shellcheck disable=SC2154 # bats sets it
  [[ $output != *'built without its simulator'* ]] || skip 'built without the simulator'
  mkdir -p "$BATS_TEST_TMPDIR/tmp" "$BATS_TEST_TMPDIR/folder"
  cd "$BATS_TEST_TMPDIR/folder" || exit
  export TMPDIR=$BATS_TEST_TMPDIR/tmp
}

# Without az in its PATH: nobody is signed in, and a simulation starts at once.
without_az() {
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  local program
  for program in bash env cat sleep curl sh kill python3 sed grep true false stat jq; do
    ln -sf "$(type -P "$program")" "$BATS_TEST_TMPDIR/bin/$program"
  done
  env PATH="$BATS_TEST_TMPDIR/bin" "$@"
}

nothing_is_left() {
  local i tmp=$BATS_TEST_TMPDIR/tmp
  [ -d "$tmp" ] || return 0 # the test was skipped
  for ((i = 0; i < 50; i++)); do
    [ -n "$(find "$tmp" -mindepth 1 -print -quit)" ] || return 0
    sleep 0.1
  done
  find "$tmp"
  return 1
}

# Secrets of a caller's, in the environment and in az's profile, by a name of their own.
plant_canaries() {
  export AZURE_CLIENT_SECRET=canary-1 AZURE_DEVOPS_EXT_PAT=canary-2 ARM_CLIENT_SECRET=canary-3
  export SYSTEM_ACCESSTOKEN=canary-4 HARMLESS_LOOKING=canary-5
  export HOME=$BATS_TEST_TMPDIR/home-of-the-caller
  export AZURE_CONFIG_DIR=$HOME/.azure
  mkdir -p "$AZURE_CONFIG_DIR"
  echo '{"canary-6": true}' >"$AZURE_CONFIG_DIR/msal_token_cache.json"
}

only_with_az() {
  command -v az >/dev/null || skip 'az is not installed'
}

# For CHECKS=all, which has time for it.
only_when_all() {
  [ "${CHECKS-}" = all ] || skip 'only with ./quickstart test --all'
}

# good EXAMPLE [OPTION...]: the rehearsal ends well, with everything it must have shown.
good() {
  local example=$1
  shift
  run -0 --separate-stderr "$TOOL" rehearse "$SRCDIR/examples/$example.ini" --json "$@"
  # shellcheck disable=SC2154 # bats sets it
  [ "$stderr" = "" ]
  printf '%s\n' "$output" >result.json
  jq -e '.good and .difference == "" and all(.phases[]; .good)' result.json
  jq -e '[.phases[] | select(.kind == "second-run") | .writes] | length > 0 and all(. == 0)' result.json
  jq -e '[.phases[] | select(.kind == "provision") | .writes] | add > 0' result.json
  jq -e '[.phases[] | select(.kind == "pipeline") | .proof] |
    length > 0 and all(.issuer != "" and .subject != "" and all(.steps[]; .good))' result.json
  jq -e '[.phases[] | select(.kind == "as-described")] | length > 0' result.json
  jq -e '[.phases[] | select(.kind != "sign-in") | .calls[] | select(.refused)] == []' result.json
  echo "# $example $*: $(jq '[.phases[].seconds] | add | round' result.json) s, $(jq '[.phases[].calls[]] | length' result.json) calls" >&3
}

# The tenants that az signed in to, in the sign-in phases.
tenants() {
  jq -r '.phases[] | select(.kind == "sign-in") | .calls[] | .target' result.json |
    sed -n 's|^/\([0-9a-f-]*\)/oauth2/.*|\1|p' | sort -u
}

# What of the page of result.json a browser shows. Nothing secret is on it, and all the rest is.
page_is_right() {
  local secrets='password=|assertion=|refresh_token|eyJ|Bearer '
  run -1 grep -E "$secrets" "$1"
  # a password is sent and tokens are exchanged, so there is something not to be shown
  jq -e '[.phases[].calls[] | select(.target | endswith("/oauth2/v2.0/token"))] | length > 0 and all(has("body") | not)' result.json
  if ! command -v chromium >/dev/null; then
    echo '# chromium is not installed: the page was not opened' >&3
    return 0
  fi
  LC_ALL=C.UTF-8 /usr/bin/python3 "$SRCDIR/tests/cli/page.py" values result.json >values.json
  LC_ALL=C.UTF-8 /usr/bin/python3 "$SRCDIR/tests/cli/page.py" check "$1" values.json
}
