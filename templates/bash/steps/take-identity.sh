
# take_identity CLIENT-ID PRINCIPAL-ID: what was read is the identity of this description, and of the
# hand-over when there was one.
take_identity() {
  is_guid "$1" || die 4 "the service sent a client id that is none: $1"
  is_guid "$2" || die 4 "the service sent a principal id that is none: $2"
  if [ -n "$client_id" ]; then
    expect_id 'client id' "$1" "$client_id" || return 1
  fi
  if [ -n "$principal_id" ]; then
    expect_id 'principal id' "$2" "$principal_id" || return 1
  fi
  client_id=$(lower "$1") principal_id=$(lower "$2")
  evidence="$evidence client_id=$client_id principal_id=$principal_id"
}
