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
{{#custom_cloud}}
  # a cloud of one's own has the name it was registered with: its address tells
  if [ "$3" = AzureStack ] && call "$1" az cloud show --query endpoints.resourceManager --output tsv &&
    [ "${reply%/}/" = {{resource_manager}} ]; then
    cloud=AzureStack
  fi
{{/custom_cloud}}
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
{{#uses_identity_side}}
  if {{#can.rollback}}wants_identity_side && {{/can.rollback}}check_sign_in identity "$tenant_id" "$cloud" {{login_identity}}; then
{{#subscriptions}}
    {{#can.rollback}}! removes_one_of{{#needed_by_parts}} {{{part}}}{{/needed_by_parts}} || {{/can.rollback}}check_subscription {{{id}}} {{login_identity}}
{{/subscriptions}}
{{#rights_checks}}
    {{#can.rollback}}! removes {{{part}}}{{/can.rollback}}{{^can.rollback}}[ "$mode" = verify ]{{/can.rollback}} || check_right {{role}} \
      {{url}}{{#actions}} {{name}}{{/actions}}
{{/rights_checks}}
    say 'not checked: rights in the directory; the service says so when one is missing'
  fi
{{/uses_identity_side}}
{{#uses_devops_side}}
{{#can.rollback}}
  ! wants_devops_side || check_sign_in devops "$devops_tenant_id" AzureCloud {{login_devops}} || true
{{/can.rollback}}
{{^can.rollback}}
  check_sign_in devops "$devops_tenant_id" AzureCloud {{login_devops}} || true
{{/can.rollback}}
{{/uses_devops_side}}
{{#can.record}}
  if [ -n "$record_file" ] && ! (: >>"$record_file"); then
    problem "the record $record_file cannot be written"
  fi
{{/can.record}}
{{#writes_handover}}
  if [ "$mode" = run ] && [ ! -w "$(dirname -- "$handover_file")" ]; then
    problem "the hand-over file $handover_file cannot be written there: --handover FILE names another place"
  fi
{{/writes_handover}}
{{$preflight}}
{{/preflight}}
  [ "$problems" -eq 0 ] || die 3 "the preflight found $problems problem(s); nothing was written"
}
