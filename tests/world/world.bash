# SPDX-License-Identifier: MIT
# Helpers for bats tests that run scripts against the az stand-in: load "../world/world".

WORLD_DIR=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

# world_new [make options]: a fresh world in this test's folder, and az on PATH.
world_new() {
    export AZ_WORLD="$BATS_TEST_TMPDIR/world.json"
    export AZ_WORLD_PYCACHE="${BATS_RUN_TMPDIR:-$BATS_TEST_TMPDIR}/pycache"
    export PATH="$WORLD_DIR:$PATH"
    unset AZURE_CONFIG_DIR AZDO_WIF_DEVOPS_CONFIG_DIR
    rm -f "$AZ_WORLD.log"
    "$WORLD_DIR/world.py" make "$@" >"$AZ_WORLD"
}

# world COMMAND...: see world.py.
world() {
    "$WORLD_DIR/world.py" "$@"
}

# world_is EXPRESSION WANTED: fails with both values when the state says something else.
world_is() {
    local have
    have=$(world get "$1")
    [ "$have" = "$2" ] || {
        printf 'world: %s\n  have: %s\n  want: %s\n' "$1" "$have" "$2"
        return 1
    }
}

# world_keep NAME / world_unchanged NAME: remembers the state, and says what has changed since.
world_keep() {
    cp "$AZ_WORLD" "$BATS_TEST_TMPDIR/$1.kept"
}

world_unchanged() {
    world diff "$BATS_TEST_TMPDIR/$1.kept" "$AZ_WORLD"
}

# in_group COMMAND...: runs it in a process group of its own, which a fault `interrupt` may hit.
in_group() {
    # shellcheck disable=SC2016  # the inner shell expands it
    setsid --wait bash -c 'AZ_WORLD_GROUP=$$ exec "$@"' bash "$@"
}
