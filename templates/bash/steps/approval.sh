
# Approval: someone named must agree before a pipeline uses the connection.
{{{id}}}_look() {
  local count='' required='' alone='' approvers=''
  found=part
  [ -n "$connection_id" ] || return 0
  evidence=" connection_id=$connection_id"
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{look_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query "[length(value[?type.id == '8c6f20a7-a545-4486-9777-f762fafe0d4d']), value[?type.id == '8c6f20a7-a545-4486-9777-f762fafe0d4d'] | [0].settings.minRequiredApprovers, value[?type.id == '8c6f20a7-a545-4486-9777-f762fafe0d4d'] | [0].settings.requesterCannotBeApprover, join(' ', sort(not_null(value[?type.id == '8c6f20a7-a545-4486-9777-f762fafe0d4d'] | [0].settings.approvers[].id, \`[]\`)))]" || return 0
  take count required alone approvers
  [ "$count" != 0 ] || return 0
  expect approvers "$(lower "$approvers")" {{wanted_approvers}} || return 0
  expect 'required approvals' "${required:-0}" {{required_approvals}} || return 0
  expect 'requester cannot approve' "${alone:-false}" true || return 0
  found=same
}
{{>bash/write-devops.sh}}
