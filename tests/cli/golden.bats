#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is generated from each example, byte for byte as it is in tests/golden/EXAMPLE/expect: a change of the
# output is seen in a review. UPDATE=1 bats tests/cli/golden.bats writes it anew.
load common

golden=$SRCDIR/tests/golden

@test "every example gives the committed output" {
  cd "$BATS_TEST_TMPDIR"
  changed=0
  for ini in "$SRCDIR"/examples/*.ini; do
    name=$(basename "$ini" .ini)
    "$TOOL" generate -q "$ini" -o "$name" >/dev/null
    if [ -n "${UPDATE-}" ]; then
      rm -rf "${golden:?}/$name/expect"
      mkdir -p "$golden/$name"
      cp -r "$name" "$golden/$name/expect"
    fi
    diff -r -N "$golden/$name/expect" "$name" || changed=1
    diff <(cd "$golden/$name/expect" && find . -type f -perm /100 | sort) <(cd "$name" && find . -type f -perm /100 | sort)
  done
  [ "$changed" = 0 ]
}

@test "no committed output is left of an example that is gone" {
  [ "$(ls "$golden")" = "$(cd "$SRCDIR/examples" && printf '%s\n' *.ini | sed 's/\.ini$//')" ]
}

@test "a pure script emitter: nothing in the output depends on where it was made" {
  run -1 grep -r -l -F -e "$SRCDIR" -e "$HOME/" "$golden"
}
