
# The service connection. What Azure DevOps chose as issuer and subject is its output.
{{{id}}}_look() {
  local count other connection_found='' type='' scheme='' tenant='' client='' description='' state=''{{^can.rollback}} references=''{{/can.rollback}}
  local have_issuer='' have_subject=''
{{#data}}
  local have_{{{key}}}=''{{^is_id}} same_{{{key}}}=''{{/is_id}}
{{/data}}
  [ -n "$project_id" ] || return 0
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{look_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query {{#shell}}[length(value), value[1].id, value[0].id, value[0].type,
      value[0].authorization.scheme, value[0].authorization.parameters.tenantid,
      value[0].authorization.parameters.serviceprincipalid,
{{#data}}
      value[0].data.{{key}},{{^is_id}} value[0].data.{{key}} == {{#jmespath}}{{value}}{{/jmespath}},{{/is_id}}
{{/data}}
      contains([
        {{#jmespath}}{{description}}{{/jmespath}},
        {{#jmespath}}{{marked_description}}{{/jmespath}}
      ], not_null(value[0].description, '')), value[0].operationStatus.state,
{{^can.rollback}}
      join(' ', not_null(value[0].serviceEndpointProjectReferences[].projectReference.id, `[]`)),
{{/can.rollback}}
      value[0].authorization.parameters.workloadIdentityFederationIssuer,
      value[0].authorization.parameters.workloadIdentityFederationSubject]{{/shell}} || return 0
  take count other connection_found type scheme tenant client {{#data}}have_{{{key}}}{{^is_id}} same_{{{key}}}{{/is_id}} {{/data}}description \
    state {{^can.rollback}}references {{/can.rollback}}have_issuer have_subject
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
{{#data}}
{{#is_id}}
  expect_id {{{key}}} "$have_{{{key}}}" {{value}} || return 0
{{/is_id}}
{{#is_text}}
  if [ "$same_{{{key}}}" != true ]; then
    expect {{{key}}} "$have_{{{key}}}" {{value}} || return 0
  fi
{{/is_text}}
{{#is_label}}
  [ "$same_{{{key}}}" = true ] || differs "{{{key}}} is $have_{{{key}}}"
{{/is_label}}
{{/data}}
  # the administrator of Azure DevOps may not read the identity: rollback goes by the mark
  [ "$mode" != rollback ] || [ -n "$client_id" ] || client_id=$(lower "$client")
  if [ -z "$client_id" ]; then
    conflict "a connection of this name for client id $client" 'one for the identity of this description, which does not exist yet'
    return 0
  fi
  expect_id 'client id' "$client" "$client_id" || return 0
  [ "$description" = true ] || differs 'the description' yes
  connection_id=$(lower "$connection_found")
{{^can.rollback}}
  shared_with=" $(lower "$references") "
{{/can.rollback}}
  [ "$state" != Failed ] || differs "Azure DevOps reports the connection's last operation as failed"
  if [ -z "$have_issuer" ] || [ -z "$have_subject" ]; then
    wait_for 'Azure DevOps to name issuer and subject'
    {{{id}}}_look
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
{{>bash/write-devops.sh}}
{{#makes}}

# The service wants the whole connection back, with the description changed. One that existed before is
# given no mark: rollback would take it for ours.
{{{id}}}_update() {
  fetch devops az rest --method get --resource {{devops_resource}} \
    --url {{update_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query {{#shell}}merge(@, {
      description: ends_with(not_null(description, ''), {{#jmespath}}{{description_mark}}{{/jmespath}}) && {{#jmespath}}{{marked_description}}{{/jmespath}} || {{#jmespath}}{{description}}{{/jmespath}},
      serviceEndpointProjectReferences: serviceEndpointProjectReferences[].merge(@, {
        description: ends_with(not_null(description, ''), {{#jmespath}}{{description_mark}}{{/jmespath}}) && {{#jmespath}}{{marked_description}}{{/jmespath}} || {{#jmespath}}{{description}}{{/jmespath}}
      })
    }){{/shell}} || return 1
  printf '%s\n' "$reply" | body
  change devops az rest --method put --resource {{devops_resource}} \
    --url {{update_write_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --body "@$work/body.json"
}
{{/makes}}
