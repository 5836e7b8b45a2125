#!/usr/bin/env bash
# Removes what this description made, in the order that the services accept
#
# Connection:   payments-stage in project Payments of https://dev.azure.com/contoso
# Identity:     new managed identity id-fleet-stage in resource group rg-identities
# Run by:       those who ran the other scripts, each with --part
# Arguments:    --help lists them; --dry-run reads only and says what would be done
# Exit status:  0 done and both sides match, 1 conflict or difference, 2 usage, 3 preflight, 4 remote,
#               130 interrupted
#
# Every step looks first, creates what is missing, accepts what matches and stops at what conflicts, so
# this script may be run again at any time. It never signs in or changes the az profile.
#
# azdo-wif 0.1.0, templates built-in, ini sha256:8e25806a335d048aee24d8a8565c5d070d111ec8f070f51de444cd141962d8fd, body sha256:057a321a7a87fd92310fa7419dc513f59cc88c049e09252897483059251aa458

# Names may hold typographic quotes, which shellcheck takes for mistyped ones.
# shellcheck disable=SC1111,SC1112
set -efuo pipefail
export LC_ALL=C MSYS_NO_PATHCONV=1

# -- What the description says --------------------------------------------------

connection_key='payments-stage'
ini_sha256=8e25806a335d048aee24d8a8565c5d070d111ec8f070f51de444cd141962d8fd
cloud=AzureCloud
tenant_id=11111111-1111-1111-1111-111111111111
organization='contoso'
expected_issuer=entra
devops_tenant_id=11111111-1111-1111-1111-111111111111

# -- What this run knows --------------------------------------------------------

# What this script calls itself, its folder for bodies and replies, and the hand-over file.
script=${0##*/}
work_name=azdo-wif
# Profiles of az: AZURE_CONFIG_DIR for the identity's tenant, AZDO_WIF_DEVOPS_CONFIG_DIR for the
# organization's when that is another tenant or cloud.
identity_profile=${AZURE_CONFIG_DIR:-${HOME:-}/.azure}
devops_profile=${AZDO_WIF_DEVOPS_CONFIG_DIR:-$identity_profile}
# run; dry-run reads only; verify reads only, and what is missing is a problem
mode=rollback
# arguments
assume_yes=no
handover_file=''
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
application_id=''
project_name=''
role_1_name=''
part=all delete_identity=no confirmed=''
credential_id='' project_ids='' left=''

# -- Arguments --------------------------------------------------------------------

usage() {
  say "usage: $script [OPTION...]"
  say 'Removes what this description made, in the order that the services accept'
  say ''
  say '  --dry-run          read only, and say what would be done'
  say '  --yes              do not ask before the first write'
  say '  --record FILE      append change evidence: who, when, each write with its ids'
  say '  --handover FILE    the hand-over file; default ./<connection>.handover'
  say '  --part PART        only federation, connection, roles or identity: what you have the rights for'
  say "  --confirm NAME     the connection's name, instead of typing it"
  say '  --delete-identity  also delete the identity, if it was made here and nothing else uses it'
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
    --dry-run) mode=dry-run ;;
    --yes) assume_yes=yes ;;
    --record)
      needs_value "$1" "${2:-}"
      record_file=$2
      shift
      ;;
    --handover)
      needs_value "$1" "${2:-}"
      handover_file=$2
      shift
      ;;
    --part)
      case ${2:-} in
      federation | connection | roles | identity) part=$2 ;;
      *) die 2 '--part is federation, connection, roles or identity' ;;
      esac
      shift
      ;;
    --delete-identity) delete_identity=yes ;;
    --confirm)
      needs_value "$1" "${2:-}"
      confirmed=$2
      shift
      ;;
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
  if wants_identity_side && check_sign_in identity "$tenant_id" "$cloud" 'az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions'; then
    ! removes_one_of federation identity roles || check_subscription 22222222-2222-2222-2222-222222222223 'az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions'
    ! removes identity || check_right 'Managed Identity Contributor' \
      'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.Authorization/permissions?api-version=2022-04-01' 'Microsoft.ManagedIdentity/userAssignedIdentities/delete'
    ! removes federation || check_right 'Managed Identity Federated Identity Credential Contributor' \
      'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage/providers/Microsoft.Authorization/permissions?api-version=2022-04-01' 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete'
    ! removes roles || check_right 'Role Based Access Control Administrator' \
      'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments/providers/Microsoft.Authorization/permissions?api-version=2022-04-01' 'Microsoft.Authorization/roleAssignments/delete'
    say 'not checked: rights in the directory; the service says so when one is missing'
  fi
  ! wants_devops_side || check_sign_in devops "$devops_tenant_id" AzureCloud 'az login --tenant 11111111-1111-1111-1111-111111111111 --allow-no-subscriptions' || true
  if [ -n "$record_file" ] && ! (: >>"$record_file"); then
    problem "the record $record_file cannot be written"
  fi
  [ "$problems" -eq 0 ] || die 3 "the preflight found $problems problem(s); nothing was written"
}

# -- Hand-over between the numbered scripts --------------------------------------

# A claim by whoever ran the script before, not a truth: every value is checked before it is used.
# read_handover: keys are fixed, each once, at most 4096 bytes.
read_handover() {
  local key value seen=' ' size
  [ -f "$handover_file" ] || die 3 "no hand-over file $handover_file: it comes from the script before this one; --handover FILE names it"
  size=$(wc -c <"$handover_file")
  [ "$size" -le 4096 ] || die 3 "$handover_file: larger than 4096 bytes"
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
  client_id) ! claim_id "$1" "$2" "$client_id" || client_id=$(lower "$2") ;;
  principal_id) ! claim_id "$1" "$2" "$principal_id" || principal_id=$(lower "$2") ;;
  application_id) ! claim_id "$1" "$2" "$application_id" || application_id=$(lower "$2") ;;
  organization_id) ! claim_id "$1" "$2" "$organization_id" || organization_id=$(lower "$2") ;;
  project_id) ! claim_id "$1" "$2" "$project_id" || project_id=$(lower "$2") ;;
  connection_id) ! claim_id "$1" "$2" "$connection_id" || connection_id=$(lower "$2") ;;
  issuer) [ -z "$2" ] || issuer=$2 ;;
  subject) [ -z "$2" ] || subject=$2 ;;
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
  say "  client_id $client_id"
  say "  principal_id $principal_id"
  say "  application_id $application_id"
  say "  organization_id $organization_id"
  say "  project_id $project_id"
  say "  connection_id $connection_id"
  say "  issuer $issuer"
  say "  subject $subject"
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

# check_claims: a hand-over may not bring the subject of another project or connection. (Subjects of the
# Entra issuer hold ids only.)
check_claims() {
  [ "$expected_issuer" = azure-devops ] || return 0
  check_names "$subject" 'Payments'
}

# check_names SUBJECT PROJECT: a project that the description calls by its id is not compared.
check_names() {
  local names=${1#sc://*/}
  names=${names//%20/ }
  is_guid "$2" || same_id "${names%%/*}" "$2" || die 3 "the subject is of another project: $1"
  same_id "${names#*/}" 'payments-stage' || die 3 "the subject is of another connection: $1"
}

# -- Taking back: only what this description made -----------------------------------

# keep WHY: what is there stays. Every reason is said.
keep() {
  left="$left${left:+; }$1"
}

# gather TITLE LOOK: what is there, before anything is removed.
gather() {
  title=$1 rights='Reader, for looking'
  say "$title"
  patience
  examine "$2"
  case $found in
  nothing) outcome 'not there' ;;
  conflict) ;;
  *) outcome 'there' ;;
  esac
}

# drop SIDE az rest --method delete ...: what is gone already is fine. Returns 1 to be tried again.
drop() {
  side=$1
  shift
  wrote=$(shown "$@")
  say "   \$$wrote"
  if call "$side" "$@" --output none; then
    expect_silence
    writes=$((writes + 1))
    return 0
  fi
  [ "$reason" != 'Not Found' ] || return 0
  is_passing || refuse 'the deletion was refused'
  return 1
}

# undo TITLE RIGHTS LOOK DROP: the look sets $found, and $left when what is there must stay.
undo() {
  title=$1 rights=$2
  say "$title"
  patience
  left=''
  examine "$3"
  if [ "$found" = nothing ]; then
    outcome 'gone'
  elif [ -n "$left" ]; then
    outcome "left: $left"
  elif [ "$mode" = dry-run ]; then
    outcome 'would delete'
  else
    drop_until_gone "$3" "$4"
    outcome deleted
    record deleted
  fi
}

drop_until_gone() {
  local accepted=no
  while :; do
    if [ "$accepted" = no ] && "$2"; then
      accepted=yes
    else
      wait_for 'the service to remove it'
    fi
    examine "$1"
    if [ "$found" = nothing ]; then
      return 0
    fi
  done
}

# wants PART: is it among what --part asks for?
wants() {
  [ "$part" = all ] || [ "$part" = "$1" ]
}

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

# -- What is looked at before anything is removed -----------------------------------

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
  local count other connection_found='' type='' scheme='' tenant='' client='' description='' state=''
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
      value[0].authorization.parameters.workloadIdentityFederationIssuer,
      value[0].authorization.parameters.workloadIdentityFederationSubject]" || return 0
  take count other connection_found type scheme tenant client have_environment same_environment have_scopeLevel same_scopeLevel have_subscriptionId have_subscriptionName same_subscriptionName description \
    state have_issuer have_subject
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

# The principal that the roles are for, resolved anew: the hand-over is only a claim.
principal_look() {
  local have_client_id='' have_principal_id='' names=''
  [ -n "$client_id" ] || return 0
  look identity az rest --method get \
    --url "https://graph.microsoft.com/v1.0/servicePrincipals(appId='${client_id}')?\$select=id,appId,alternativeNames" \
    --query "[appId, id, join(' ', not_null(alternativeNames, \`[]\`))]" || return 0
  take have_client_id have_principal_id names
  case " $(lower "$names") " in
  *" $(lower '/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage') "*) ;;
  *)
    conflict "client id $client_id of another identity ($names)" 'that of /subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage'
    return 0
    ;;
  esac
  take_identity "$have_client_id" "$have_principal_id" || return 0
  found=same
}

# -- What is removed, in the order that the services accept -------------------------

# Only when it carries the tag of this description, and nothing else uses it.
undo_identity_look() {
  local tag
  look identity az rest --method get \
    --url 'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage?api-version=2023-01-31' \
    --query '[tags."azdo-wif"]' || return 0
  take tag
  found=same
  [ "$tag" = faba5c50-888a-50c6-8a62-81768dd54011 ] || keep 'it existed before: it does not carry the tag of this description'
  keep_used_identity
}

# Only when its description ends in the mark; authorizations and checks go with it.
undo_connection_look() {
  local marked
  [ -n "$connection_id" ] || return 0
  look devops az rest --method get --resource 499b84ac-1321-427f-aa17-267ca6975798 \
    --url "https://dev.azure.com/contoso/${project_id}/_apis/serviceendpoint/endpoints/${connection_id}?api-version=7.1" \
    --headers X-TFS-FedAuthRedirect=Suppress --query "[ends_with(not_null(description, ''), \`\"[azdo-wif:8aace056]\"\`), join(',', not_null(serviceEndpointProjectReferences[].projectReference.id, \`[]\`))]" || return 0
  take marked project_ids
  [[ $project_ids =~ ^[0-9A-Fa-f,-]+$ ]] || die 4 "the service sent project ids that are none: $project_ids"
  found=same
  [ "$marked" = true ] || keep 'it existed before: its description does not end in the mark of this description'
}

undo_connection_drop() {
  drop devops az rest --method delete --resource 499b84ac-1321-427f-aa17-267ca6975798 \
    --url "https://dev.azure.com/contoso/_apis/serviceendpoint/endpoints/${connection_id}?projectIds=${project_ids}&deep=false&api-version=7.1" \
    --headers X-TFS-FedAuthRedirect=Suppress
}

connection_name='payments-stage'

# Only when name, issuer and subject are those of this connection.
undo_credential_1_look() {
  local name have_issuer have_subject id
  look identity az rest --method get \
    --url 'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage/federatedIdentityCredentials?api-version=2023-01-31' \
    --query "value[].[name, not_null(properties.issuer, ''), not_null(properties.subject, ''), name][]" || return 0
  while IFS= read -r name && [ -n "$name" ]; do
    IFS= read -r have_issuer || true
    IFS= read -r have_subject || true
    IFS= read -r id || true
    same_id "$name" 'contoso-Payments-payments-stage-893d475d' || continue
    found=same credential_id=$id
    if [ -z "$subject" ]; then
      keep 'issuer and subject of the connection are not known: --handover FILE names them'
    elif [ "$have_issuer" != "$issuer" ] || [ "$have_subject" != "$subject" ]; then
      keep "it is for issuer $have_issuer, subject $have_subject"
    elif ! [[ $credential_id =~ ^[A-Za-z0-9_-]+$ ]]; then
      die 4 "the service sent a credential id that is none: $credential_id"
    fi
  done <<<"$reply"
}

undo_credential_1_drop() {
  drop identity az rest --method delete \
    --url 'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage/federatedIdentityCredentials/contoso-Payments-payments-stage-893d475d?api-version=2023-01-31'
}

# Only when the assignment has the name that this description gives it.
undo_role_1_look() {
  local principal
  [ -n "$principal_id" ] || return 0
  role_1_name=$(assignment_name 220ee17c-4123-57d1-a338-6be5af061faa "$principal_id")
  look identity az rest --method get \
    --url "https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments/providers/Microsoft.Authorization/roleAssignments/${role_1_name}?api-version=2022-04-01" \
    --query '[properties.principalId]' || return 0
  take principal
  found=same
  same_id "$principal" "$principal_id" || keep "it is for principal $principal"
}

undo_role_1_drop() {
  drop identity az rest --method delete \
    --url "https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments/providers/Microsoft.Authorization/roleAssignments/${role_1_name}?api-version=2022-04-01"
}

keep_used_identity() {
  local other
  look identity az rest --method get \
    --url 'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage/federatedIdentityCredentials?api-version=2023-01-31' \
    --query 'value[].name' || reply=''
  take other
  [ -z "$other" ] || keep "federated credential $other is still on it"
  [ -n "$principal_id" ] || return 0
  keep_assigned_identity
}

# Every subscription that this sign-in reaches, and the described scopes beyond them.
keep_assigned_identity() {
  local subscriptions subscription other
  call identity az account list --query "[?tenantId=='11111111-1111-1111-1111-111111111111'].id" --output json ||
    refuse 'the subscriptions could not be listed'
  scalars
  subscriptions=$reply
  while IFS= read -r subscription && [ -n "$subscription" ]; do
    is_guid "$subscription" || die 4 "az sent a subscription id that is none: $subscription"
    say "   looking for role assignments in subscription $subscription"
    look identity az rest --method get \
      --url 'https://management.azure.com/'"subscriptions/$subscription/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&\$filter=principalId%20eq%20%27$principal_id%27" \
      --query 'value[].id' || reply=''
    take other
    [ -z "$other" ] || keep "it still has role assignment $other"
  done <<<"$subscriptions"
  look identity az rest --method get \
    --url "https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&\$filter=principalId%20eq%20%27${principal_id}%27" \
    --query 'value[].id' || reply=''
  take other
  [ -z "$other" ] || keep "it still has role assignment $other"
  look identity az rest --method get \
    --url "https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&\$filter=principalId%20eq%20%27${principal_id}%27" \
    --query 'value[].id' || reply=''
  take other
  [ -z "$other" ] || keep "it still has role assignment $other"
}

undo_identity_drop() {
  drop identity az rest --method delete \
    --url 'https://management.azure.com/subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fleet-stage?api-version=2023-01-31'
}

# -- The job ----------------------------------------------------------------------

gather_all() {
  ! wants_identity_side || wants_principal || gather 'Managed identity id-fleet-stage' identity_look
  ! wants_devops_side || gather 'Project Payments of organization contoso' project_look
  ! wants_devops_side || gather 'Service connection payments-stage' connection_look
  ! wants_principal || gather 'Principal that the roles are for' principal_look
}

wants_identity_side() {
  [ "$part" != connection ]
}

# Whoever assigns roles may not read the identity itself: the directory knows it by its client id.
wants_principal() {
  [ "$part" = roles ] && [ -n "$client_id" ]
}

# The credential of a connection is told by the connection's issuer and subject.
wants_devops_side() {
  wants connection || { wants federation && [ -z "$handover_file" ]; }
}

undo_all() {
  ! wants federation || undo 'Federated credential contoso-Payments-payments-stage-893d475d' 'Managed Identity Federated Identity Credential Contributor on the identity' undo_credential_1_look undo_credential_1_drop
  ! wants connection || undo 'Service connection payments-stage' 'Endpoint Creator in the project, or Endpoint Administrator' undo_connection_look undo_connection_drop
  ! wants roles || undo 'Role Contributor @ /subscriptions/22222222-2222-2222-2222-222222222223/resourceGroups/rg-payments' 'Role Based Access Control Administrator or User Access Administrator at the scope' undo_role_1_look undo_role_1_drop
  if wants identity && [ "$delete_identity" = yes ]; then
    undo 'The new managed identity id-fleet-stage in resource group rg-identities' 'those by which it was made, and Reader on each subscription and scope that is looked at' undo_identity_look undo_identity_drop
  else
    say 'The new managed identity id-fleet-stage in resource group rg-identities stays: --delete-identity was not given.'
  fi
}

# removes PART: will this run look for something to delete there?
removes() {
  wants "$1" || return 1
  [ "$1" != identity ] || [ "$delete_identity" = yes ]
}

removes_one_of() {
  local one
  for one; do
    ! removes "$one" || return 0
  done
  return 1
}

ask() {
  [ "$mode" != dry-run ] || return 0
  if wants connection && [ -n "$connection_id" ]; then
    [ "$confirmed" = "$connection_name" ] || confirm 'This removes what was made for payments-stage, project Payments, organization contoso.' "$connection_name"
  elif [ "$assume_yes" = no ]; then
    confirm 'This removes what was made for payments-stage, project Payments, organization contoso.' yes
  fi
}

main() {
  local asked
  parse_arguments "$@"
  open_work
  preflight
  if [ -n "$handover_file" ]; then
    read_handover
    if [ -n "$subject" ]; then
      check_trust "$issuer" "$subject"
      check_claims
    fi
    show_handover
  fi
  asked=$mode
  mode=rollback
  gather_all
  mode=$asked
  [ "$problems" -eq 0 ] || die 1 'stopped at the conflict; nothing was removed'
  ask
  undo_all
  say ''
  if [ "$mode" = dry-run ]; then
    say 'dry run: nothing was removed'
  else
    say "done: $writes deletion(s)"
  fi
}

main "$@"
