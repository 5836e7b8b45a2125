
# Branch control: only runs of these branches use the connection.
{{{id}}}_look() {
  local count='' branches='' same='' protected='' unknown=''
  found=part
  [ -n "$connection_id" ] || return 0
  evidence=" connection_id=$connection_id"
  look devops az rest --method get --resource {{devops_resource}} \
    --url {{look_url}} \
    --headers X-TFS-FedAuthRedirect=Suppress --query {{#shell}}[length(value[?settings.definitionRef.id == '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b']), value[?settings.definitionRef.id == '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b'] | [0].settings.inputs.allowedBranches, (value[?settings.definitionRef.id == '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b'] | [0].settings.inputs.allowedBranches) == {{#jmespath}}{{branches}}{{/jmespath}},
      value[?settings.definitionRef.id == '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b'] | [0].settings.inputs.ensureProtectionOfBranch,
      value[?settings.definitionRef.id == '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b'] | [0].settings.inputs.allowUnknownStatusBranch]{{/shell}} || return 0
  take count branches same protected unknown
  [ "$count" != 0 ] || return 0
  if [ "$same" != true ]; then
    expect 'allowed branches' "$branches" {{branches}} || return 0
  fi
  expect 'only protected branches' "$protected" true || return 0
  expect 'branches of unknown protection' "$unknown" false || return 0
  found=same
}
{{>bash/write-devops.sh}}
