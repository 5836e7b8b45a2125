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
  local i
  for ((i = 0; i < 50; i++)); do
    [ -n "$(find "$TMPDIR" -mindepth 1 -print -quit)" ] || return 0
    sleep 0.1
  done
  find "$TMPDIR"
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
