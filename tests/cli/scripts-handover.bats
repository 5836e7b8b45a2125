#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The hand-over file between the numbered scripts is a claim: every field of it is checked.
# shellcheck disable=SC2034  # scripts.bash uses them

load scripts

OTHER=99999999-0000-4000-8000-000000000000
FILE=payments-prod.handover

setup_file() {
  serve_az
  generate_once contoso service-principal shared-identity
}

teardown_file() {
  stop_az
}

setup() {
  EXAMPLE=contoso SCRIPTS=$OUT/contoso/payments-prod
  fresh_world contoso
  if [ ! -e "$BATS_FILE_TMPDIR/two.json" ]; then
    script 0 1-identity.sh --yes
    cp "$FILE" "$BATS_FILE_TMPDIR/one.handover"
    cp "$AZ_WORLD" "$BATS_FILE_TMPDIR/one.json"
    script 0 2-connection.sh --yes
    cp "$FILE" "$BATS_FILE_TMPDIR/two.handover"
    cp "$AZ_WORLD" "$BATS_FILE_TMPDIR/two.json"
  fi
  cp "$BATS_FILE_TMPDIR/two.json" "$AZ_WORLD"
  cp "$BATS_FILE_TMPDIR/two.handover" "$FILE"
  forget
}

# with KEY VALUE: the hand-over with that field changed.
with() {
  KEY=$1 VALUE=$2 /usr/bin/python3 - "$BATS_FILE_TMPDIR/two.handover" >"$FILE" <<'END'
import os, sys
lines = open(sys.argv[1], newline="").read().splitlines()
key = os.environ["KEY"] + "="
assert any(line.startswith(key) for line in lines), key
sys.stdout.write("".join((key + os.environ["VALUE"] if line.startswith(key) else line) + "\n"
                         for line in lines))
END
}

# refused STATUS SCRIPT TEXT: stops with it, having written nothing.
refused() {
  script "$1" "$2" --yes
  says "$3"
  wrote 0
}

@test "it is private, small and whole" {
  [ "$(stat -c %a "$FILE")" = 600 ]
  [ "$(wc -c <"$FILE")" -le 4096 ]
  [ "$(ls)" = "$FILE" ]
  [ "$(cut -d= -f1 "$FILE" | sort | uniq -d)" = '' ]
  [ "$(grep -c '^subject=' "$FILE")" = 1 ]
}

@test "without it 2, 3 and 4 stop; --handover FILE names it" {
  mv "$FILE" elsewhere
  refused 3 2-connection.sh 'no hand-over file ./payments-prod.handover'
  refused 3 3-federation.sh 'no hand-over file ./payments-prod.handover'
  refused 3 4-roles.sh 'no hand-over file ./payments-prod.handover'
  script 0 3-federation.sh --yes --handover elsewhere
  wrote 1
}

@test "one written by 1 is not enough for 3" {
  cp "$BATS_FILE_TMPDIR/one.handover" "$FILE"
  refused 3 3-federation.sh '2-connection.sh writes them'
}

@test "one for another INI, connection, tenant or organization is refused" {
  local key
  with ini_sha256 "$(printf '0%.0s' {1..64})"
  for key in 2-connection.sh 3-federation.sh 4-roles.sh; do
    refused 3 "$key" 'made for another description: ini_sha256'
  done
  for key in connection tenant_id organization; do
    with "$key" "$OTHER"
    refused 3 3-federation.sh "made for another description: $key is $OTHER"
    with "$key" ''
    refused 3 3-federation.sh "made for another description: $key"
  done
}

@test "one of another example is refused" {
  fresh_world service-principal
  SCRIPTS=$OUT/service-principal/payments-test
  script 0 1-identity.sh --yes
  mv payments-test.handover "$FILE"
  cp "$BATS_FILE_TMPDIR/two.json" "$AZ_WORLD"
  forget
  SCRIPTS=$OUT/contoso/payments-prod
  script 3 2-connection.sh --yes
  wrote 0
}

@test "an id that is none is refused" {
  local key
  for key in client_id principal_id organization_id project_id connection_id; do
    # shellcheck disable=SC2016  # nothing of it is to be expanded
    for value in x '$(touch pwned)' "$OTHER\"" "${OTHER}x"; do
      with "$key" "$value"
      refused 3 3-federation.sh "$key is not a GUID"
    done
  done
  [ ! -e pwned ]
}

@test "an issuer or a subject of another shape is refused" {
  local value
  # shellcheck disable=SC2016  # nothing of it is to be expanded
  for value in '", "audiences": ["x"], "y": "' 'sc://contoso/Payments/payments-prod' \
    "/eid1/c/pub/t/EREREREREREREREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA/sc/$OTHER/$OTHER" \
    "$(sed -n 's/^subject=//p' "$FILE")\"" '$(touch pwned)' '`touch pwned`'; do
    with subject "$value"
    refused 4 3-federation.sh 'the subject '
  done
  for value in https://login.microsoftonline.com.evil.example/11111111-1111-1111-1111-111111111111/v2.0 \
    http://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0 x; do
    with issuer "$value"
    refused 4 3-federation.sh 'the issuer has an unknown shape'
  done
  with issuer https://vstoken.dev.azure.com/33333333-3333-4333-8333-333333333333
  script 4 3-federation.sh --yes
  wrote 0
  [ ! -e pwned ]
}

@test "a missing issuer, subject or client id is said to be missing" {
  with issuer ''
  refused 3 3-federation.sh 'issuer or subject is missing'
  with subject ''
  refused 3 3-federation.sh 'issuer or subject is missing'
  with client_id ''
  refused 3 3-federation.sh 'client_id is missing'
  refused 3 4-roles.sh 'client_id is missing'
}

@test "more than 4 KiB, a repeated or an unknown key, and lines of another kind are refused" {
  { cat "$BATS_FILE_TMPDIR/two.handover" && printf '%5000s\n' '' | tr ' ' '#'; } >"$FILE"
  refused 3 3-federation.sh 'larger than 4096 bytes'
  { cat "$BATS_FILE_TMPDIR/two.handover" && grep '^subject=' "$BATS_FILE_TMPDIR/two.handover"; } >"$FILE"
  refused 3 3-federation.sh 'subject stands there twice'
  { cat "$BATS_FILE_TMPDIR/two.handover" && echo PATH=/tmp; } >"$FILE"
  refused 3 3-federation.sh 'unknown key PATH'
  { cat "$BATS_FILE_TMPDIR/two.handover" && echo hello; } >"$FILE"
  refused 3 3-federation.sh 'unknown key hello'
  { cat "$BATS_FILE_TMPDIR/two.handover" && printf mode=verify; } >"$FILE"
  refused 3 3-federation.sh 'unknown key mode'
  : >"$FILE"
  refused 3 3-federation.sh 'ini_sha256 is missing'
  rm "$FILE"
  mkdir "$FILE"
  script 3 3-federation.sh --yes
  wrote 0
}

@test "CR LF, and no line end at the last line, are accepted" {
  sed 's/$/\r/' "$BATS_FILE_TMPDIR/two.handover" >"$FILE"
  script 0 3-federation.sh --yes
  wrote 1
  printf '%s' "$(cat "$BATS_FILE_TMPDIR/two.handover")" >"$FILE"
  script 0 4-roles.sh --yes
  script 0 verify.sh
}

@test "what is taken from it is shown" {
  script 0 3-federation.sh --dry-run
  says "taken from ./$FILE" "$(sed -n 's/^subject=//p' "$FILE")" "$(sed -n 's/^client_id=//p' "$FILE")"
}

@test "the client id of another identity stops 2, 3 and 4" {
  with client_id "$OTHER"
  script 1 3-federation.sh --yes
  says 'conflict: have client id'
  wrote 0
  script 1 2-connection.sh --yes
  says 'conflict: have client id'
  wrote 0
  script 1 4-roles.sh --yes
  wrote 0
}

@test "4 resolves the principal itself: another identity's principal or client id stops it" {
  local other
  world edit identities '{"x": null}'
  other=$(/usr/bin/python3 - "$AZ_WORLD" "$SRCDIR" <<'END'
import json, os, sys
sys.path.insert(0, os.path.join(sys.argv[2], "tests/world"))
sys.dont_write_bytecode = True
import arm, state
with state.World(sys.argv[1]) as world:
    made = arm.add_identity(world, "22222222-2222-2222-2222-222222222222", "rg-identities", "id-other",
                            "westeurope")["resource"]["properties"]
print(made["clientId"], made["principalId"])
END
)
  with principal_id "${other#* }"
  script 1 4-roles.sh --yes
  says 'conflict: have principal id' "want ${other#* }"
  wrote 0
  with client_id "${other% *}"
  script 1 4-roles.sh --yes
  says 'of another identity' 'id-other' 'id-payments-prod'
  wrote 0
  # both, as who wants the roles for another identity would write them
  cp "$FILE" both
  sed "s/^principal_id=.*/principal_id=${other#* }/" both >"$FILE"
  script 1 4-roles.sh --yes
  says 'of another identity'
  wrote 0
}

@test "an application's principal id of another stops 4" {
  fresh_world service-principal
  SCRIPTS=$OUT/service-principal/payments-test
  script 0 1-identity.sh --yes
  sed -i "s/^principal_id=.*/principal_id=$OTHER/" payments-test.handover
  forget
  script 1 4-roles.sh --yes
  says "want $OTHER"
  wrote 0
}

@test "rollback takes issuer and subject from it only when they fit" {
  script 0 3-federation.sh --yes
  forget
  with subject '", "x": "'
  script 4 rollback.sh --yes --part federation --handover "$FILE"
  wrote 0
  cp "$BATS_FILE_TMPDIR/two.handover" "$FILE"
  script 0 rollback.sh --yes --part federation --handover "$FILE"
  wrote 1
}

@test "it is written whole or not at all" {
  cp "$BATS_FILE_TMPDIR/one.json" "$AZ_WORLD"
  cp "$BATS_FILE_TMPDIR/one.handover" "$FILE"
  chmod 644 "$FILE"
  world fault '{"match": {"method": "PATCH"}, "kind": "forbidden"}'
  script 4 2-connection.sh --yes
  cmp "$BATS_FILE_TMPDIR/one.handover" "$FILE"
  script 0 2-connection.sh --yes
  [ "$(stat -c %a "$FILE")" = 600 ]
  [ "$(ls)" = "$FILE" ]
}
