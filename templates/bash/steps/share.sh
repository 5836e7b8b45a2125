
# The connection in one more project{{#own_subject}}, which gives it a subject of its own{{/own_subject}}.
{{{id}}}_look() {
  local have_project state references{{#own_subject}} have_issuer have_subject{{/own_subject}}
  found=part
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{project_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query '[id, name, state]' || {
    conflict 'no project of this name that you may see' 'one to share with'
    return 0
  }
  take have_project {{{id}}}_project_name state
  is_guid "$have_project" || die 4 "the service sent a project id that is none: $have_project"
  check_name "${{{id}}}_project_name"
  {{{id}}}_project_id=$(lower "$have_project")
{{^can.rollback}}
  shares_described="$shares_described${{{id}}}_project_id "
{{/can.rollback}}
  [ -n "$connection_id" ] || return 0
  evidence=" connection_id=$connection_id"
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{look_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query "[join(' ', not_null(serviceEndpointProjectReferences[].projectReference.id, \`[]\`))]" || return 0
  take references
  shared_with=" $(lower "$references") "
  case $shared_with in
  *" ${{{id}}}_project_id "*) ;;
  *) return 0 ;;
  esac
{{#own_subject}}
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{subject_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query '[authorization.parameters.workloadIdentityFederationIssuer, authorization.parameters.workloadIdentityFederationSubject]' || return 0
  take have_issuer have_subject
  check_trust "$have_issuer" "$have_subject"
  expect issuer "$have_issuer" "$issuer" || return 0
  {{{subject_variable}}}=$have_subject
{{/own_subject}}
  found=same
}
{{>bash/write-devops.sh}}
