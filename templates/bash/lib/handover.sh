# -- Hand-over between the numbered scripts --------------------------------------
{{#reads_handover}}

# A claim by whoever ran the script before, not a truth: every value is checked before it is used.
# read_handover: keys are fixed, each once, at most {{{handover_limit}}} bytes.
read_handover() {
  local key value seen=' ' size
  [ -f "$handover_file" ] || die 3 "no hand-over file $handover_file: it comes from the script before this one; --handover FILE names it"
  size=$(wc -c <"$handover_file")
  [ "$size" -le {{{handover_limit}}} ] || die 3 "$handover_file: larger than {{{handover_limit}}} bytes"
  tr -d '\r' <"$handover_file" >"$work/handover"
  while IFS='=' read -r key value || [ -n "$key" ]; do
    case $seen in
    *" $key "*) die 3 "$handover_file: $key stands there twice" ;;
    esac
    seen="$seen$key "
    take_handover "$key" "$value"
  done <"$work/handover"
  for key in ini_sha256 connection tenant_id organization; do
    case $seen in
    *" $key "*) ;;
    *) die 3 "$handover_file: $key is missing: not a hand-over file of this kind" ;;
    esac
  done
}

take_handover() {
  case $1 in
  ini_sha256) claim "$1" "$2" "$ini_sha256" ;;
  connection) claim "$1" "$2" "$connection_key" ;;
  tenant_id) claim "$1" "$2" "$tenant_id" ;;
  organization) claim "$1" "$2" "$organization" ;;
{{#handover_ids}}
  {{{name}}}) ! claim_id "$1" "$2" "${{{name}}}" || {{{name}}}=$(lower "$2") ;;
{{/handover_ids}}
  issuer) [ -z "$2" ] || issuer=$2 ;;
{{#handover_subjects}}
  {{{name}}}) [ -z "$2" ] || {{{name}}}=$2 ;;
{{/handover_subjects}}
  *) die 3 "$handover_file: unknown key $1" ;;
  esac
}

claim() {
  [ "$2" = "$3" ] || die 3 "$handover_file: made for another description: $1 is $2, here it is $3"
}

# claim_id KEY VALUE KNOWN: what the description says already cannot be claimed otherwise.
claim_id() {
  [ -n "$2" ] || return 1
  is_guid "$2" || die 3 "$handover_file: $1 is not a GUID"
  [ -z "$3" ] || same_id "$2" "$3" || die 3 "$handover_file: $1 is $2, the description says $3"
}

# show_handover: what is believed from now on.
show_handover() {
  say "taken from $handover_file:"
{{#handover_ids}}
  say "  {{{name}}} ${{{name}}}"
{{/handover_ids}}
  say "  issuer $issuer"
{{#handover_subjects}}
  say "  {{{name}}} ${{{name}}}"
{{/handover_subjects}}
}
{{/reads_handover}}
{{#writes_handover}}

write_handover() {
  local fresh
  {
    printf 'ini_sha256=%s\nconnection=%s\n' "$ini_sha256" "$connection_key"
    printf 'tenant_id=%s\norganization=%s\n' "$tenant_id" "$organization"
{{#handover_ids}}
    printf '{{{name}}}=%s\n' "${{{name}}}"
{{/handover_ids}}
    printf 'issuer=%s\n' "$issuer"
{{#handover_subjects}}
    printf '{{{name}}}=%s\n' "${{{name}}}"
{{/handover_subjects}}
  } >"$work/handover.new"
  [ "$(wc -c <"$work/handover.new")" -le {{{handover_limit}}} ] || die 4 'the hand-over would be too large'
  # written whole under another name first: an interruption leaves the old file or the new one
  if ! fresh=$(mktemp "$handover_file.XXXXXX") || ! cat "$work/handover.new" >"$fresh" ||
    ! mv -f "$fresh" "$handover_file"; then
    die 4 "could not write $handover_file"
  fi
  say "wrote $handover_file: give it to the next script"
}
{{/writes_handover}}
{{#reads_handover}}
{{^can.rollback}}

# use_handover: what the script before found, shown to the person who goes on with it.
use_handover() {
  read_handover
  [ -n "$client_id" ] || die 3 "$handover_file: client_id is missing: 1-identity.sh writes it"
{{#takes_trust}}
  if [ -z "$issuer" ] || [ -z "$subject" ] || [ -z "$organization_id" ] || [ -z "$connection_id" ]; then
    die 3 "$handover_file: issuer or subject is missing: 2-connection.sh writes them"
  fi
  check_trust "$issuer" "$subject"
{{#handover_subjects}}
  [ -z "${{{name}}}" ] || check_trust "$issuer" "${{{name}}}"
{{/handover_subjects}}
  check_claims
{{/takes_trust}}
  show_handover
}
{{/can.rollback}}
{{/reads_handover}}
