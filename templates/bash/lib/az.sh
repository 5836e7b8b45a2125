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
{{^identity.managed}}
  *"Resource '${application_id:-none}' does not exist"*) return 0 ;;
{{/identity.managed}}
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
