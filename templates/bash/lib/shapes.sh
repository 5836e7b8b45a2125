# -- Issuer and subject: read back, checked for shape, used byte for byte ---------

# check_trust ISSUER SUBJECT: may these two stand in a federated credential of this connection?
check_trust() {
  local guid='[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}' kind ids
  local entra="^https://login\\.microsoftonline\\.com/$guid/v2\\.0\$"
  local devops="^https://(vstoken\\.dev\\.azure\\.com|app\\.vstoken\\.visualstudio\\.com)/$guid\$"
  local entra_subject="^/eid1/c/pub/t/[A-Za-z0-9_-]{22}/a/[A-Za-z0-9_-]{22}/sc/$guid/$guid\$"
  local devops_subject='^sc://[^/"\]+/[^/"\]+/[^/"\]+$'
  case $1$2 in
  *[[:cntrl:]]*) die 4 'issuer or subject hold a control character' ;;
  esac
  if [[ $1 =~ $entra ]]; then
    kind=entra
    [[ $2 =~ $entra_subject ]] || die 4 "the subject has not the shape that goes with its issuer: $2"
    case $2 in
    # the application that asks, Azure DevOps, in the same encoding as the tenant
    */a/rISbSSETf0KqFyZ8ppdXmA/sc/*) ;;
    *) die 4 "the subject is not one of Azure DevOps: $2" ;;
    esac
{{#same_tenant}}
    # known beforehand only when identity and organization are in one tenant
    same_id "$1" "https://login.microsoftonline.com/$tenant_id/v2.0" ||
      die 4 "the issuer names another tenant: $1"
    case $2 in
    */t/{{{tenant_code}}}/a/*) ;;
    *) die 4 "the subject names another tenant: $2" ;;
    esac
{{/same_tenant}}
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
  [ "$kind" = "$expected_issuer" ] || [ "$mode" = rollback ] || conflict "the $kind issuer ($1)" \
    "the $expected_issuer issuer. To accept what Azure DevOps chose, set issuer = $kind for this connection in the INI, generate again and have it reviewed"
}

# check_name NAME: a project's name goes into JSON and must need no escape there.
check_name() {
  case $1 in
  '' | *[\"\\/]*) die 4 "the service sent a project name that is none: $1" ;;
  esac
}
{{#reads_handover}}

# check_claims: a hand-over may not bring the subject of another project or connection. (Subjects of the
# Entra issuer hold ids only.)
check_claims() {
  [ "$expected_issuer" = azure-devops ] || return 0
  check_names "$subject" {{connection.project}}
{{#shares}}
  [ -z "${{{subject_variable}}}" ] || check_names "${{{subject_variable}}}" {{project}}
{{/shares}}
}

# check_names SUBJECT PROJECT: a project that the description calls by its id is not compared.
check_names() {
  local names=${1#sc://*/}
  names=${names//%20/ }
  is_guid "$2" || same_id "${names%%/*}" "$2" || die 3 "the subject is of another project: $1"
  same_id "${names#*/}" {{connection.name}} || die 3 "the subject is of another connection: $1"
}
{{/reads_handover}}
