# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the tests of the command line share: a folder of their own, and a description in it.
bats_require_minimum_version 1.5.0

# LeakSanitizer cannot work under ptrace, which strace is.
export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0

go_to_folder_of_its_own() {
  mkdir "$BATS_TEST_TMPDIR/folder" && cd "$BATS_TEST_TMPDIR/folder" || exit
  describe alpha beta >x.ini
}

# A description with a connection of each NAME.
describe() {
  local name
  cat <<'END'
[tenant]
id = 11111111-1111-1111-1111-111111111111
[organization]
name = contoso
project = Payments
[identity]
type = managed-identity
name = id-payments
resource_group = rg-identities
location = westeurope
subscription_id = 22222222-2222-2222-2222-222222222222
[defaults]
subscription_id = 22222222-2222-2222-2222-222222222222
subscription_name = Payments
END
  for name; do
    echo "[connection $name]"
  done
}

# Every path below FOLDER with type, mode and digest, so that two states can be compared.
state_of() {
  (
    cd "$1" || exit
    find . -printf '%p %y %m %l\n' | sort
    find . -type f -print0 | sort -z | xargs -0 -r sha256sum
  )
}

# The same with the times of the files' last change: are they untouched? (A folder's time tells that
# something was in it for a moment, which is no harm.)
state_with_times() {
  (
    cd "$1" || exit
    find . -type d -printf '%p %m\n' -o -printf '%p %y %m %l %T@\n' | sort
    find . -type f -print0 | sort -z | xargs -0 -r sha256sum
  )
}

# No temporary folder is left beside the output or in it.
nothing_temporary() {
  [ "$(find . -name '.*azdo-wif*')" = "" ]
}

# What the last `run --separate-stderr` wrote there must be exactly this.
stderr_is() {
  # shellcheck disable=SC2154 # bats sets it
  diff <(printf '%s\n' "$stderr") <(printf '%s\n' "$1")
}
