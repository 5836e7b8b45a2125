# -- Issuer and subject: read back, checked for shape, used byte for byte ---------

# check_trust ISSUER SUBJECT: may these two stand in a federated credential of this connection?
check_trust() {
  local guid='[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}' kind ids
  local entra="^https://login\\.microsoftonline\\.com/$guid/v2\\.0\$"
  local devops="^https://(vstoken\\.dev\\.azure\\.com|app\\.vstoken\\.visualstudio\\.com)/$guid\$"
  local entra_subject="^/eid1/c/pub/t/[A-Za-z0-9_-]{22}/a/[A-Za-z0-9_-]{22}/sc/$guid/$guid\$"
  local devops_subject='^sc://[^/"\]+/[^/"\]+/[^/"\]+$'
  if [[ $1 =~ $entra ]]; then
    kind=entra
    [[ $2 =~ $entra_subject ]] || die 4 "the subject has not the shape that goes with its issuer: $2"
    ids=${2##*/sc/}
    same_id "$ids" "$organization_id/$connection_id" ||
      die 4 "the subject names another organization or connection: $2"
  elif [[ $1 =~ $devops ]]; then
    kind=azure-devops
    same_id "${1##*/}" "$organization_id" || die 4 "the issuer names another organization: $1"
    [[ $2 =~ $devops_subject ]] || die 4 "the subject has not the shape that goes with its issuer: $2"
    ids=${2#sc://}
    same_id "${ids%%/*}" "$organization" || die 4 "the subject names another organization: $2"
  else
    die 4 "the issuer has an unknown shape: $1"
  fi
  [ "$kind" = "$expected_issuer" ] || conflict "the $kind issuer ($1)" \
    "the $expected_issuer issuer. To accept what Azure DevOps chose, set issuer = $kind for this connection in the INI, generate again and have it reviewed"
}

# check_name NAME: a project's name goes into JSON and must need no escape there.
check_name() {
  case $1 in
  '' | *[\"\\/]*) die 4 "the service sent a project name that is none: $1" ;;
  esac
}
