{{#steps}}
{{>bash/find.sh}}
{{#kind.principal}}
{{>bash/steps/principal.sh}}
{{/kind.principal}}
{{/steps}}

# -- What is removed, in the order that the services accept -------------------------
{{#steps}}
{{#kind.credential}}

# Only when name, issuer and subject are those of this connection.
undo_{{{id}}}_look() {
  local name have_issuer have_subject id
{{#managed}}
  look identity az rest --method get \
    --url {{look_url}} \
    --query "value[].[name, not_null(properties.issuer, ''), not_null(properties.subject, ''), name][]" || return 0
{{/managed}}
{{^managed}}
  [ -n "$application_id" ] || return 0
  look identity az rest --method get \
    --url {{look_url}} \
    --query "value[].[name, not_null(issuer, ''), not_null(subject, ''), id][]" || return 0
{{/managed}}
  while IFS= read -r name && [ -n "$name" ]; do
    IFS= read -r have_issuer || true
    IFS= read -r have_subject || true
    IFS= read -r id || true
    same_id "$name" {{credential_name}} || continue
    found=same credential_id=$id
    if [ -z "${{{subject_variable}}}" ]; then
      keep 'issuer and subject of the connection are not known: --handover FILE names them'
    elif [ "$have_issuer" != "$issuer" ] || [ "$have_subject" != "${{{subject_variable}}}" ]; then
      keep "it is for issuer $have_issuer, subject $have_subject"
    elif ! [[ $credential_id =~ ^[A-Za-z0-9_-]+$ ]]; then
      die 4 "the service sent a credential id that is none: $credential_id"
    fi
  done <<<"$reply"
}

undo_{{{id}}}_drop() {
  drop identity az rest --method delete \
    --url {{undo_url}}
}
{{/kind.credential}}
{{#kind.role}}

# Only when the assignment has the name that this description gives it.
undo_{{{id}}}_look() {
  local principal
  [ -n "$principal_id" ] || return 0
  {{{id}}}_name=$(assignment_name {{seed}} "$principal_id")
  look identity az rest --method get \
    --url {{undo_url}} \
    --query '[properties.principalId]' || return 0
  take principal
  found=same
  same_id "$principal" "$principal_id" || keep "it is for principal $principal"
{{#needed_by}}
  keep {{#shell}}connection {{needed_by}} of this description has it, too{{/shell}}
{{/needed_by}}
}

undo_{{{id}}}_drop() {
  drop identity az rest --method delete \
    --url {{undo_url}}
}
{{/kind.role}}
{{#kind.connection}}

# Only when its description ends in the mark; authorizations and checks go with it.
undo_{{{id}}}_look() {
  local marked
  [ -n "$connection_id" ] || return 0
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{update_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query {{#shell}}[ends_with(not_null(description, ''), {{#jmespath}}{{description_mark}}{{/jmespath}}), join(',', not_null(serviceEndpointProjectReferences[].projectReference.id, `[]`))]{{/shell}} || return 0
  take marked project_ids
  [[ $project_ids =~ ^[0-9A-Fa-f,-]+$ ]] || die 4 "the service sent project ids that are none: $project_ids"
  found=same
  [ "$marked" = true ] || keep 'it existed before: its description does not end in the mark of this description'
}

undo_{{{id}}}_drop() {
  drop devops az rest --method delete --resource {{devops_resource}} \
    --url {{undo_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress
}

connection_name={{connection.name}}
{{/kind.connection}}
{{#kind.managed_identity}}
{{#creates}}

# Only when it carries the tag of this description, and nothing else uses it.
undo_identity_look() {
  local tag
  look identity az rest --method get \
    --url {{look_url}} \
    --query '[tags."azdo-wif"]' || return 0
  take tag
  found=same
  [ "$tag" = {{mark}} ] || keep 'it existed before: it does not carry the tag of this description'
  keep_used_identity
}
{{/creates}}
{{/kind.managed_identity}}
{{#kind.application}}
{{#creates}}

# Only when it carries the mark of this description, and nothing else uses it.
undo_identity_look() {
  local mark
  look identity az rest --method get \
    --url {{look_url}} \
    --query "[contains(not_null(tags, \`[]\`), '{{mark}}')]" || return 0
  take mark
  found=same
  [ "$mark" = true ] || keep 'it existed before: it does not carry the mark of this description'
  keep_used_identity
}
{{/creates}}
{{/kind.application}}
{{/steps}}
{{^identity.existing}}

keep_used_identity() {
  local other
  look identity az rest --method get \
    --url {{identity.credentials_url}} \
    --query 'value[].name' || reply=''
  take other
  [ -z "$other" ] || keep "federated credential $other is still on it"
  [ -n "$principal_id" ] || return 0
  keep_assigned_identity
}

# Every subscription that this sign-in reaches, and the described scopes beyond them.
keep_assigned_identity() {
  local subscriptions subscription other
  call identity az account list --query {{#shell}}[?tenantId=='{{tenant_id}}'].id{{/shell}} --output json ||
    refuse 'the subscriptions could not be listed'
  scalars
  subscriptions=$reply
  while IFS= read -r subscription && [ -n "$subscription" ]; do
    is_guid "$subscription" || die 4 "az sent a subscription id that is none: $subscription"
    say "   looking for role assignments in subscription $subscription"
    look identity az rest --method get \
      --url {{#shell}}{{resource_manager}}{{/shell}}"subscriptions/$subscription/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&\$filter=principalId%20eq%20%27$principal_id%27" \
      --query 'value[].id' || reply=''
    take other
    [ -z "$other" ] || keep "it still has role assignment $other"
  done <<<"$subscriptions"
{{#role_scopes}}
  look identity az rest --method get \
    --url {{url}} \
    --query 'value[].id' || reply=''
  take other
  [ -z "$other" ] || keep "it still has role assignment $other"
{{/role_scopes}}
}

undo_identity_drop() {
  drop identity az rest --method delete \
    --url {{identity.undo_url}}
}
{{/identity.existing}}

# -- The job ----------------------------------------------------------------------

gather_all() {
{{#steps}}
{{#kind.managed_identity}}
  ! wants_identity_side || {{#parts.principal}}wants_principal || {{/parts.principal}}gather {{title}} {{{id}}}_look
{{/kind.managed_identity}}
{{#kind.application}}
  ! wants_identity_side || gather {{title}} {{{id}}}_look
{{/kind.application}}
{{#kind.service_principal}}
  ! wants_identity_side || gather {{title}} {{{id}}}_look
{{/kind.service_principal}}
{{#kind.principal}}
  ! wants_principal || gather {{title}} {{{id}}}_look
{{/kind.principal}}
{{#kind.project}}
  ! wants_devops_side || gather {{title}} {{{id}}}_look
{{/kind.project}}
{{#kind.connection}}
  ! wants_devops_side || gather {{title}} {{{id}}}_look
{{/kind.connection}}
{{#kind.share}}
  ! wants_devops_side || gather {{title}} {{{id}}}_look
{{/kind.share}}
{{/steps}}
}

wants_identity_side() {
  [ "$part" != connection ]
}
{{#parts.principal}}

# Whoever assigns roles may not read the identity itself: the directory knows it by its client id.
wants_principal() {
  [ "$part" = roles ] && [ -n "$client_id" ]
}
{{/parts.principal}}

# The credential of a connection is told by the connection's issuer and subject.
wants_devops_side() {
  wants connection || { wants federation && [ -z "$handover_file" ]; }
}

undo_all() {
{{#steps}}
{{#kind.credential}}
  ! wants federation || undo {{title}} {{rights}} undo_{{{id}}}_look undo_{{{id}}}_drop
{{/kind.credential}}
{{/steps}}
{{#steps}}
{{#kind.connection}}
  ! wants connection || undo {{title}} {{rights}} undo_{{{id}}}_look undo_{{{id}}}_drop
{{/kind.connection}}
{{/steps}}
{{#steps}}
{{#kind.role}}
  ! wants roles || undo {{title}} {{rights}} undo_{{{id}}}_look undo_{{{id}}}_drop
{{/kind.role}}
{{/steps}}
{{#identity.existing}}
  [ "$delete_identity" = no ] || say {{#shell}}The {{identity.summary}} stays: it existed before.{{/shell}}
{{/identity.existing}}
{{^identity.existing}}
  if wants identity && [ "$delete_identity" = yes ]; then
    undo {{#shell}}The {{identity.summary}}{{/shell}} 'those by which it was made, and Reader on each subscription and scope that is looked at' undo_identity_look undo_identity_drop
  else
    say {{#shell}}The {{identity.summary}} stays: --delete-identity was not given.{{/shell}}
  fi
{{/identity.existing}}
}

# removes PART: will this run look for something to delete there?
removes() {
  wants "$1" || return 1
  [ "$1" != identity ] || [ "$delete_identity" = yes ]
}
{{#parts.identity}}

removes_one_of() {
  local one
  for one; do
    ! removes "$one" || return 0
  done
  return 1
}
{{/parts.identity}}

ask() {
  [ "$mode" != dry-run ] || return 0
  if wants connection && [ -n "$connection_id" ]; then
    [ "$confirmed" = "$connection_name" ] || confirm {{script.question}} "$connection_name"
  elif [ "$assume_yes" = no ]; then
    confirm {{script.question}} yes
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
{{$closing}}
    say "done: $writes deletion(s)"
{{/closing}}
  fi
}

main "$@"
