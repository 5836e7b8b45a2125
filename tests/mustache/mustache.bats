#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# render --lenient against cases written from the Mustache specification 1.4, one test per file of it.
# The published specs/*.json have the same format: run.py takes them, too.
bats_require_minimum_version 1.5.0

cases() {
  run -0 /usr/bin/python3 "$SRCDIR/tests/mustache/run.py" "$SRCDIR/tests/mustache/$1.json"
}

@test "comments" { cases comments; }
@test "delimiters" { cases delimiters; }
@test "interpolation" { cases interpolation; }
@test "inverted" { cases inverted; }
@test "partials" { cases partials; }
@test "sections" { cases sections; }
@test "~inheritance" { cases ~inheritance; }
@test "~dynamic-names" { cases ~dynamic-names; }
