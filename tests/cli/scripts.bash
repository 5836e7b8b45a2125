# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the tests of the emitted scripts share: load scripts, then serve_az and generate_once in
# setup_file, and fresh_world in setup.
# shellcheck disable=SC2154  # bats sets status and output
bats_require_minimum_version 1.5.0

# serve_az: az answered by a process that is already running, for this file's tests.
serve_az() {
  export PYTHONDONTWRITEBYTECODE=1 ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
  "$SRCDIR/tests/cli/az-server.py" "$BATS_FILE_TMPDIR/port" >"$BATS_FILE_TMPDIR/served" 2>&1 3>&- &
  AZ_SERVER=$!
  local tries=0
  until [ -s "$BATS_FILE_TMPDIR/port" ]; do
    tries=$((tries + 1))
    if [ "$tries" -eq 300 ] || ! kill -0 "$AZ_SERVER"; then
      cat "$BATS_FILE_TMPDIR/served" >&2
      return 1
    fi
    /bin/sleep 0.1
  done
  AZ_PORT=$(cat "$BATS_FILE_TMPDIR/port")
  export AZ_PORT AZ_SERVER
}

stop_az() {
  kill "$AZ_SERVER"
}

# generate_once [EXAMPLE...]: the scripts of these examples, each in a folder of its name below $OUT.
generate_once() {
  local example
  export OUT=$BATS_FILE_TMPDIR/out
  mkdir -p "$OUT"
  for example; do
    "$TOOL" generate "$SRCDIR/examples/$example.ini" -o "$OUT/$example" >"$OUT/$example.said" 2>&1 || {
      cat "$OUT/$example.said" >&2
      return 1
    }
  done
}

# fresh_world EXAMPLE: the world that it is made for, in $AZ_WORLD, and a folder to run scripts in.
fresh_world() {
  export AZ_WORLD=$BATS_TEST_TMPDIR/world.json TMPDIR=$BATS_TEST_TMPDIR/tmp HOME=$BATS_TEST_TMPDIR/home
  export SLEPT=$BATS_TEST_TMPDIR/slept
  export PATH=$SRCDIR/tests/cli/quick:/usr/bin:/bin
  unset AZURE_CONFIG_DIR AZDO_WIF_DEVOPS_CONFIG_DIR
  mkdir -p "$TMPDIR" "$HOME/.azure" "$BATS_TEST_TMPDIR/away"
  cd "$BATS_TEST_TMPDIR/away" || return
  "$SRCDIR/tests/cli/worlds.py" "$1" >"$AZ_WORLD"
  rm -f "$AZ_WORLD.log" "$SLEPT"
}

# world COMMAND...: see ../world/world.py.
world() {
  "$SRCDIR/tests/world/world.py" "$@"
}

# script STATUS NAME ARGUMENT...: runs it in $SCRIPTS; its output is $output.
script() {
  local wanted=$1 name=$2
  shift 2
  run bash "$SCRIPTS/$name" "$@" </dev/null
  [ "$status" -eq "$wanted" ] || {
    printf '%s %s ended with %s, not %s:\n%s\n' "$name" "$*" "$status" "$wanted" "$output"
    return 1
  }
  [ -z "$(ls -A "$TMPDIR")" ] || {
    echo "temporary files are left: $(ls -A "$TMPDIR")"
    return 1
  }
}

# says TEXT...: each of them is in the output; says_not TEXT...: none of them.
says() {
  local text
  for text; do
    [[ $output == *"$text"* ]] || {
      printf 'not said: %s\n%s\n' "$text" "$output"
      return 1
    }
  done
}

says_not() {
  local text
  for text; do
    [[ $output != *"$text"* ]] || {
      printf 'said: %s\n%s\n' "$text" "$output"
      return 1
    }
  done
}

# wrote COUNT: so many writes have reached the services since the last forget.
wrote() {
  local have
  have=$(world log 'length([?write])')
  [ "$have" = "$1" ] || {
    printf '%s writes, not %s:\n%s\n' "$have" "$1" "$(world writes)"
    return 1
  }
}

forget() {
  : >"$AZ_WORLD.log"
}

# provisioned: a world in which provision.sh has run, made once per file.
provisioned() {
  local kept=$BATS_FILE_TMPDIR/provisioned-${1:-$EXAMPLE}.json
  if [ ! -e "$kept" ]; then
    script 0 provision.sh --yes
    cp "$AZ_WORLD" "$kept"
  fi
  cp "$kept" "$AZ_WORLD"
  forget
}
