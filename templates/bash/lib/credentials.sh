# -- Federated credentials: matched byte for byte ---------------------------------

# match_credentials NAME SUBJECT: $reply holds name, issuer, subject and audience of each credential of
# the identity, in turn. Sets $found; the services match issuer, subject and audience byte for byte.
match_credentials() {
  local name have_issuer have_subject have_audience count=0 there=no
  while IFS= read -r name && [ -n "$name" ]; do
    IFS= read -r have_issuer || true
    IFS= read -r have_subject || true
    IFS= read -r have_audience || true
    count=$((count + 1))
    if same_id "$name" "$1"; then
      expect "issuer of $name:" "$have_issuer" "$issuer" || return 0
      expect "subject of $name:" "$have_subject" "$2" || return 0
      expect "audience of $name:" "$have_audience" "$audience" || return 0
      there=yes
    elif [ "$have_issuer" = "$issuer" ] && [ "$have_subject" = "$2" ]; then
      expect "audience of $name, which has this issuer and subject:" "$have_audience" "$audience" || return 0
      note "its name is $name, not $1"
      there=yes
    elif ! is_described "$name" "$have_subject"; then
      beyond "federated credential $name for $have_subject"
    fi
  done <<<"$reply"
  evidence=" issuer=$issuer subject=$2 audience=$audience"
  if [ "$there" = yes ]; then
    found=same
  elif [ "$count" -ge 20 ]; then
    conflict '20 federated credentials on this identity' 'room for one more'
  fi
}

# is_described NAME SUBJECT: does another connection, or another project of this one, account for it?
is_described() {
  case " $described_credentials " in
  *" $1 "*) return 0 ;;
  esac
{{#handover_subjects}}
  [ "$2" != "${{{name}}}" ] || return 0
{{/handover_subjects}}
  return 1
}

# beyond TEXT: more than described. An identity that existed before may well serve others.
beyond() {
{{#identity.existing}}
  note "also there: $1"
{{/identity.existing}}
{{^identity.existing}}
  extra "$1"
{{/identity.existing}}
}
