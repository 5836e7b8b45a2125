#!/usr/bin/env bash
# Reads everything and says whether it is as described; writes nothing
#
# Connection:   payments-stage in project Payments of https://dev.azure.com/contoso
# Identity:     new managed identity id-fleet-stage in resource group rg-identities
# Run by:       anyone who may read both sides
# Arguments:    --help lists them; --dry-run reads only and says what would be done
# Exit status:  0 done and both sides match, 1 conflict or difference, 2 usage, 3 preflight, 4 remote,
#               130 interrupted
#
# Every step looks first, creates what is missing, accepts what matches and stops at what conflicts, so
# this script may be run again at any time. It never signs in or changes the az profile.
#
# azdo-wif 0.1.0, templates built-in, ini sha256:8e25806a335d048aee24d8a8565c5d070d111ec8f070f51de444cd141962d8fd, body sha256:67af4ddbffabba783d34574138d3d63c171f6a3530347980ca4c5fe3586d7594

# Names may hold typographic quotes, which shellcheck takes for mistyped ones.
# shellcheck disable=SC1111,SC1112
set -efuo pipefail
export LC_ALL=C MSYS_NO_PATHCONV=1

# -- What the description says --------------------------------------------------

cloud=AzureCloud
tenant_id=11111111-1111-1111-1111-111111111111
organization='contoso'
expected_issuer=entra
devops_tenant_id=11111111-1111-1111-1111-111111111111
audience='api://AzureADTokenExchange'

# -- What this run knows --------------------------------------------------------

# What this script calls itself, its folder for bodies and replies, and the hand-over file.
script=${0##*/}
work_name=azdo-wif
# Profiles of az: AZURE_CONFIG_DIR for the identity's tenant, AZDO_WIF_DEVOPS_CONFIG_DIR for the
# organization's when that is another tenant or cloud.
identity_profile=${AZURE_CONFIG_DIR:-${HOME:-}/.azure}
devops_profile=${AZDO_WIF_DEVOPS_CONFIG_DIR:-$identity_profile}
# run; dry-run reads only; verify reads only, and what is missing is a problem
mode=verify
# arguments
update_wanted=no verbose=no record_file=''
work='' identity_user='' devops_user='' side='' title='' rights='' evidence='' wrote=''
reply='' reason='' failure='' found='' notes='' outdated=no
number=0 writes=0 problems=0 drift=0 waited=0 delay=2

# What the services decide, read back during the run.
client_id=''
organization_id=''
project_id=''
principal_id=''
connection_id=''
issuer=''
subject=''
project_name=''
role_1_definition=''
role_1_name=''
shared_with=' ' shares_described=' '
described_credentials='contoso-Web-Shop-web-shop-stage-ade0cf6d contoso-Data-Platform-data-platform-stage-1ee86fdf'

# -- Arguments --------------------------------------------------------------------

usage() {
  say "usage: $script [OPTION...]"
  say 'Reads everything and says whether it is as described; writes nothing'
  say ''
  say '  --verbose          show each read, too'
  say '  --help             this text'
  say ''
  say 'Sign in first:'
  say '  identity side:  az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions'
  say '  Azure DevOps:   az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions'
}

# value OPTION VALUE
needs_value() {
  [ -n "$2" ] || die 2 "$1 needs a value; see --help"
}

parse_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
    --verbose) verbose=yes ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) die 2 "unknown argument: $1; see --help" ;;
    esac
    shift
  done
}

# -- What is shown, and how this script ends ------------------------------------

# Server text may hold control characters, characters that reorder a line, or commands for a
# pipeline's log (##vso[...], ##[...]): none of them reaches the terminal or the log.
clean() {
  tr -d '\000-\010\013-\037\177' |
    sed -e $'s/\302[\200-\237]//g' -e $'s/\330\234//g' -e $'s/\342\200[\213-\217\250-\256]//g' \
      -e $'s/\342\201[\240-\257]//g' -e $'s/\357\273\277//g' -e $'s/\363\240[\200-\277][\200-\277]//g' \
      -e 's/##\([vV][sS][oO]\)\{0,1\}\[/## \1[/g'
}

say() {
  case $* in
  *[!\ -~]* | *'##'*) printf '%s\n' "$*" | clean ;;
  *) printf '%s\n' "$*" ;;
  esac
}

warn() {
  say "$@" >&2
}

# die STATUS TEXT...: 1 conflict, 2 usage, 3 preflight, 4 remote.
die() {
  local status=$1
  shift
  warn "$script: $*"
  exit "$status"
}

finish() {
  local status=$?
  trap - EXIT
  [ -z "$work" ] || rm -rf "$work"
  exit "$status"
}

# Bodies and replies live here, readable by nobody else, and go when the script ends.
open_work() {
  umask 077
  trap finish EXIT
  trap 'warn "$script: interrupted; run it again to continue"; exit 130' INT TERM HUP
  work=$(mktemp -d "${TMPDIR:-/tmp}/$work_name.XXXXXX") || die 3 'no temporary folder could be made'
}

lower() {
  printf '%s' "$1" | tr '[:upper:]' '[:lower:]'
}

# same_id ONE OTHER: equal but for letter case, which the services change freely in ids.
same_id() {
  [ "$(lower "$1")" = "$(lower "$2")" ]
}

is_guid() {
  [[ $1 =~ ^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$ ]]
}

# confirm QUESTION WORD: goes on only when a person at the terminal types WORD.
confirm() {
  local answer=''
  [ -t 0 ] || die 2 "$1 There is no terminal to ask at: see --help."
  printf '%s' "$(say "$1") Type $(say "$2") to go on: "
  IFS= read -r answer || true
  [ "$answer" = "$2" ] || die 2 'not confirmed; nothing was written'
}

# -- How this script speaks to az -----------------------------------------------

# run SIDE az ARGUMENTS...: az with the profile of that side. Nothing here signs in, switches the
# account or changes a setting.
run() {
  local side=$1
  shift
  case $side in
  devops) AZURE_CONFIG_DIR=$devops_profile "$@" ;;
  *) AZURE_CONFIG_DIR=$identity_profile "$@" ;;
  esac
}

# shown ARGUMENTS...: the command as one would type it.
shown() {
  local arg
  for arg in "$@"; do
    case $arg in
    '' | *[!A-Za-z0-9_./:=@%+,-]*) printf " '%s'" "$(printf '%s' "$arg" | sed "s/'/'\\\\''/g")" ;;
    *) printf ' %s' "$arg" ;;
    esac
  done
}

# call SIDE az ARGUMENTS...: $reply is what az printed. When it fails, $failure is what it said and
# $reason the service's reason phrase: az shows neither status number nor headers.
call() {
  failure='' reason=''
  case "$verbose $*" in
  no\ * | *' --output none') ;; # writes are always shown, by change
  *) say "   \$$(shown "${@:2}")" ;;
  esac
  if reply=$(run "$@" 2>"$work/said"); then
    return 0
  fi
  failure=$(cat "$work/said")
  reason=$(sed -n 's/^ERROR: //p' "$work/said" | head -n 1)
  reason=${reason%%(*}
  return 1
}

# is_passing: does $failure ask for patience? Everything that is tried again is in this list.
is_passing() {
  case $reason in
  # throttled
  'Too Many Requests') return 0 ;;
  # the service is restarting, or gives no answer in time
  'Bad Gateway' | 'Service Unavailable') return 0 ;;
  'Gateway Timeout' | 'Gateway Time-out' | 'Request Timeout' | 'Request Time-out') return 0 ;;
  esac
  case $failure in
  # comes as 500, and is a conflict
  *DuplicateServiceConnectionException*) return 1 ;;
  # a new principal, identity or application is not replicated yet
  *PrincipalNotFound* | *ParentResourceNotFound*) return 0 ;;
  *'does not reference a valid application object'*) return 0 ;;
  # someone else writes on this identity
  *ConcurrentFederatedIdentityCredentialsWrites*) return 0 ;;
  *TooManyRequests* | *throttled*) return 0 ;;
  # the network
  *'Connection aborted'* | *'Connection reset'* | *'Connection broken'*) return 0 ;;
  *'Max retries exceeded'* | *'Read timed out'* | *RemoteDisconnected*) return 0 ;;
  esac
  [ "$reason" = 'Internal Server Error' ]
}

# wait_for WHAT: 2, 4, 8, ... 60 seconds, five minutes in all for one step.
wait_for() {
  [ "$waited" -lt 300 ] || refuse "gave up after $waited seconds of waiting for $1"
  warn "   waiting $delay s for $1 ($waited s so far)"
  sleep "$delay"
  waited=$((waited + delay))
  delay=$((delay * 2))
  [ "$delay" -le 60 ] || delay=60
}

patience() {
  waited=0 delay=2
}

# refuse WHAT: the service said no, in its own words.
refuse() {
  warn "$script: $1"
  [ -z "$failure" ] || warn "$failure"
  case $reason in
  Unauthorized) warn "The $side sign-in was not accepted: run the az login that --help shows, then this script again." ;;
  Forbidden) warn "The signed-in person lacks a right for this step: $rights. If it is eligible in PIM, activate it there." ;;
  esac
  exit 4
}

# look SIDE az rest ...: a read. Leaves what the query selects, a flat list of scalars, in $reply, one
# a line (az writes them as JSON, so no value can hold a line end). Returns 1 when the service says
# that there is nothing.
look() {
  side=$1
  until call "$@" --output json; do
    [ "$reason" != 'Not Found' ] || return 1
    is_passing || refuse 'a read failed'
    wait_for 'a reply'
  done
  case $reply in
  '['*) ;;
  '' | null) return 1 ;; # how Azure DevOps answers for an id that is not there
  *) die 4 "the reply is not JSON: the $side sign-in has expired or is for another tenant" ;;
  esac
  scalars
}

# scalars: $reply, a JSON list as az prints it, becomes its values, one a line.
scalars() {
  reply=$(sed -e '1d' -e '/^]$/d' <<<"$reply")
  if grep -e '^   ' -e '^  [][{}]' <<<"$reply" >/dev/null; then
    die 4 'the service sent a list or an object where one value was expected'
  fi
  reply=$(sed -e 's/^  //' -e 's/,$//' -e 's/^null$//' -e 's/^"\(.*\)"$/\1/' <<<"$reply")
}

# fetch SIDE az ...: a whole object, as JSON in $reply, for a write that changes a part of it. Returns 1
# when it may be tried again.
fetch() {
  side=$1
  if ! call "$@" --output json; then
    is_passing || refuse 'a read failed'
    return 1
  fi
  case $reply in
  '{'*) ;;
  *) die 4 "the reply is not JSON: the $side sign-in has expired or is for another tenant" ;;
  esac
}

# take NAME...: the lines of $reply, in order, as variables; what is missing is empty.
take() {
  local name line
  for name in "$@"; do
    IFS= read -r line || true
    printf -v "$name" '%s' "$line"
  done <<<"$reply"
}

# body <<JSON: what the next write sends. az reads it from a file, for it would take an argument that
# begins with @ for a file's name.
body() {
  cat >"$work/body.json" || die 3 'the temporary folder is full'
}

# expect_silence: even with --output none az prints a reply that is not JSON: the sign-in page.
expect_silence() {
  [ -z "$reply" ] || die 4 "the reply is not JSON: the $side sign-in has expired or is for another tenant"
}

# change SIDE az ARGUMENTS...: a write. Returns 1 when it may be tried again after another look.
change() {
  side=$1
  shift
  wrote=$(shown "$@")
  say "   \$$wrote"
  case "$*" in
  *" @$work/body.json"*) sed 's/^/     /' "$work/body.json" | clean ;;
  esac
  if call "$side" "$@" --output none; then
    expect_silence
    writes=$((writes + 1))
    return 0
  fi
  case $failure in
  *RoleAssignmentExists*) return 0 ;; # what was wanted: the look afterwards finds it
  esac
  is_passing || return_refused
  return 1
}

# return_refused: a write that waiting does not mend.
return_refused() {
  case $failure in
  *DuplicateServiceConnectionException*)
    say '   conflict: have a service connection of this name that you may not see, want to create it'
    warn "Ask its administrator for the User role on it, or choose another name."
    exit 1
    ;;
  *) refuse 'the write was refused' ;;
  esac
}

# -- One step: look, then make what is missing ----------------------------------

# A look function sets $found to nothing, part or same, and calls expect, differs and extra.

# expect WHAT HAVE WANT: anything else is a conflict, which ends a run before its next write.
expect() {
  [ "$2" != "$3" ] || return 0
  conflict "$1 $2" "$3"
  return 1
}

expect_id() {
  expect "$1" "$(lower "$2")" "$(lower "$3")"
}

conflict() {
  say "   conflict: have $1, want $2"
  found=conflict
  problems=$((problems + 1))
  [ "$mode" != run ] || die 1 'stopped at the conflict; nothing further was written'
}

note() {
  notes="$notes   $1
"
}

# differs TEXT [yes]: harmless; "yes" when --update can mend it.
differs() {
  note "differs (harmless): $1"
  [ "${2:-}" != yes ] || outdated=yes
}

extra() {
  note "extra: $1"
}

examine() {
  found=nothing notes='' outdated=no evidence=''
  "$1"
}

# outcome TEXT: what this step has to say, then what it noticed.
outcome() {
  say "   $1"
  [ -z "$notes" ] || say "${notes%?}"
  case $notes in
  *differs* | *extra*) drift=$((drift + 1)) ;;
  esac
}

# step NUMBER TITLE RIGHTS LOOK MAKE UPDATE: "-" for what there is none of. Numbers are the runbook's.
step() {
  local look=$4 make=$5 update=$6 word='create' done='created'
  number=$1 title=$2 rights=$3
  say "$number. $title"
  patience
  examine "$look"
  if [ "$found" = part ]; then
    word='add' done='added'
  fi
  case $found in
  conflict) return 0 ;;
  same) settle_same "$look" "$update" ;;
  *) settle_missing "$look" "$make" "$word" "$done" ;;
  esac
}

settle_same() {
  if [ "$outdated" = yes ] && [ "$update_wanted" = yes ] && [ "$mode" = run ]; then
    make_until_same "$1" "$2"
    outcome updated
    record updated
  else
    outcome exists
  fi
}

settle_missing() {
  if [ "$2" = - ]; then
    outcome missing
    problems=$((problems + 1))
    [ "$mode" != run ] || die 1 'what should exist already does not; nothing further was written'
  elif [ "$mode" = verify ]; then
    outcome missing
    problems=$((problems + 1))
  elif [ "$mode" = dry-run ]; then
    outcome "would $3"
  else
    make_until_same "$1" "$2"
    outcome "$4"
    record "$4"
  fi
}

# make_until_same LOOK MAKE: what a write did is known only from a look, so a reply that was lost is
# no matter, and nothing is written twice.
make_until_same() {
  local accepted=no
  while :; do
    if [ "$accepted" = no ] && "$2"; then
      accepted=yes
    else
      wait_for 'the service to show it'
    fi
    examine "$1"
    if [ "$found" = same ] && [ "$outdated" = no ]; then
      return 0
    fi
  done
}

# record WHAT: a line of change evidence, when --record FILE was given.
record() {
  local who=$identity_user
  [ -n "$record_file" ] || return 0
  [ "$side" != devops ] || who=$devops_user
  printf '%s %s %s %s: %s;%s;%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$who" "$script" "$1" "$title" \
    "$evidence" "$wrote" | clean >>"$record_file" || die 4 "could not write $record_file"
}

# -- Preflight: every obstacle at once, each with what mends it -----------------

problem() {
  warn " - $1"
  problems=$((problems + 1))
}

# check_sign_in SIDE TENANT CLOUD LOGIN: is az signed in where that side lives?
check_sign_in() {
  local tenant='' cloud='' user=''
  if ! call "$1" az account show --query '[tenantId, environmentName, user.name]' --output json; then
    problem "az is not signed in for the $1 side. Run: $4"
    return 1
  fi
  scalars
  take tenant cloud user
  if [ "$cloud" != "$3" ]; then
    problem "the $1 side is in cloud $3, az is set to $cloud. Run: $4"
    return 1
  elif ! same_id "$tenant" "$2"; then
    problem "the $1 side is in tenant $2, az is signed in to $tenant. Run: $4"
    return 1
  fi
  if [ "$1" = devops ]; then
    devops_user=$user
  else
    identity_user=$user
  fi
  say "signed in for the $1 side as $user, tenant $2, $3"
}

# check_subscription ID LOGIN
check_subscription() {
  if ! call identity az account show --subscription "$1" --query tenantId --output tsv; then
    problem "subscription $1 is not reachable with this sign-in. Ask for a role on it (activate it in PIM), then run: $2"
  elif ! same_id "$reply" "$tenant_id"; then
    problem "subscription $1 is reached in tenant $reply, not $tenant_id. Run: $2"
  fi
}

# check_right ROLE SCOPE-URL ACTION...: may the signed-in person do this there?
check_right() {
  local role=$1 url=$2 action
  shift 2
  patience
  if ! call identity az rest --method get --url "$url" --output json \
    --query "value[].[join(' ', not_null(actions, \`[]\`)), join(' ', not_null(notActions, \`[]\`))][]"; then
    say "not checked: the right to write at $url"
    return 0
  fi
  printf '%s\n' "$reply" | sed -e '1d' -e '/^]$/d' -e 's/^  "//' -e 's/",\{0,1\}$//' >"$work/rights"
  for action in "$@"; do
    is_allowed "$action" ||
      problem "no right to $action at $url. The role $role gives it; if it is eligible in PIM, activate it there."
  done
}

# is_allowed ACTION: lines of $work/rights are, in turn, the actions and notActions of a role.
is_allowed() {
  local yes no
  while IFS= read -r yes; do
    IFS= read -r no || true
    if matches "$1" "$yes" && ! matches "$1" "$no"; then
      return 0
    fi
  done <"$work/rights"
  return 1
}

# matches ACTION PATTERNS: is one of them, with * for anything, the action?
matches() {
  printf '%s' "$2" | tr ' ' '\n' | tr -cd 'A-Za-z0-9./*_\n-' |
    sed -e '/^$/d' -e 's/[.]/[.]/g' -e 's/[*]/.*/g' >"$work/patterns"
  [ -s "$work/patterns" ] && printf '%s\n' "$1" | grep -Eixq -f "$work/patterns"
}

check_az() {
  local version major minor
  command -v az >/dev/null || {
    warn ' - az is not installed. See https://learn.microsoft.com/cli/azure/install-azure-cli'
    die 3 'the preflight found 1 problem; nothing was written'
  }
  # not "az --version", which goes online
  call identity az version --query '"azure-cli"' --output tsv || die 3 "az does not run: $failure"
  version=$(printf '%s' "$reply" | tr -cd '0-9.')
  major=${version%%.*} minor=${version#*.}
  minor=${minor%%.*}
  if [ "${major:-0}" -lt 2 ] || { [ "$major" -eq 2 ] && [ "${minor:-0}" -lt 40 ]; }; then
    problem "az is $version; 2.40 or later is needed. Run: az upgrade"
  fi
}

preflight() {
  say 'preflight'
  check_az
  if check_sign_in identity "$tenant_id" "$cloud" 'az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions'; then
    check_subscription 22222222-2222-2222-2222-222222222223 'az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions'
    say 'not checked: rights in the directory; the service says so when one is missing'
  fi
  check_sign_in devops "$devops_tenant_id" AzureCloud 'az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions' || true
  [ "$problems" -eq 0 ] || die 3 "the preflight found $problems problem(s); nothing was written"
}

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
    # known beforehand only when identity and organization are in one tenant
    same_id "$1" "https://login.microsoftonline.com/$tenant_id/v2.0" ||
      die 4 "the issuer names another tenant: $1"
    case $2 in
    */t/EREREREREREREREREREREQ/a/*) ;;
    *) die 4 "the subject names another tenant: $2" ;;
    esac
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
  [ "$2" != "$subject" ] || return 0
  return 1
}

# beyond TEXT: more than described. An identity that existed before may well serve others.
beyond() {
  extra "$1"
}

# -- Role assignments -------------------------------------------------------------

seen_assignments='' known_assignments=' '

# assignment_name SEED PRINCIPAL: the name of a role assignment: SEED, made from scope and role, mixed
# with the principal by exclusive or, as a GUID of version 5. The same for the same principal at every
# run; another one when the identity was made anew (its old assignment cannot be taken over).
assignment_name() {
  local seed=${1//-/} principal=${2//-/} hex='' i
  for i in 0 8 16 24; do
    hex=$hex$(printf '%08x' $((0x${seed:i:8} ^ 0x${principal:i:8})))
  done
  printf '%s-%s-5%s-%x%s-%s' "${hex:0:8}" "${hex:8:4}" "${hex:13:3}" \
    $((0x${hex:16:1} & 3 | 8)) "${hex:17:3}" "${hex:20:12}"
}

# match_assignments SCOPE DEFINITION NAME: $reply holds name, role definition and scope of each
# assignment of the principal there, in turn. Sets $found.
match_assignments() {
  local name definition scope
  known_assignments="$known_assignments$3 "
  evidence=" principal_id=$principal_id assignment=$3"
  while IFS= read -r name && [ -n "$name" ]; do
    IFS= read -r definition || true
    IFS= read -r scope || true
    definition=${definition##*/}
    if same_id "$definition" "$2" && same_id "$scope" "$1"; then
      found=same
      known_assignments="$known_assignments$(lower "$name") "
    else
      seen_assignments="$seen_assignments$(lower "$name") role $definition at $scope
"
    fi
  done <<<"$reply"
}

# roles_beyond: assignments that no description accounts for, each once.
roles_beyond() {
  local name rest reported=' '
  found=same
  while IFS=' ' read -r name rest && [ -n "$name" ]; do
    case "$known_assignments$reported" in
    *" $name "*) continue ;;
    esac
    reported="$reported$name "
    is_other_assignment "$name" || beyond "$rest"
  done <<<"$seen_assignments"
}

# is_other_assignment NAME: is it of another connection of this identity in the same description?
is_other_assignment() {
  [ "$1" != "$(assignment_name 0b90b0b2-a704-52ad-99d8-0b930420ac58 "$principal_id")" ] || return 0
  [ "$1" != "$(assignment_name a43cc3c1-6e09-5a11-8c32-a0c0da174ee6 "$principal_id")" ] || return 0
  return 1
}

# -- The steps, in the order in which they run ---------------------------------------

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

# The managed identity: a PUT, which creates it once and may be repeated.
identity_look() {
  local have_client_id='' have_principal_id='' tenant='' location='' tags='' mark=''
  look identity az rest --method get \
    --url 'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage?api-version=2023-01-31' \
    --query "[properties.clientId, properties.principalId, properties.tenantId,
      location, merge(not_null(tags, \`{}\`), \`{}\`) == not_null(tags, \`{}\`), tags.\"azdo-wif\"]" || return 0
  take have_client_id have_principal_id tenant location tags mark
  expect_id 'tenant of the identity' "$tenant" "$tenant_id" || return 0
  take_identity "$have_client_id" "$have_principal_id" || return 0
  same_id "$location" 'westeurope' || differs "location is $location"
  [ "$tags" = true ] || differs 'tags' yes
  [ "$mark" = faba5c50-888a-50c6-8a62-81768dd54011 ] || note 'it was not made by this description: rollback will not delete it'
  found=same
}

# The organization and the project, as Azure DevOps knows them.
project_look() {
  local have_organization have_project state
  look devops az rest --method get --resource 499b84ac-1321-427f-aa17-267ca6975798 \
    --url 'https://dev.azure.com/contoso/_apis/connectionData?api-version=7.1-preview.1' \
    --headers X-TFS-FedAuthRedirect=Suppress --query '[instanceId]' || return 0
  take have_organization
  is_guid "$have_organization" || die 4 "the service sent an organization id that is none: $have_organization"
  if [ -n "$organization_id" ]; then
    expect_id 'organization id' "$have_organization" "$organization_id" || return 0
  fi
  look devops az rest --method get --resource 499b84ac-1321-427f-aa17-267ca6975798 \
    --url 'https://dev.azure.com/contoso/_apis/projects/Payments?api-version=7.1' \
    --headers X-TFS-FedAuthRedirect=Suppress --query '[id, name, state]' || return 0
  take have_project project_name state
  is_guid "$have_project" || die 4 "the service sent a project id that is none: $have_project"
  check_name "$project_name"
  if [ -n "$project_id" ]; then
    expect_id 'project id' "$have_project" "$project_id" || return 0
  fi
  expect 'project state' "$state" wellFormed || return 0
  organization_id=$(lower "$have_organization") project_id=$(lower "$have_project")
  found=same
}

# The service connection. What Azure DevOps chose as issuer and subject is its output.
connection_look() {
  local count other connection_found='' type='' scheme='' tenant='' client='' description='' state='' references=''
  local have_issuer='' have_subject=''
  local have_environment='' same_environment=''
  local have_scopeLevel='' same_scopeLevel=''
  local have_subscriptionId=''
  local have_subscriptionName='' same_subscriptionName=''
  [ -n "$project_id" ] || return 0
  look devops az rest --method get --resource 499b84ac-1321-427f-aa17-267ca6975798 \
    --url "https://dev.azure.com/contoso/${project_id}/_apis/serviceendpoint/endpoints?endpointNames=payments-stage&includeFailed=true&api-version=7.1" \
    --headers X-TFS-FedAuthRedirect=Suppress --query "[length(value), value[1].id, value[0].id, value[0].type,
      value[0].authorization.scheme, value[0].authorization.parameters.tenantid,
      value[0].authorization.parameters.serviceprincipalid,
      value[0].data.environment, value[0].data.environment == \`\"AzureCloud\"\`,
      value[0].data.scopeLevel, value[0].data.scopeLevel == \`\"Subscription\"\`,
      value[0].data.subscriptionId,
      value[0].data.subscriptionName, value[0].data.subscriptionName == \`\"Contoso Stage\"\`,
      contains([
        \`\"Deploys Payments to stage\"\`,
        \`\"Deploys Payments to stage [azdo-wif:8aace056]\"\`
      ], not_null(value[0].description, '')), value[0].operationStatus.state,
      join(' ', not_null(value[0].serviceEndpointProjectReferences[].projectReference.id, \`[]\`)),
      value[0].authorization.parameters.workloadIdentityFederationIssuer,
      value[0].authorization.parameters.workloadIdentityFederationSubject]" || return 0
  take count other connection_found type scheme tenant client have_environment same_environment have_scopeLevel same_scopeLevel have_subscriptionId have_subscriptionName same_subscriptionName description \
    state references have_issuer have_subject
  [ "$count" != 0 ] || return 0
  if [ "$count" != 1 ]; then
    conflict "two connections of this name ($connection_found and $other): someone else ran too" 'one'
    return 0
  fi
  is_guid "$connection_found" || die 4 "the service sent a connection id that is none: $connection_found"
  if [ -z "$type" ] || [ -z "$have_environment" ]; then
    die 4 "connection $connection_found exists, but you may not read it: ask its administrator for the User role on it"
  fi
  expect type "$(lower "$type")" azurerm || return 0
  expect scheme "$scheme" WorkloadIdentityFederation || return 0
  expect_id tenant "$tenant" "$tenant_id" || return 0
  if [ "$same_environment" != true ]; then
    expect environment "$have_environment" 'AzureCloud' || return 0
  fi
  if [ "$same_scopeLevel" != true ]; then
    expect scopeLevel "$have_scopeLevel" 'Subscription' || return 0
  fi
  expect_id subscriptionId "$have_subscriptionId" '22222222-2222-2222-2222-222222222223' || return 0
  [ "$same_subscriptionName" = true ] || differs "subscriptionName is $have_subscriptionName"
  # the administrator of Azure DevOps may not read the identity: rollback goes by the mark
  [ "$mode" != rollback ] || [ -n "$client_id" ] || client_id=$(lower "$client")
  if [ -z "$client_id" ]; then
    conflict "a connection of this name for client id $client" 'one for the identity of this description, which does not exist yet'
    return 0
  fi
  expect_id 'client id' "$client" "$client_id" || return 0
  [ "$description" = true ] || differs 'the description' yes
  connection_id=$(lower "$connection_found")
  shared_with=" $(lower "$references") "
  [ "$state" != Failed ] || differs "Azure DevOps reports the connection's last operation as failed"
  if [ -z "$have_issuer" ] || [ -z "$have_subject" ]; then
    wait_for 'Azure DevOps to name issuer and subject'
    connection_look
    return 0
  fi
  check_trust "$have_issuer" "$have_subject"
  [ "$found" != conflict ] || return 0
  if [ -n "$subject" ]; then
    expect issuer "$have_issuer" "$issuer" || return 0
    expect subject "$have_subject" "$subject" || return 0
  fi
  issuer=$have_issuer subject=$have_subject
  evidence=" connection_id=$connection_id issuer=$issuer subject=$subject"
  found=same
}

# Projects that the connection is shared with beyond the description.
shares_beyond_look() {
  local project
  found=same
  for project in $shared_with; do
    is_guid "$project" || die 4 "the service sent a project id that is none: $project"
    case $shares_described$project_id in
    *"$project"*) ;;
    *) extra "shared with project $project" ;;
    esac
  done
}

# The pipelines that may use the connection.
pipelines_look() {
  local all='' ids='' pipeline described=' 103 '
  found=part
  [ -n "$connection_id" ] || return 0
  evidence=" connection_id=$connection_id"
  look devops az rest --method get --resource 499b84ac-1321-427f-aa17-267ca6975798 \
    --url "https://dev.azure.com/contoso/${project_id}/_apis/pipelines/pipelinepermissions/endpoint/${connection_id}?api-version=7.1-preview.1" \
    --headers X-TFS-FedAuthRedirect=Suppress --query "[not_null(allPipelines.authorized, \`false\`), join(' ', not_null(pipelines, \`[]\`)[?authorized].to_string(id))]" || return 0
  take all ids
  [ "$all" != true ] || extra 'all pipelines are authorized'
  for pipeline in $ids; do
    [[ $pipeline =~ ^[0-9]+$ ]] || die 4 "the service sent a pipeline id that is none: $pipeline"
    case $described in
    *" $pipeline "*) ;;
    *) extra "pipeline $pipeline is authorized" ;;
    esac
  done
  case " $ids " in
  *' 103 '*) ;;
  *) return 0 ;;
  esac
  found=same
}

# The federated credential: from now on the identity trusts tokens of exactly this issuer, subject and
# audience. Issuer and subject are what Azure DevOps named, byte for byte.
credential_1_look() {
  if [ -z "$client_id" ] || [ -z "$subject" ]; then
    return 0
  fi
  look identity az rest --method get \
    --url 'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage/federatedIdentityCredentials?api-version=2023-01-31' \
    --query "value[].[name, not_null(properties.issuer, ''), not_null(properties.subject, ''), not_null(properties.audiences[0], '')][]" || return 0
  match_credentials 'contoso-Payments-payments-stage-893d475d' "$subject"
}

# Contributor @ /subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments
role_1_look() {
  local count definition
  found=part
  [ -n "$principal_id" ] || return 0
  look identity az rest --method get \
    --url "https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01&\$filter=roleName%20eq%20%27Contributor%27" \
    --query '[length(value), value[0].id]' || {
    conflict 'nothing at the scope' 'a scope and a role that exist'
    return 0
  }
  take count definition
  if [ "$count" != 1 ]; then
    conflict "${count:-0} roles of this name" 'exactly one'
    return 0
  fi
  is_guid "${definition##*/}" || die 4 "the service sent a role definition that is none: $definition"
  role_1_definition=${definition##*/}
  role_1_name=$(assignment_name 220ee17c-4123-57d1-a338-6be5af061faa "$principal_id")
  look identity az rest --method get \
    --url "https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&\$filter=principalId%20eq%20%27${principal_id}%27" \
    --query "value[].[name, not_null(properties.roleDefinitionId, ''), not_null(properties.scope, '')][]" || return 0
  match_assignments '/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments' "$role_1_definition" "$role_1_name"
}

# -- The job ----------------------------------------------------------------------

steps() {
  step 1 'Managed identity id-fleet-stage' 'Managed Identity Contributor on the resource group' identity_look - -
  step 2 'Project Payments of organization contoso' 'Reader in the project' project_look - -
  step 3 'Service connection payments-stage' 'Endpoint Creator in the project, or Endpoint Administrator' connection_look - -
  step 4 'Projects beyond the description' 'Administrator of the service connection, as its creator is' shares_beyond_look - -
  step 5 'Pipelines authorized: 103' 'Administrator of the service connection, as its creator is' pipelines_look - -
  step 6 'Federated credential contoso-Payments-payments-stage-893d475d' 'Managed Identity Federated Identity Credential Contributor on the identity' credential_1_look - -
  step 8 'Role Contributor @ /subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments' 'Role Based Access Control Administrator or User Access Administrator at the scope' role_1_look - -
  step 9 'Roles beyond the description' 'Reader at the scopes' roles_beyond - -
}

summary() {
  say ''
  say 'client id:    '"$client_id"
  say 'principal id: '"$principal_id"
  say 'connection:   '"$connection_id"
  say 'issuer:       '"$issuer"
  say 'subject:      '"$subject"
  say "https://dev.azure.com/contoso/${project_id}/_settings/adminservices?resourceId=${connection_id}"
  say 'https://portal.azure.com/#@11111111-1111-1111-1111-111111111111/resource/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage'
}

main() {
  parse_arguments "$@"
  open_work
  preflight
  steps
  if [ "$mode" = run ]; then
    say ''
    say "$writes write(s). Reading everything back"
    mode=verify drift=0
    steps
    [ "$problems" -eq 0 ] || die 1 "$problems difference(s) after the run: see above"
    summary
    say 'done: everything is as described'
    exit 0
  fi
  problems=$((problems + drift))
  if [ "$problems" -gt 0 ]; then
    die 1 "$problems difference(s) or conflict(s): see above"
  fi
  summary
  say 'everything is as described, and both sides match'
}

main "$@"
