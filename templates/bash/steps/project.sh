
# The organization and the project, as Azure DevOps knows them.
{{{id}}}_look() {
  local have_organization have_project state
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{organization_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query '[instanceId]' || return 0
  take have_organization
  is_guid "$have_organization" || die 4 "the service sent an organization id that is none: $have_organization"
  if [ -n "$organization_id" ]; then
    expect_id 'organization id' "$have_organization" "$organization_id" || return 0
  fi
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{look_url}} \
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
